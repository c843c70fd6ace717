"""How the data is checked: rows in, findings out. What is looked for stands in each `findings.py`.

Knows of the domain that a row can belong to a project, and no table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from django.db.models import Model, QuerySet
from django.utils.formats import number_format

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from deliverables.projects.models import Project

LONGEST_KEY = 400


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


ERROR, WARNING = Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, as a sentence.

    `about` is the row that it concerns, as "experts.mission:12". `key` names the check and its
    facts: it is the same tomorrow, and another one once the facts are others.
    """

    severity: str
    project: str
    sentence: str
    check: str = ""
    about: str = ""
    key: str = ""


class Case:
    """A row that is found, with what only the question knows: facts, or another sentence.

    A fact that reads differently in another language is given as its code and its words.
    """

    def __init__(
        self, row: Model | None, sentence: _StrOrPromise = "", severity: Severity | None = None,
        **facts: object,
    ) -> None:  # fmt: skip
        self.row, self.sentence, self.severity, self.facts = row, sentence, severity, facts


Rows = TypeVar("Rows", bound="QuerySet[Model]")
# From a project, or None for all, to rows or cases.
Question: TypeAlias = "Callable[[Project | None], Iterable[Model | Case]]"


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One question: which rows of a project, or of all, are not as they should be?

    Each row, or `Case`, becomes a finding. `about` is the path from the row to what the finding
    concerns, `project` the one to its project (None: it has none; a row with a slug is its own),
    and `facts` are the paths to what fills the sentence.
    """

    rows: Question
    severity: Severity
    sentence: _StrOrPromise
    about: str
    project: str | None
    facts: dict[str, str]

    @property
    def code(self) -> str:
        return self.rows.__name__

    def __call__(self, only: Project | None = None) -> Iterator[Finding]:
        for row in self.rows(only):
            yield self._finding(row if isinstance(row, Case) else Case(row))

    def _finding(self, case: Case) -> Finding:
        facts = {name: _fact(case.row, path) for name, path in self.facts.items()}
        facts |= {name: _pair(value) for name, value in case.facts.items()}
        about = _at(case.row, self.about)
        return Finding(
            severity=case.severity or self.severity,
            project=self._slug(case.row),
            sentence=(case.sentence or self.sentence)
            % {name: words for name, (_code, words) in facts.items()},
            check=self.code,
            about=f"{about._meta.label_lower}:{about.pk}" if about is not None else "",
            key=" ".join([self.code, *(str(code) for code, _words in facts.values())])[
                :LONGEST_KEY
            ],
        )

    def _slug(self, row: Model | None) -> str:
        if self.project is None:
            return ""
        owner = row if hasattr(row, "slug") else _at(row, self.project)
        return str(_at(owner, "slug"))


class Checks(list[Check]):
    """The questions of a room, in the order in which they are asked."""

    def finds(
        self, severity: Severity, sentence: _StrOrPromise = "", *, about: str = "",
        project: str | None = "project", **facts: str,
    ) -> Callable[[Question], Check]:  # fmt: skip
        """Makes a question one of the checks; its name is the code of what it finds."""

        def add(rows: Question) -> Check:
            self.append(Check(rows, severity, sentence, about, project, facts))
            return self[-1]

        return add


def within(rows: Rows, only: Model | None, path: str = "project") -> Rows:
    """The rows of one project, or of all, with their project."""
    if path != "pk":
        rows = rows.select_related(path)
    return rows if only is None else rows.filter(**{path: only.pk})


def _at(row: Model | None, path: str) -> Any:
    return attrgetter(path)(row) if path else row


def _fact(row: Model | None, path: str) -> tuple[object, object]:
    """What stands in a column; one with choices is its code and its words."""
    owner, _dot, name = path.rpartition(".")
    row = _at(row, owner)
    value = getattr(row, name)
    words = getattr(row, f"get_{name}_display", None)
    return (value, words()) if words else _pair(value)


def _pair(value: object) -> tuple[object, object]:
    """A fact as its code and its words; numbers are grouped as the language does it."""
    if isinstance(value, tuple):
        code, words = value
        return code, words
    if isinstance(value, Decimal):
        return value, number_format(f"{value:f}", use_l10n=True, force_grouping=True)
    return value, value
