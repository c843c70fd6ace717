"""The structure of another project, copied into a draft: what is promised, and under which codes.

No name, amount, date, state, value or note comes with it: these are each project's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import F, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.events.acting import acting
from audit.models import Through
from audit.rows.refused import Refused
from budget.money.models import Heading, Line
from deliverables.indicators.models import Indicator
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Component, Project


class Copied(NamedTuple):
    """A table: its columns that are copied, the first of them naming a row in its project, and the
    references that follow to the row of that name."""

    model: Any
    columns: str
    references: str = ""


PARTS: dict[str, tuple[Any, tuple[Copied, ...]]] = {
    "components": (
        gettext_lazy("Components"),
        (Copied(Component, "number code numbered title_lv title_en"),),
    ),
    "results": (
        gettext_lazy("Results with their weights"),
        (Copied(Deliverable, "code kind title_lv title_en weight", "component parent"),),
    ),
    "budget": (
        gettext_lazy("Budget headings and lines, without amounts"),
        (
            Copied(Heading, "code title_lv title_en"),
            Copied(Line, "code title_lv title_en cost_basis priced_by", "heading component"),
        ),
    ),
    "indicators": (
        gettext_lazy("Indicators, without values"),
        (Copied(Indicator, "code title_lv title_en unit", "component deliverable"),),
    ),
}
TABLES = tuple(table for _label, tables in PARTS.values() for table in tables)


def why_not_copied(project: Project) -> str | None:
    if project.is_draft:
        return None
    return _("The project was published. Only a draft takes the structure of another project.")


def copy_structure(
    project: Project, *, of: Project, parts: Collection[str], by: User
) -> tuple[int, list[str]]:
    """How many rows were added, and which of them without something that they name there and the
    draft has not; what the draft has under the same code stays as it is.

    `parts` are keys of PARTS. Raises Refused, with nothing written.
    """
    with acting(by.code, Through.ACTION, f"copy the structure of {of.slug}"):
        locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if refusal := why_not_copied(locked):
            raise Refused(refusal)
        copy = _Copy(locked, of)
        asked = [table for part, (_label, tables) in PARTS.items() if part in parts
                 for table in tables]  # fmt: skip
        added = sum(copy.table(table) for table in asked)
        if not added:
            raise Refused(
                _("Nothing was copied: all of it that %(project)s has is in the draft already.")
                % {"project": of}
            )
    return added, copy.loose


class _Copy:
    """One go; `rows` are those of the draft, by table and name, `loose` the names of those that
    were added without something that they name."""

    def __init__(self, into: Project, of: Project) -> None:
        self.into, self.of = into, of
        self.loose: list[str] = []
        self.rows: dict[Any, dict[object, Model]] = {
            table.model: {self._named(row): row for row in self._rows(table, into)}
            for table in TABLES
        }

    def table(self, table: Copied) -> int:
        added = 0
        for row in self._rows(table, self.of):
            if self._named(row) in self.rows[table.model] or not getattr(row, "active", True):
                continue
            columns = {name: getattr(row, name) for name in table.columns.split()}
            named = {name: self._here(row, name) for name in table.references.split()}
            new = table.model(project=self.into, **columns, **named)
            try:
                new.full_clean()
            except ValidationError as error:
                told = {"row": row, "told": " ".join(error.messages)}
                raise Refused(_("Nothing was copied: %(row)s. %(told)s") % told) from None
            new.save()
            if any(getattr(row, name) and named[name] is None for name in named):
                self.loose.append(str(self._named(row)))
            self.rows[table.model][self._named(new)] = new
            added += 1
        return added

    def _here(self, row: Model, name: str) -> Model | None:
        """The draft's row of the name that the reference has there. Raises Refused."""
        there = getattr(row, name)
        if there is None:
            return None
        here = self.rows[type(there)].get(self._named(there))
        if here is None and not row._meta.get_field(name).null:
            raise Refused(
                _(
                    "Nothing was copied: %(row)s stands under “%(other)s”, which the draft has "
                    "not. Tick the components as well."
                )
                % {"row": row, "other": there}
            )
        return here

    @staticmethod
    def _named(row: Any) -> object:
        return row.number if isinstance(row, Component) else row.code

    @staticmethod
    def _rows(table: Copied, project: Project) -> Iterable[Model]:
        """Sub-results after what they stand under."""
        references = table.references.split()
        rows: Any = table.model.objects.filter(project=project).select_related(*references)
        if "parent" in references:
            rows = rows.order_by(F("parent").asc(nulls_first=True), "pk")
        return list(rows)
