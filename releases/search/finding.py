"""Answers a search: what was typed becomes words with their stems, the database gives what has all
of them, and the best come first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from django.db import connection
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat

from exchange.tables.folding import fold
from experts.people.models import Assignment, Expert
from experts.people.names import called
from releases.search import words
from releases.search.hits import Hit, hit
from releases.search.index import IN_TITLE, quoted
from releases.search.ranking import Candidate, score

MOST = 1000  # places that are compared; of more, the first that are met
_PROJECTS = 300  # of these, at least
_COMPLETED = 20  # words that begin as a typed one
NAMES = 100  # of people, at most
EXACT, BEGUN = 1.0, 0.6


@dataclass(frozen=True, slots=True)
class Word:
    """A typed word, and the stems it is found by, each with its worth. `known`: a release has it,
    or one that begins so."""

    typed: str
    stems: dict[str, float] = field(default_factory=dict)
    known: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """By project, the best first. `cut`: there is more than was compared. `words`: what was asked
    for, where nothing has all of it."""

    hits: Hits
    cut: bool
    words: list[Word]


class Hits(Sequence[Hit]):
    """Rows, the best first; what is shown of each is made where it is asked for."""

    def __init__(self, rows: Sequence[Candidate], lang: str) -> None:
        self.rows, self.lang = rows, lang

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> Hit: ...
    @overload
    def __getitem__(self, place: slice) -> list[Hit]: ...
    def __getitem__(self, place: int | slice) -> Hit | list[Hit]:
        if isinstance(place, slice):
            return [hit(row, self.lang) for row in self.rows[place]]
        return hit(self.rows[place], self.lang)


def find(text: str, lang: str) -> Answer:
    """What the newest releases of all projects that are not withdrawn have of a text, in three
    queries."""
    typed = words.words(text)
    if not typed:
        return Answer(Hits([], lang), False, [])
    asked, code = read(typed), words.squeezed(text)
    rows, named = _rows(asked, code), _named(typed)
    stems = [word.stems for word in asked]
    worth = {row.id: score(row, stems, code) for row in rows} | {row.id: NAMED for row in named}
    best: dict[int, float] = {}
    for row in (*rows, *named):
        best[row.project] = max(best.get(row.project, 0.0), worth[row.id])
    ordered = sorted(
        {row.id: row for row in (*rows, *named)}.values(),
        key=lambda row: (-best[row.project], row.project, -worth[row.id], row.place),
    )
    return Answer(Hits(ordered, lang), len(rows) >= MOST, asked)


NAMED = 50.0  # what a name is worth
_READ = """
    SELECT asked.word, ts_lexize('english_stem', asked.word), known.folded, known.stems
    FROM unnest(%s::text[]) AS asked (word) LEFT JOIN LATERAL (
        SELECT folded, stems FROM releases_searchword
        WHERE folded ~>=~ asked.word AND folded ~<~ (asked.word || chr(1114111))
        AND (folded = asked.word OR length(asked.word) >= %s)
        ORDER BY length(folded), folded LIMIT %s
    ) AS known ON TRUE
"""


def read(typed: Sequence[str]) -> list[Word]:
    """The words that say something, each with its stems: those of a word that the releases have,
    else what it would be in either language, and those of words that begin so."""
    folded = {word: fold(word) for word in typed}
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(dict.fromkeys(folded.values())), words.SHORTEST, _COMPLETED])
        lines = cursor.fetchall()
    by_word: dict[str, Word] = {}
    saying = []
    for word in typed:
        mine = [line for line in lines if line[0] == folded[word]]
        by_word[word] = _word(word, folded[word], mine)
        if mine[0][1] != [] and not words.is_stop(word):
            saying.append(word)
    return [by_word[word] for word in dict.fromkeys(saying or typed)]


def _word(typed: str, folded: str, lines: Iterable[Sequence[Any]]) -> Word:
    stems: dict[str, float] = {}
    known = False
    for _asked, _english, other, others in lines:
        if other:
            known = True
            for stem in others:
                stems[stem] = max(stems.get(stem, 0.0), EXACT if other == folded else BEGUN)
    if EXACT not in stems.values():
        either = words.latvian(typed) | {stem for line in lines for stem in line[1] or ()}
        stems |= dict.fromkeys(either, EXACT)
    return Word(typed, stems, known)


def groups_of(asked: Iterable[Collection[str]], where: str = "") -> list[str]:
    """For each word, any stem of it; `where`: only in texts of that weight, as `:A`."""
    return [
        "(" + " | ".join(quoted(stem) + where for stem in sorted(stems)) + ")" for stems in asked
    ]


def query_of(asked: Iterable[Collection[str]], code: str) -> str:
    """What PostgreSQL looks for: a stem of each word, or the code, or what begins so."""
    words = " & ".join(groups_of(asked))
    return " | ".join(filter(None, [words, f"{quoted(code)}:*" if code else ""]))


NOT_WITHDRAWN = "project_id NOT IN (SELECT project_id FROM releases_withdrawal)"
_SHOWN = """
    e.id, e.project_id, e.place, e.kind, e.code, e.of, e.fictitious, e.lengths,
    ARRAY[e.title_lv, e.title_en, e.more_lv, e.more_en], p.of, p.code,
    ARRAY[p.title_lv, p.title_en]
"""
# A thing has what its project does not have of what is asked, or not in its title: the rest.
_HAVING = f"""
    WITH homes AS MATERIALIZED (
        SELECT project_id, (
            SELECT coalesce(
                string_agg(word, ' & ') FILTER (WHERE NOT words @@ word::tsquery),
                string_agg(word, ' & ') FILTER (WHERE NOT words @@ titled::tsquery)
            )::tsquery
            FROM unnest(%(groups)s::text[], %(titled)s::text[]) AS asked (word, titled)
        ) AS rest
        FROM releases_searchentry
        WHERE kind = 'project' AND words @@ %(any)s::tsquery AND {NOT_WITHDRAWN}
        LIMIT %(homes)s
    ), best AS (
        (SELECT id FROM releases_searchentry
         WHERE kind = 'project' AND words @@ %(query)s::tsquery AND {NOT_WITHDRAWN}
         LIMIT %(projects)s)
        UNION ALL
        (SELECT id FROM releases_searchentry
         WHERE kind <> 'project' AND words @@ %(query)s::tsquery AND {NOT_WITHDRAWN}
         LIMIT %(others)s)
        UNION
        (SELECT of.id FROM (
            SELECT rest, array_agg(project_id) AS projects FROM homes
            WHERE rest IS NOT NULL GROUP BY rest
         ) AS home JOIN releases_searchentry AS of
            ON of.words @@ home.rest AND of.project_id = ANY (home.projects)
         WHERE of.kind <> 'project'
         LIMIT %(others)s)
    )
    SELECT {_SHOWN}, (
        SELECT json_object_agg(lexeme, positions) FROM unnest(e.words)
        WHERE lexeme = ANY(%(stems)s) OR (%(code)s <> '' AND starts_with(lexeme, %(code)s))
    ), ''
    FROM best JOIN releases_searchentry e USING (id)
    JOIN releases_searchentry p ON p.project_id = e.project_id AND p.kind = 'project'
"""  # noqa: S608


def _rows(asked: Sequence[Word], code: str) -> list[Candidate]:
    typed = [word.stems for word in asked]
    groups = groups_of(typed)
    stems = sorted({stem for word in asked for stem in word.stems})
    given = {
        "query": query_of(typed, code), "groups": groups, "any": " | ".join(groups),
        "titled": groups_of(typed, IN_TITLE),
        "stems": stems, "code": code, "projects": _PROJECTS, "homes": MOST,
        "others": MOST - _PROJECTS,
    }  # fmt: skip
    return _candidates(_HAVING, given)


# That some have no key at all has to be said: the index `search_names` is of the others.
# Whose name it is, from the rows where it may be withdrawn at any time: docs/ways.md.
_NAMED = f"""
    WITH named (key, name) AS ({{named}})
    SELECT {_SHOWN}, NULL, named.name
    FROM named JOIN releases_searchentry e ON e.keys @> ARRAY[named.key]::varchar[]
    JOIN releases_searchentry p ON p.project_id = e.project_id AND p.kind = 'project'
    WHERE e.keys <> '{{{{}}}}' AND e.{NOT_WITHDRAWN}
"""  # noqa: S608


def _named(typed: Sequence[str]) -> list[Candidate]:
    parts = []
    for word in typed:
        begun = min(words.latvian(word), key=len)
        parts.append(quoted(begun) + (":*" if len(begun) >= words.SHORTEST else ""))
    query = " & ".join(parts)
    key = Concat(F("project_id"), Value(" "), F("name_key"), output_field=TextField())
    holders = called(Assignment.objects.order_by(), "holder_name", query).values_list(
        key, "holder_name"
    )
    experts = called(Expert.objects.order_by(), "name", query).values_list("name_key", "name")
    sql, given = holders.union(experts)[:NAMES].query.sql_with_params()
    return _candidates(_NAMED.format(named=sql), given)


def _candidates(sql: str, given: Any) -> list[Candidate]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [Candidate(*line) for line in cursor.fetchall()]
