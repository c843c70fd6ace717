"""manage.py load_seed: reads the projects under seed/, through the same checks as everybody.

One folder is one project, one CSV file is one table, and the columns are those of the table's
resource. Rows are found again by their natural key, so loading twice changes nothing. All files
are written in one transaction, or none is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from audit.acting import acting
from audit.models import Through
from deliverables.models import Project
from exchange.formats import CSV
from releases import actions
from releases.tables import RESOURCES

# In the order in which rows need each other. Components come twice: the evidence that they name
# concerns deliverables, which belong to components.
ORDER = (
    "institutions", "projects", "sources", "components", "deliverables", "evidence", "components",
    "items", "figures", "titles", "statements", "partnerships", "experts", "assignments",
    "budget_lines", "budget_entries",
)  # fmt: skip


class Command(BaseCommand):
    help = "Load the projects under seed/ (or another folder); twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "seed")
        parser.add_argument("--if-empty", action="store_true", help="only when no project exists")
        parser.add_argument("--dry-run", action="store_true", help="check the files, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if options["if_empty"] and Project.objects.exists():
            return
        folders = sorted(path.parent for path in folder.glob("**/projects.csv"))
        if not folders:
            raise CommandError(
                f"There is no projects.csv in {folder} or in a folder of it, so nothing was loaded."
            )
        with acting("system", Through.COMMAND, "load_seed"):
            done = sum((self._load(project) for project in folders), Counter())
            if options["dry_run"]:
                transaction.set_rollback(True)
        made = [] if options["dry_run"] else actions.publish_waiting(by=None)
        self.stdout.write(
            f"{len(folders)} projects: {done['new']} rows new, {done['update']} changed, "
            f"{done['skip']} unchanged; {len(made)} releases made."
            + (" Nothing was written." if options["dry_run"] else "")
        )

    def _load(self, folder: Path) -> Counter[str]:
        done: Counter[str] = Counter()
        fresh: dict[str, int] = {}
        for position, table in enumerate(ORDER):
            path = folder / f"{table}.csv"
            if not path.exists():
                continue
            early = table in ORDER[position + 1 :]
            totals = _import(table, path, without="evidence" if early else "")
            if early:
                fresh[table] = totals["new"]
            else:
                done.update(_once(totals, fresh.get(table, 0)))
        return done


def _once(totals: dict[str, int], fresh: int) -> dict[str, int]:
    """Rows that an earlier pass made are new, whatever the later pass did with them."""
    changed = min(fresh, totals["update"])
    return {
        "new": totals["new"] + fresh,
        "update": totals["update"] - changed,
        "skip": totals["skip"] - (fresh - changed),
    }


def _import(table: str, path: Path, *, without: str = "") -> dict[str, int]:
    """Write one file. Raises CommandError that names file, row, column, value and remedy."""
    try:
        data = CSV().create_dataset(path.read_bytes())
    except (UnicodeDecodeError, ValueError) as error:
        raise CommandError(f"{path}: {error} Nothing was written.") from None
    if without in (data.headers or []):
        del data[without]
    result = RESOURCES[table](founding=True).import_data(data, use_transactions=False)
    if told := list(_errors(result)):
        lines = "\n".join(f"  {path}: {sentence}" for sentence in told[:100])
        raise CommandError(f"Nothing was written, because of {len(told)} errors:\n{lines}")
    return dict(result.totals)


def _errors(result: Any) -> Iterator[str]:
    for error in result.base_errors:
        yield str(getattr(error.error, "message", error.error))
    for row in result.invalid_rows:
        for column, messages in row.field_specific_errors.items():
            for message in messages:
                yield f"row {row.number + 1}, column {column}: {message}"
        for message in row.non_field_specific_errors:
            yield f"row {row.number + 1}: {message}"
    for number, errors in result.row_errors():
        for error in errors:
            yield f"row {number + 1}: {error.error}"
