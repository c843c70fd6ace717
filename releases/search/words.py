"""Words as the search compares them: folded, without endings, and how far two are apart.

What it does to Latvian words, and why: docs/search.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from exchange.tables.folding import fold

# A code with points is one word, and so is what an apostrophe joins.
_WORD = re.compile(r"[^\W\d_]{1,4}\d+(?:\.\d+)+|[^\W_]+(?:['’ʼ`´][^\W_]+)*")
# Letters and digits, or many digits.
_CODE = re.compile(r"(?=.*\d)(?=.*[^\W\d_]|(\.?\d){6})[^\W_]+(\.[^\W_]+)*")
_LONGEST = 60  # characters of a word
SHORTEST = 3  # letters of a stem, and of a word that is completed or corrected
_CORRECTED = 7  # letters of a word in which two mistakes are forgiven
_COMPARED = 9  # letters at the beginning that two spellings have in common but for the mistakes

# Endings of cases and of definite adjectives, without diacritics; the longest that fits goes.
ENDINGS = (
    *("ajiem", "ajam", "ajai", "ajas", "ajos", "ajie"),
    *("iem", "ais", "aja", "ies"),
    *("as", "es", "is", "us", "os", "am", "em", "im", "ai", "ei", "ie"),
    *("a", "e", "i", "u", "o", "s"),
)
_SOFTENED = re.compile(r"([bfmpv])j$")  # sanāksme, sanāksmju
# What is done, and what was done: pārskatīšana and pārskatīts, apmācība and apmācīts.
_DOING = re.compile(r"(?<=\w{4})(?:san|(?<=i)b)$")
_CHANGED = re.compile(r"([šž])(?=(?:u|i|a|iem|us|os|am|as|es)$)")  # iestāde, iestāžu
_HARD = {"š": "t", "ž": "d"}
_LITTLE = (
    "un vai par no uz ar bez pie lai kas ka kā ko to tas ta tā šis šī šo arī gan pēc pirms pret "
    "caur starp zem virs aiz ap līdz kopš dēļ labad jo bet"
)
STOPS = frozenset(_LITTLE.split())
_FOLDED_STOPS = frozenset(map(fold, STOPS))


def normal(text: str) -> str:
    """The text whose words are counted and marked: with composed characters."""
    return unicodedata.normalize("NFC", text)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each word of a `normal` text begins and ends."""
    return (match.span() for match in _WORD.finditer(text))


def words(text: str) -> list[str]:
    """The words of a text in small letters, each at most 60 characters long."""
    return [match[0].lower()[:_LONGEST] for match in _WORD.finditer(normal(text))]


def is_stop(word: str) -> bool:
    """Whether a Latvian word says nothing alone."""
    return word in STOPS or (word.isascii() and word in _FOLDED_STOPS)


def stem(folded: str) -> str:
    """A folded Latvian word without its ending; as it is where too little would be left."""
    if not folded.isalpha():
        return folded
    ending = next((e for e in ENDINGS if folded.endswith(e) and _leaves_enough(folded, e)), "")
    if not ending:
        return folded
    return _DOING.sub("t", _SOFTENED.sub(r"\1", folded.removesuffix(ending)))


def _leaves_enough(folded: str, ending: str) -> bool:
    rest = folded.removesuffix(ending)
    return len(rest) >= SHORTEST and any(letter in "aeiou" for letter in rest)


def latvian(word: str) -> set[str]:
    """The stems of a Latvian word: two where a consonant may have changed before its ending."""
    hard = _CHANGED.sub(lambda match: _HARD[match[1]], word)
    return {stem(fold(word)), stem(fold(hard))}


def squeezed(text: str) -> str:
    """A reference or code without what people put in between: ks14jbjh04, d1.1; "" for what is
    none."""
    code = re.sub(r"[\s/_\-]+", "", fold(text))
    return code if len(code) <= _LONGEST and _CODE.fullmatch(code) else ""


def near(folded: str) -> set[str]:
    """What is left of the beginning of a word without one letter, without two in longer words:
    words with a mistake in them have some of that in common with the right ones."""
    start = folded[:_COMPARED]
    left = {start, *_shorter(start)}
    if len(folded) >= _CORRECTED - 1:
        left |= {shorter for word in tuple(left) for shorter in _shorter(word)}
    return left


def _shorter(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def mistakes(typed: str, meant: str) -> int:
    """How many letters are wrong, missing, too many, or changed places with the next one."""
    rows = [list(range(len(meant) + 1))]
    for i, letter in enumerate(typed, 1):
        row = [i]
        for j, other in enumerate(meant, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == other:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def forgiven(folded: str) -> int:
    """How many mistakes a word of this length may have."""
    return 0 if len(folded) < SHORTEST else 1 if len(folded) < _CORRECTED - 1 else 2
