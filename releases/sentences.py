"""Differences between two documents as sentences for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from releases.changes import Difference
from releases.tables import RESOURCES


@dataclass(frozen=True, slots=True)
class Told:
    """One difference in words; `cells` are (label, old, new)."""

    what: str
    cells: list[tuple[str, str, str]]


def told(difference: Difference) -> Told:
    resource = RESOURCES[difference.table]
    model = resource.model()
    names = {"thing": model._meta.verbose_name, "row": difference.row}
    sentences = {
        "new": _("New: %(thing)s %(row)s."),
        "gone": _("Gone: %(thing)s %(row)s."),
        "changed": _("Changed: %(thing)s %(row)s."),
    }
    labels = {column.key: column.label(model) for column in resource.columns}
    return Told(
        (sentences[difference.what] % names).replace(" .", "."),
        [
            (labels.get(column, column), _shown(old), _shown(new))
            for column, old, new in difference.cells
        ],
    )


def _shown(value: Any) -> str:
    if value in (None, "", []):
        return _("not stated")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(value) if isinstance(value, list) else str(value)
