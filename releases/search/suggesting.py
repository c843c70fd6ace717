"""Where nothing has what was typed: the words of releases that are spelled nearly so."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, product
from typing import NamedTuple

from django.db import connection

from exchange.tables.folding import fold
from releases.models import SearchWord
from releases.search import words
from releases.search.finding import NOT_WITHDRAWN, Word, query_of

_COMPARED = 2000  # words of releases
_CHOICES = 4  # spellings of a word
_TRIED = 24  # searches
_RIGHT = 4  # words that are put right at once; of more, those that no release has


class _Choice(NamedTuple):
    mistakes: int
    shown: str
    stems: tuple[str, ...]


def suggest(text: str, asked: Sequence[Word]) -> str:
    """The text with the fewest mistakes put right that has hits; "" where there is none."""
    doubted = [word for word in asked if not word.known] if len(asked) > _RIGHT else asked
    if not 0 < len(doubted) <= _RIGHT:
        return ""
    near = {shorter for word in doubted for shorter in words.near(fold(word.typed))}
    rows = SearchWord.objects.filter(near__overlap=sorted(near))
    known = list(rows.values_list("folded", "shown", "stems")[:_COMPARED])
    choices = [_choices(word, known if word in doubted else ()) for word in asked]
    ways = sorted(product(*choices), key=lambda way: sum(choice.mistakes for choice in way))
    tried = [way for way in islice(ways, _TRIED) if any(choice.mistakes for choice in way)]
    best = _first_with_hits([query_of([choice.stems for choice in way], "") for way in tried])
    return "" if best is None else _put_right(text, asked, tried[best])


def _choices(word: Word, known: Sequence[tuple[str, str, list[str]]]) -> list[_Choice]:
    """The word itself, where releases have it, and those that are near."""
    folded = fold(word.typed)
    own = [_Choice(0, word.typed, tuple(word.stems))] if word.known or folded.isdigit() else []
    near = []
    for other, shown, stems in known:
        mistakes = words.mistakes(folded, other)
        if 0 < mistakes <= words.forgiven(folded):
            order = (mistakes, other[0] != folded[0], abs(len(other) - len(folded)), other)
            near.append((order, _Choice(mistakes, shown, tuple(stems))))
    return own + [choice for _order, choice in sorted(near)[:_CHOICES]]


def _first_with_hits(queries: Sequence[str]) -> int | None:
    sql = f"""
        SELECT place FROM unnest(%s::text[]) WITH ORDINALITY AS asked (query, place)
        WHERE EXISTS (
            SELECT FROM releases_searchentry
            WHERE words @@ asked.query::tsquery AND {NOT_WITHDRAWN}
        ) ORDER BY place LIMIT 1
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(queries)])
        row = cursor.fetchone()
    return None if row is None else row[0] - 1


def _put_right(text: str, asked: Sequence[Word], way: Sequence[_Choice]) -> str:
    pairs = zip(asked, way, strict=True)
    right = {word.typed: choice.shown for word, choice in pairs if choice.mistakes}
    text = words.normal(text)
    for start, end in reversed(list(words.spans(text))):
        word = text[start:end].lower()
        text = text[:start] + right.get(word, text[start:end]) + text[end:]
    return text
