"""docs/queries.csv as a page: each figure by one query."""

from __future__ import annotations

import csv
from itertools import groupby
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from public.definitions import anchor
from releases.issued import QUERIES

# By the names of the file.
PAGES = {
    "portfolio": _("All projects"), "overview": _("Overview"), "deliverables": _("Results"),
    "result": _("Result"), "component": _("Component"), "plan": _("Work plan"),
    "experts": _("Experts"), "budget": _("Budget"),
}  # fmt: skip
UNITS = {"as measured": _("as measured")}


def parts() -> list[dict[str, Any]]:
    """The parts of the file, each with its rows, in the language of the reader."""
    language = get_language()
    with QUERIES.open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    for row in rows:
        row["figure"] = row[f"figure_{language}"]
        row["pages"] = [PAGES[page] for page in row["pages"].split(", ")]
        row["unit"] = UNITS.get(row["unit"], row["unit"])
    parts = (list(part) for _name, part in groupby(rows, lambda row: row["part_en"]))
    return [
        {"name": part[0][f"part_{language}"], "anchor": anchor(part[0]["part_en"]), "rows": part}
        for part in parts
    ]
