"""What is shown of a row that has what was searched for."""

from __future__ import annotations

from dataclasses import dataclass

from releases.search.marking import Marked, excerpt, marked
from releases.search.ranking import Candidate, ends

LANGUAGES = ("lv", "en")


@dataclass(frozen=True, slots=True)
class Hit:
    """`project`: the title of its project. `more`: the words beside the title that are marked.
    `name`: of who holds the function, while it may be shown."""

    kind: str
    code: str
    of: str
    slug: str
    reference: str
    fictitious: bool
    project: Marked
    title: Marked
    more: Marked | None
    name: str


def hit(row: Candidate, lang: str) -> Hit:
    """In the language of the page, or in the other one where only that has the words."""
    mine = LANGUAGES.index(lang)
    order = (mine, 1 - mine)
    places = _places(row)
    project = next((n for n in order if row.titles[n]), mine)
    title = next((n for n in order if places[n]), None)
    more = next((n for n in order if places[n + 2]), None) if title is None else None
    if title is None:
        title = next((n for n in order if row.texts[n]), mine)
    return Hit(
        row.kind, row.code, row.of, row.slug, row.reference, row.fictitious,
        marked(row.titles[project], LANGUAGES[project], lambda number: False),
        marked(row.texts[title], LANGUAGES[title], places[title].__contains__),
        None if more is None
        else excerpt(row.texts[more + 2], LANGUAGES[more], places[more + 2]),
        row.name,
    )  # fmt: skip


def _places(row: Candidate) -> list[set[int]]:
    """The numbers of the words of each text that are marked."""
    hits = {place for at in (row.places or {}).values() for place in at}
    last = ends(row)
    return [
        {place - before for place in hits if before < place <= end}
        for before, end in zip((0, *last), last, strict=False)
    ]
