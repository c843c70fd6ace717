"""Which characters a text of the register may hold. Pure.

Asked of every row that a person writes (audit.rows.checked.Typed) and of every cell of a file: what
cannot be seen makes two names that look alike, or turns the text around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from django.utils.translation import gettext as _

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NEVER = (
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # turn the direction of what follows
    "\u2060-\u2064\ufeff\ufff9-\ufffb\ufffd\ufffe\uffff"  # join, annotate, or stand for what broke
    "\ud800-\udfff"  # halves of a character
)
JOINS = "\u00ad\u200b\u200c\u200d"  # in a longer text they show where words may break
_SOFT = re.compile("[\u00ad\u200b]")
_BLANKS = "\u00a0\u2000-\u200a\u202f\u205f\u3000"  # look like a blank, and are none
_BLANK = re.compile(f"[{_BLANKS}]")
_ODD = re.compile(f"[{_BLANKS}{JOINS}]")
_IN_TEXT = re.compile(f"[{_NEVER}]")
UNSEEN = re.compile(f"[{_NEVER}{JOINS}]")
BEFORE = 20  # characters that say where it stands
STACKED = 30  # marks on one letter: no script needs more (Unicode Standard Annex 15, stream-safe)


def fit(text: str, *, lines: bool) -> str:
    """The text composed (NFC), with one kind of line break, or none where it is one line.

    In one line a blank of another kind is a blank, and what only shows where a word may break is
    left out. Raises ValueError with a sentence that names the first character that no text has.
    """
    if _is_stacked(text):
        raise ValueError(
            _("More than %s marks stand on one letter. Type the text again.") % STACKED
        )
    text = _BREAKS.sub("\n", unicodedata.normalize("NFC", text))
    if not lines:
        text = _in_one_line(text)
    unfit = (_IN_TEXT if lines else UNSEEN).search(text)
    if not unfit:
        return text
    code, before = f"U+{ord(unfit[0]):04X}", text[: unfit.start()][-BEFORE:].strip()
    name = unicodedata.name(unfit[0], _("control character")).lower()
    named = {"code": code, "name": name, "before": before}
    if before:
        raise ValueError(
            _(
                "After “%(before)s” stands a character that cannot be seen, %(code)s (%(name)s). "
                "Delete it, or type the text again."
            )
            % named
        )
    raise ValueError(
        _(
            "The text begins with a character that cannot be seen, %(code)s (%(name)s). "
            "Delete it, or type the text again."
        )
        % named
    )


def differences(text: str, other: str) -> str:
    """The characters that cannot be seen, or told from a blank, in which two texts that look alike
    differ, by name; "" where the texts look different."""
    if text == other or _seen(text) != _seen(other):
        return ""
    unlike = Counter(_ODD.findall(text))
    unlike.subtract(_ODD.findall(other))
    return ", ".join(
        f"U+{ord(odd):04X} ({unicodedata.name(odd, _('control character')).lower()})"
        for odd, count in sorted(unlike.items())
        if count
    )


def _seen(text: str) -> str:
    return " ".join(_ODD.sub(_blank_of, text).split())


def _blank_of(odd: re.Match[str]) -> str:
    return " " if _BLANK.match(odd[0]) else ""


def _is_stacked(text: str) -> bool:
    """Asked before anything is composed: the time for that grows with the square of the marks."""
    marks = 0
    for character in "" if text.isascii() else text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > STACKED:
            return True
    return False


def _in_one_line(text: str) -> str:
    """A blank for each break and the blanks around it."""
    text = _SOFT.sub("", _BLANK.sub(" ", text))
    first, *rest = text.split("\n")
    if not rest:
        return text
    between = filter(None, (part.strip() for part in rest[:-1]))
    return " ".join([first.rstrip(), *between, rest[-1].lstrip()])
