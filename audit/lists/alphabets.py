"""How Latvian and English put names into order. Pure.

PostgreSQL sorts by code point where it has no ICU: Ā behind Z. A text therefore has a key, an ASCII
letter for each letter of the alphabet, and keys sort by code point. The alphabets are those of
Unicode CLDR (collation lv, en): in Latvian č ģ ķ ļ ņ ŗ š ž are letters of their own and y stands
with i; accents, case and punctuation decide between texts that are the same without them.
"""

from __future__ import annotations

import unicodedata

from audit.rows.characters import JOINS

LATVIAN = "abcčdefgģhijkķlļmnņopqrŗsštuvwxzž"
ENGLISH = "abcdefghijklmnopqrstuvwxyz"
FIRST = ord("A")  # of the letters of a key: behind the space and the digits
TIE = "\t"  # before all of them, so that the shorter name comes first
# No accents of a letter: one letter for what most alphabets write as this one.
PLAIN = {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "ħ": "h", "æ": "a", "œ": "o", "ß": "s"}
LETTERS = [*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x250), *range(0x370, 0x530)]
LETTERS += range(0x1E00, 0x1F00)
SPACES = "\u00a0\u2002\u2003\u2009\u200a\u202f-\u2010\u2011\u2012\u2013\u2014\u2212/_\n\r\t"
# Quotation marks and the like do not count: “Zeme” stands under Z.
LEFT_OUT = "!\"#$%&'()*+,.:;<=>?@[\\]^`{|}~´‘’‚‛“”„‟ʼ′″«»‹›…·•¡¿§" + JOINS + "\ufeff"
BY = {"lv": LATVIAN, "en": ENGLISH}


def _table(language: str) -> dict[str, str]:
    """A character -> its one character in a key; "" for what is left out."""
    alphabet = BY[language]
    ranks = {letter: chr(FIRST + n) for n, letter in enumerate(alphabet)}
    if language == "lv":
        ranks["y"] = ranks["i"]
    table = {}
    for letter in map(chr, LETTERS):
        small = letter.lower()
        bare = unicodedata.normalize("NFD", small)[0]
        rank = ranks.get(small) or ranks.get(bare) or ranks.get(PLAIN.get(small, ""))
        table[letter] = rank or bare
    table |= dict.fromkeys(SPACES, " ")
    return {char: to for char, to in table.items() if char != to} | dict.fromkeys(LEFT_OUT, "")


TABLES = {language: _table(language) for language in BY}
_TRANSLATE = {language: str.maketrans(table) for language, table in TABLES.items()}


def known(language: str | None) -> str:
    """The language whose alphabet is used: English for all that are not Latvian."""
    return "lv" if language == "lv" else "en"


def key(text: str, language: str | None) -> str:
    """What to sort names by. The same as `audit.lists.ordering.Alphabetical` in the database."""
    composed = unicodedata.normalize("NFC", text)
    return composed.translate(_TRANSLATE[known(language)]) + TIE + composed
