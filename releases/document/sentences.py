"""Differences between two documents as sentences for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from exchange.tables.columns import Column
from releases.document.changes import DocumentDifference
from releases.document.tables import PUBLISHED


@dataclass(frozen=True, slots=True)
class DifferenceInWords:
    """One difference in words; `cells` are (label, old, new)."""

    what: str
    cells: list[tuple[str, str, str]]


def in_words(difference: DocumentDifference) -> DifferenceInWords:
    resource = PUBLISHED[difference.table]
    model = resource.model()
    names = {"thing": model._meta.verbose_name, "row": difference.row}
    sentences = {
        "new": _("New: %(thing)s %(row)s."),
        "gone": _("Gone: %(thing)s %(row)s."),
        "changed": _("Changed: %(thing)s %(row)s."),
    }
    changed = {column: (old, new) for column, old, new in difference.cells}

    def shown(column: Column) -> tuple[str, str, str]:
        old, new = changed[column.key]
        return column.label(model), _shown(column, model, old), _shown(column, model, new)

    return DifferenceInWords(
        (sentences[difference.what] % names).replace(" .", "."),
        [shown(column) for column in resource.columns if column.key in changed],
    )


def _shown(column: Column, model: type[Model], value: Any) -> str:
    """A value in words, as the form shows it."""
    if value in (None, "", []):
        return _("not stated")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    words = {} if column.computed else column.choices(model)
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(words.get(code, code)) for code in values)
