"""A text with the words in it that were searched for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from releases.search import words

BEFORE, AFTER = 8, 24  # words around the first that is marked, of a text that is not shown whole


class Marked(NamedTuple):
    """A text in parts, each marked or not, and its language."""

    lang: str
    parts: list[tuple[str, bool]]

    @property
    def text(self) -> str:
        return "".join(part for part, _marks in self.parts)

    @property
    def is_marked(self) -> bool:
        return any(marks for _text, marks in self.parts)


def marked(text: str, lang: str, is_hit: Callable[[int], bool]) -> Marked:
    """`is_hit`: whether the word with that number is marked; the first is 1."""
    text = words.normal(text)
    parts, done = [], 0
    for number, (start, end) in enumerate(words.spans(text), 1):
        if is_hit(number):
            parts += [(text[done:start], False), (text[start:end], True)]
            done = end
    return Marked(lang, [part for part in (*parts, (text[done:], False)) if part[0]])


def excerpt(text: str, lang: str, hits: Collection[int]) -> Marked:
    """The words around the first that is a hit, with … where something was left out."""
    text = words.normal(text)
    each = list(words.spans(text))
    first = max(min(hits) - 1 - BEFORE, 0)
    last = min(first + BEFORE + AFTER, len(each)) - 1
    start = each[first][0] if first else 0
    end = each[last][1] if last < len(each) - 1 else len(text)
    cut = marked(text[start:end], lang, lambda number: number + first in hits)
    before, after = ("… " if start else ""), ("…" if end < len(text) else "")
    return Marked(lang, [(t, m) for t, m in ((before, False), *cut.parts, (after, False)) if t])
