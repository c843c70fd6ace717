"""Search that does not care how a text is typed: `merksadarb "d'art` finds `Mērķsadarbība “D’Art”`.

PostgreSQL without ICU lowers and sorts Latvian by code point, so both sides are folded by the same
table of single characters: the column by a generated column in the database, the query here.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    CharField,
    Expression,
    Func,
    GeneratedField,
    TextField,
    Transform,
    Value,
)
from django.db.models.functions import Cast, Concat
from django.db.models.sql.compiler import SQLCompiler

from audit.rows.characters import JOINS

CYRILLIC = dict(
    zip("абвгдезийклмнопрстуфхцъыьэјђћљњџ", "abvgdezijklmnoprstufhc'y'ejdclnd", strict=True)
)
# What one keyboard has for what another one, a word processor or a typesetter writes differently.
ALIKE = {
    "'": '"`\u00ab\u00b4\u00bb\u02bc\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033',
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
    " ": "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t\n\r",
}
UNSEEN = JOINS + "\u2060\ufeff"  # as if they were not there


def _table() -> dict[str, str]:
    """Each character that folds into one other: capitals, diacritics, Cyrillic, quotes, spaces."""
    letters = [chr(n) for n in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x400, 0x460))]
    table = {}
    for letter in letters:
        plain = unicodedata.normalize("NFD", letter)[0].casefold()
        plain = CYRILLIC.get(plain, {"đ": "d", "ł": "l", "ø": "o", "ı": "i"}.get(plain, plain))
        if len(plain) == 1 and plain != letter:
            table[letter] = plain
    return table | {other: plain for plain, others in ALIKE.items() for other in others}


TABLE = _table()
# PostgreSQL looks a character up from the start: what is frequent and stays comes first. What has
# no counterpart goes.
_STAYS = "abcdefghijklmnopqrstuvwxyz 0123456789"
_FROM, _TO = "".join([_STAYS, *TABLE, UNSEEN]), "".join([_STAYS, *TABLE.values()])
_TRANSLATE = str.maketrans(TABLE | dict.fromkeys(UNSEEN, ""))


def fold(text: str) -> str:
    """Lower case without diacritics, composed characters first. The same as `folded_column`."""
    return unicodedata.normalize("NFC", text).translate(_TRANSLATE)


class Folded(Transform):
    """`label__folded__contains`: a text folded when it is asked for, for columns without a copy."""

    lookup_name = "folded"
    output_field = TextField()

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_args: Any, **_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        sql, parameters = compiler.compile(self.lhs)
        return f"translate({sql}, %s, %s)", (*parameters, _FROM, _TO)


CharField.register_lookup(Folded)
TextField.register_lookup(Folded)


def folded_column(*fields: str) -> GeneratedField:
    """A stored column with the folded text of `fields`, kept by the database itself."""
    parts: list[Expression] = []
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
