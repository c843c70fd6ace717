from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from exchange.columns import Column
from exchange.resources import TableResource
from releases.extracts import ALL

HEAD = """# Data dictionary

Written by `manage.py data_dictionary` from the tables' resources, and compared with them by a test.
Files of the back office and audit packs have all of these columns, public downloads those that are
neither internal nor in an extract. Columns marked ● find a row again. The version counts a row's
changes.
"""


class Command(BaseCommand):
    help = "Print docs/data-dictionary.md: every table and column that files hold."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            self.stdout.write("\n".join(page()))


def page() -> Iterator[str]:
    """The lines of the page."""
    yield HEAD
    for resource in ALL:
        yield f"## {resource.table}\n"
        yield "| column | meaning (en) | meaning (lv) | type | unit | codes |"
        yield "|---|---|---|---|---|---|"
        yield from (_line(resource, column) for column in resource.extract_columns())
        yield ""


def _line(resource: type[TableResource], column: Column) -> str:
    model = resource.model()
    kind = column.kind(model)
    told = []
    for language in ("en", "lv"):
        with translation.override(language):
            meaning = column.meaning(model)
            label = column.label(model)
        told.append(f"{label}{': ' + meaning if meaning else ''}".replace("|", "/"))
    listed = kind in ("choice", "choices") and not column.computed
    codes = ", ".join(code for code in column.choices(model) if code) if listed else ""
    mark = " ●" if column.key in resource.key else ""
    kept = " (internal)" if column.internal else ""
    return (
        f"| `{column.key}`{mark} | {told[0]} | {told[1]} | {kind}{kept} | {column.unit} | {codes} |"
    )
