"""One person, in whatever case, Unicode form and with whatever blanks a name is typed.

Constraints and look-ups fold in the database, by one expression. It has its own table of letters,
as exchange/tables/folding.py has: lower() goes by the locale of the server.
"""

from __future__ import annotations

import unicodedata

from django.db.models import F, Func, TextField, Value

# Latin, Greek, Cyrillic, Armenian and Georgian letters; the last two ranges are rarer forms.
_SCRIPTS = (range(0x41, 0x5B), range(0xC0, 0x588), range(0x1C90, 0x1CC0), range(0x1E00, 0x2000))
# Not to be seen: blanks that NFKC leaves, soft hyphen, what joins, directs or marks a text.
_UNSEEN = "".join(
    chr(n)
    for n in (*range(0x01, 0x21), 0x85, 0xAD, 0x1680, 0x180E, *range(0x200B, 0x2010),
              *range(0x2028, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
)  # fmt: skip


def _table() -> dict[str, str]:
    """Each capital with its small letter, one to one; dotted and dotless i are one."""
    table = {"İ": "i", "ı": "i", "ẞ": "ß"}
    for letter in (chr(n) for numbers in _SCRIPTS for n in numbers):
        small = letter.casefold()
        if len(small) == 1 and small != letter:
            table[letter] = small
    return table


TABLE = _table()
_FROM, _TO = "".join(TABLE) + _UNSEEN, "".join(TABLE.values())  # what has no partner goes
_TRANSLATE = str.maketrans(_FROM[: len(_TO)], _TO, _UNSEEN)


def fold(text: str) -> str:
    """The same as `folded`, of a text."""
    return unicodedata.normalize("NFKC", text).translate(_TRANSLATE).replace("ß", "ss")


def folded(column: str | Value) -> Func:
    """What two names have in common that are one person's; of a column, or of what was typed."""
    source = F(column) if isinstance(column, str) else column
    text = TextField()
    one_form = Func(source, template="normalize(%(expressions)s, NFKC)", output_field=text)
    small = Func(one_form, Value(_FROM), Value(_TO), function="translate", output_field=text)
    return Func(small, Value("ß"), Value("ss"), function="replace", output_field=text)


LONGEST = 1000  # characters; the time that NFC takes grows with the square of the marks on a letter


def composed(password: str) -> str:
    """A password as every keyboard would type it: ā as one character (NFC); a very long one, which
    nobody types, as it is."""
    return unicodedata.normalize("NFC", password) if len(password) <= LONGEST else password
