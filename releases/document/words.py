"""The words for coded values, in the active language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from django.utils.translation import get_language

from deliverables.fields import countries
from deliverables.ladder import status
from releases.document.tables import RESOURCES


@cache
def _choices(table: str, column: str) -> Mapping[str, object]:
    """LookupError where the table has no such column."""
    resource = RESOURCES[table]
    for candidate in resource.columns:
        if candidate.key == column:
            return candidate.choices(resource.model())
    raise LookupError(f"{table}.{column}")


def label(table: str, column: str, value: str) -> str:
    """The words of a coded value; the code itself where a newer release holds an unknown one."""
    return str(_choices(table, column).get(value, value))


def values(table: str, column: str) -> list[tuple[str, str]]:
    """All known codes of a column with their words."""
    return [(value, str(words)) for value, words in _choices(table, column).items()]


def country(code: str) -> str:
    return countries.name(code, get_language() or "en")


def by_country(codes: Iterable[str]) -> list[str]:
    """Codes of countries in the order of their names."""
    return countries.in_order(codes, get_language() or "en")


def rung_meaning(value: str) -> str:
    """What a rung means, for the public."""
    known = value in status.Rung.values
    return str(status.MEANING[status.Rung(value)]) if known else ""
