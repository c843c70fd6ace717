"""What comes first of that which a search has found. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

Places = Mapping[str, Sequence[int]]  # where each stem stands, counted from 1 through all texts


class Candidate(NamedTuple):
    """A row that has what was typed. `lengths` and `texts`: titles, then the rest, each in Latvian
    and English; `slug`, `reference` and `titles` are of its project."""

    id: int
    project: int
    place: int
    kind: str
    code: str
    of: str
    fictitious: bool
    lengths: Sequence[int]
    texts: Sequence[str]
    slug: str
    reference: str
    titles: Sequence[str]
    places: Places | None
    name: str


# What a thing is worth beside another one whose texts say the same.
KINDS = {
    "project": 1.35, "result": 1.3, "component": 1.1, "item": 1.05, "institution": 0.9,
    "function": 0.6, "partner": 0.6, "source": 0.5, "evidence": 0.5, "statement": 0.4,
}  # fmt: skip
TITLE, MORE, HIDDEN = 1.0, 0.4, 0.35
USUAL = 12  # words of a text
OF_PROJECT = 0.6  # a word that the project of a thing has, and the thing has not
CODE, CODE_BEGUN = 100.0, 10.0
SATURATION, LENGTH = 2.0, 0.25  # as BM25 calls them: k1 and b
# More, for a title that is all typed, one that has all that was typed, words said together.
COVERED, WHOLE, IN_ORDER = 0.3, 0.25, 0.1
APART = 3  # words between two that are said together


def score(row: Candidate, asked: Sequence[Mapping[str, float]], code: str) -> float:
    """How well a row answers: often, in the title, in few other words, in the order typed."""
    places = row.places or {}
    fields = _fields(row, asked)
    best = [
        max((texts[group] for texts in fields), default=0.0) or OF_PROJECT
        for group in range(len(asked))
    ]
    worth = sum(best) * (1 + COVERED * _covered(row, asked))
    worth *= 1 + IN_ORDER * _in_order(row, asked)
    worth *= 1 + WHOLE * any(all(texts) for texts in fields[:2])
    if code and code in places:
        worth += CODE
    elif code and any(stem.startswith(code) for stem in places):
        worth += CODE_BEGUN
    return worth * KINDS[row.kind] * (0.95 if row.fictitious else 1.0)


def ends(row: Candidate) -> list[int]:
    """The place of the last word of each text."""
    return list(accumulate(row.lengths))


def _text_of(place: int, ends: Sequence[int]) -> int:
    """The number of the text that a place is in; one more than the last for what is not shown."""
    return bisect_left(ends, place)


def _fields(row: Candidate, asked: Sequence[Mapping[str, float]]) -> list[list[float]]:
    """What each text says of each word that was asked for."""
    last = ends(row)
    said = [[0.0] * len(asked) for _text in range(len(last) + 1)]
    for group, stems in enumerate(asked):
        for stem, worth in stems.items():
            for place in (row.places or {}).get(stem, ()):
                said[_text_of(place, last)][group] += worth
    said[-1] = [min(times, 1.0) for times in said[-1]]  # names that several languages share
    worths = (TITLE, TITLE, MORE, MORE, HIDDEN)
    lengths = (*row.lengths, USUAL)
    return [
        [worth * _frequent(times, length) for times in text]
        for text, worth, length in zip(said, worths, lengths, strict=True)
    ]


def _frequent(times: float, length: int) -> float:
    norm = SATURATION * (1 - LENGTH + LENGTH * length / USUAL)
    return times * (SATURATION + 1) / (times + norm)


def _covered(row: Candidate, asked: Sequence[Mapping[str, float]]) -> float:
    """The largest part of a title that was typed."""
    last = ends(row)
    typed = {
        place
        for stems in asked
        for stem, worth in stems.items()
        if worth == 1.0
        for place in (row.places or {}).get(stem, ())
    }
    shares = [0.0]
    for text in (0, 1):
        if length := row.lengths[text]:
            shares.append(sum(_text_of(place, last) == text for place in typed) / length)
    return max(shares)


def _in_order(row: Candidate, asked: Sequence[Mapping[str, float]]) -> int:
    """How many words stand shortly behind the one that was typed before them."""
    at = [{p for stem in stems for p in (row.places or {}).get(stem, ())} for stems in asked]
    return sum(
        any(place + step in after for place in before for step in range(1, APART + 1))
        for before, after in pairwise(at)
    )
