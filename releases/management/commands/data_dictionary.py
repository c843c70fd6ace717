from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.core.management.base import BaseCommand
from django.utils import translation

from exchange.tables.columns import UNITS, Column
from exchange.tables.resources import TableResource
from releases.document.codes import codes_of, lists
from releases.document.extracts import ALL

HEAD = f"""# Data dictionary

Written by `manage.py data_dictionary` from the tables' resources, and compared with them by a test.
Files of the back office and audit packs have all of these columns, public downloads those that are
neither internal nor in an extract. Columns marked ● find a row again. The codes of a column are
listed [below](#codes), and for everybody at `/en/codes/`. Units: {
    "; ".join(f"`{unit}` {name}" for unit, name in UNITS.items())
}.
"""


class Command(BaseCommand):
    help = "Print docs/data-dictionary.md: every table, column and code that files hold."

    def handle(self, *args: object, **options: object) -> None:
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
    yield "## Codes\n"
    for codes in lists():
        yield f"### {codes.name}\n"
        yield f"Of {', '.join(f'`{name}`' for name in codes.columns)}.\n"
        yield "| code | meaning (en) | meaning (lv) |"
        yield "|---|---|---|"
        for code in codes.codes:
            meaning = _both(partial("{0.label}: {0.meaning}".format, code))
            yield f"| `{code.code}` | {meaning} |"
        yield ""


def _both(say: Callable[[], str]) -> str:
    """Two cells: in English and in Latvian."""
    texts = []
    for language in ("en", "lv"):
        with translation.override(language):
            texts.append(say().replace("|", "/"))
    return " | ".join(texts)


def _line(resource: type[TableResource], column: Column) -> str:
    model = resource.model()
    meaning = _both(lambda: f"{column.label(model)}: {resource.meaning(column)}")
    kind, pattern = column.kind(model), column.pattern(model)
    kind += f" {pattern}" if pattern else ""
    kept = " (internal)" if column.internal else ""
    codes = codes_of(resource, column)
    listed = f"[{codes.name}](#{codes.name.replace('.', '')})" if codes else ""
    mark = " ●" if column.key in resource.key else ""
    return f"| `{column.key}`{mark} | {meaning} | {kind}{kept} | {column.unit} | {listed} |"
