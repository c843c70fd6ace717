"""Writes what of the newest release of a project can be found."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from deliverables.projects.models import Project
from exchange.tables.folding import fold
from releases.document import shapes
from releases.models import Release, SearchEntry, SearchWord
from releases.search import words
from releases.search.entries import Findable, findable

logger = logging.getLogger(__name__)
IN_TITLE = ":A"  # the weight of the words of titles
LAST_PLACE = 16_383  # in a text search vector of PostgreSQL
Stems = dict[str, set[str]]  # of each word


def write(release: Release) -> None:
    """In place of what could be found of the project before. Raises UnknownShape."""
    document = shapes.read(release.document)
    things = list(findable(document))
    english = english_stems({word for thing in things for word in _words_of(thing, "en")})
    latvian = {word: words.latvian(word) for thing in things for word in _words_of(thing, "lv")}
    rows = [entry_of(thing, latvian, english) for thing in things]
    for place, row in enumerate(rows):
        row.project_id, row.release, row.place = release.project_id, release, place
        row.fictitious = document["project"]["fictitious"]
        row.keys = [key_in(key, release.project_id) for key in row.keys]
    SearchEntry.objects.filter(project=release.project_id).delete()
    SearchEntry.objects.bulk_create(rows, batch_size=500)
    write_words((latvian, english))


def write_missing() -> int:
    """Take in each newest release that cannot be found yet, as after an update; how many."""
    there = SearchEntry.objects.filter(release=OuterRef("pk"))
    waiting = Release.objects.filter(~Exists(there), pk__in=newest())
    return write_all(list(waiting.values_list("pk", flat=True)))


def rebuild() -> int:
    """All anew, without words that no release has any more; how many projects."""
    SearchWord.objects.all().delete()
    return write_all(newest())


def newest() -> list[int]:
    """The newest release of each project."""
    releases = Release.objects.in_force(None).newest_of_each()
    return list(releases.values_list("pk", flat=True))


def write_all(releases: Iterable[int]) -> int:
    """Each in a transaction of its own; how many could be read."""
    written = 0
    for key in releases:
        with transaction.atomic():
            release = Release.objects.defer("files").get(pk=key)
            # A release that is made meanwhile writes its own.
            Project.objects.select_for_update(no_key=True).get(pk=release.project_id)
            if Release.objects.filter(project=release.project_id, number__gt=release.number):
                continue
            try:
                write(release)
            except shapes.UnknownShape as refusal:
                logger.warning("%s cannot be searched: %s", release, refusal)
                continue
            written += 1
    return written


def _words_of(thing: Findable, language: str) -> list[str]:
    place = ("lv", "en").index(language)
    texts = (thing.title[place], thing.more[place], thing.hidden[place])
    return [word for text in texts for word in words.words(text)]


def english_stems(asked: Iterable[str]) -> Stems:
    """The stems of English words by PostgreSQL's dictionary; none of a stop word."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, ts_lexize('english_stem', folded) "
            "FROM unnest(%s::text[], %s::text[]) AS asked (word, folded)",
            [list(asked), [fold(word) for word in asked]],
        )
        return {word: set(stems) for word, stems in cursor.fetchall()}


def entry_of(thing: Findable, latvian: Stems, english: Stems) -> SearchEntry:
    """Where each stem of its words stands, counted through all its texts; codes at the end."""
    shown = (*thing.title, *thing.more)
    texts = [words.words(text) for text in (*shown, *thing.hidden)]
    titled = sum(map(len, texts[:2]))
    places: dict[str, list[int]] = {}
    place = 0
    for number, text in enumerate(texts):
        of, is_latvian = (english, False) if number % 2 else (latvian, True)
        for word in text:
            place = min(place + 1, LAST_PLACE)
            for stem in () if is_latvian and words.is_stop(word) else of[word]:
                places.setdefault(stem, []).append(place)
    for code in filter(None, map(words.squeezed, thing.codes)):
        places.setdefault(code, []).append(LAST_PLACE)
    return SearchEntry(
        kind=thing.kind, code=thing.code, of=thing.of, keys=list(thing.keys),
        title_lv=thing.title[0], title_en=thing.title[1], more_lv=thing.more[0],
        more_en=thing.more[1], lengths=[len(text) for text in texts[: len(shown)]],
        words=" ".join(f"{quoted(stem)}:{_places(at, titled)}" for stem, at in places.items()),
    )  # fmt: skip


def key_in(key: str, project: int) -> str:
    """Codes of experts are unique, and those of assignments within their project."""
    return key if key.startswith("expert ") else f"{project} {key}"


def quoted(stem: str) -> str:
    """As PostgreSQL reads a word in a vector or a query."""
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"


def _places(at: list[int], titled: int) -> str:
    return ",".join(f"{place}{'A' if place <= titled else ''}" for place in dict.fromkeys(at))


def write_words(languages: Iterable[Stems]) -> None:
    """What a word of another release is known by stays."""
    known: dict[str, SearchWord] = {}
    for word, stems in ((word, stems) for of in languages for word, stems in of.items()):
        if stems and not words.is_stop(word):
            folded = fold(word)
            row = known.setdefault(folded, SearchWord(folded=folded, shown=word, stems=[], near=[]))
            row.stems = sorted({*row.stems, *stems})
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO releases_searchword AS old (folded, shown, stems, near) "
            "VALUES (%s, %s, %s, %s) ON CONFLICT (folded) DO UPDATE SET stems = "
            "ARRAY(SELECT DISTINCT unnest(old.stems || excluded.stems) ORDER BY 1) "
            "WHERE NOT old.stems @> excluded.stems",
            [
                (row.folded, row.shown, row.stems, sorted(words.near(row.folded)))
                for _folded, row in sorted(known.items())
            ],
        )
