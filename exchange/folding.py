"""Search that does not care for case or diacritics: `merksadarb` finds `Mērķsadarbība`.

PostgreSQL without ICU lowers and sorts Latvian by code point, so both sides are folded by the same
one-to-one table: the column by a generated column in the database, the query here.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db.models import Func, GeneratedField, TextField, Value
from django.db.models.functions import Cast, Concat

CYRILLIC = dict(
    zip("абвгдезийклмнопрстуфхцъыьэјђћљњџ", "abvgdezijklmnoprstufhc'y'ejdclnd", strict=True)
)


def _table() -> dict[str, str]:
    """Each letter that folds into one other character: capitals, diacritics, Cyrillic."""
    letters = [chr(n) for n in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x400, 0x460))]
    table = {}
    for letter in letters:
        plain = unicodedata.normalize("NFD", letter)[0].casefold()
        plain = CYRILLIC.get(plain, {"đ": "d", "ł": "l", "ø": "o", "ı": "i"}.get(plain, plain))
        if len(plain) == 1 and plain != letter:
            table[letter] = plain
    return table


TABLE = _table()
_FROM, _TO = "".join(TABLE), "".join(TABLE.values())
_TRANSLATE = str.maketrans(TABLE)


def fold(text: str) -> str:
    """Lower case without diacritics, composed characters first. The same as `folded_column`."""
    return unicodedata.normalize("NFC", text).translate(_TRANSLATE)


def folded_column(*fields: str) -> GeneratedField:
    """A stored column with the folded text of `fields`, kept by the database itself."""
    parts: list[Any] = []
    for field in fields:
        parts += [Cast(field, TextField()), Value(" ")]
    return GeneratedField(
        expression=Func(
            Concat(*parts, output_field=TextField()),
            Value(_FROM),
            Value(_TO),
            function="translate",
            output_field=TextField(),
        ),
        output_field=TextField(),
        db_persist=True,
        editable=False,
    )
