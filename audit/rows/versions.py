"""The version of a row: a number that grows with each change, whoever makes it."""

from __future__ import annotations

import hashlib
from operator import attrgetter
from typing import ClassVar, TypeVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.rows.checked import Checked

Row = TypeVar("Row", bound=models.Model)


def version() -> models.PositiveIntegerField[int, int]:
    return models.PositiveIntegerField(_("version"), default=1, editable=False)


class Counted(pgtrigger.Trigger):
    """Counts the version up when an update changes anything but `ignored` and derived columns.

    Its name sorts behind those of other triggers that set columns, so it counts their work too.
    """

    def __init__(self, *ignored: str) -> None:
        self.ignored = ignored
        super().__init__(name="version_counts", when=pgtrigger.Before, operation=pgtrigger.Update)

    def get_func(self, model: models.Model) -> str:
        fields = model._meta.concrete_fields
        derived = [str(f.column) for f in fields if isinstance(f, models.GeneratedField)]
        names = ", ".join(f"'{name}'" for name in ("version", *self.ignored, *derived))
        less = f"- ARRAY[{names}]"
        return (
            f"NEW.version = OLD.version + (to_jsonb(NEW) {less} "
            f"IS DISTINCT FROM to_jsonb(OLD) {less})::int; RETURN NEW;"
        )


class Whole(Checked):
    """A row that is decided on together with its parts: terms with who goes, a plan with its lines.

    A part has a version of its own, so the row's alone does not show that one was changed.
    """

    parts: ClassVar[tuple[str, ...]] = ()  # names of the relations to them

    class Meta:
        abstract = True

    @property
    def mark(self) -> str:
        """The version of the row and of all its parts, for a form to give back: 5-3fa9c1d20b77."""
        rows = [
            sorted(getattr(self, name).order_by().values_list("pk", "version"))
            for name in self.parts
        ]
        return f"{version_of(self)}-{hashlib.sha256(repr(rows).encode()).hexdigest()[:12]}"


class Stale(Exception):
    """The row was changed after the person read it."""


def claim(rows: models.QuerySet[Row], pk: int, version: int | str | None) -> Row:
    """The row, locked until the transaction ends. Raises Stale unless this is its `version`."""
    row = rows.select_for_update(no_key=True, of=("self",)).order_by().get(pk=pk)
    if not current(row, version):
        raise Stale
    return row


def current(row: models.Model, version: object) -> bool:
    """Whether `version`, as posted, is the version of the row."""
    return str(version_of(row)) == str(version)


def version_of(row: models.Model) -> int:
    """The version of a row whose table has a column for it."""
    version: int = attrgetter("version")(row)
    return version
