"""Looking things up in the flat rows of a document. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language

Row = Mapping[str, Any]
Document = Mapping[str, Any]


def is_slug(text: str) -> bool:
    return re.fullmatch(r"[a-z0-9-]{1,60}", text) is not None


def is_code(text: str) -> bool:
    return re.fullmatch(r"[A-Z][A-Za-z0-9. -]{0,39}", text) is not None


def name_of(project: Row) -> str:
    """The reference of a project; its title where it has none."""
    first, second = ("lv", "en") if get_language() == "lv" else ("en", "lv")
    return str(project["reference"] or project[f"title_{first}"] or project[f"title_{second}"])


def index(rows: Iterable[Row], key: str = "code") -> dict[Any, Row]:
    return {row[key]: row for row in rows}


def group(rows: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    """Rows by the value of a column, both in the order of the document."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups
