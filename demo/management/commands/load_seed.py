"""manage.py load_seed: reads the projects under seed/, through the same checks as everybody.

One folder is one project, one CSV file is one table, and the columns are those of the table's
resource. Rows are found again by their natural key, so loading twice changes nothing. All files
are written in one transaction, or none is.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from audit.events.acting import SYSTEM, acting
from audit.lists.counting import counted
from audit.models import Through
from deliverables.projects.models import Project
from exchange.imports.apply import write
from exchange.imports.planner import plan
from exchange.reading import sheets
from exchange.reading.faults import NoRows, Unreadable, UnsureOfEncoding
from releases import actions
from releases.document.tables import RESOURCES

# In the order in which rows need each other. Components come twice: the evidence that they name
# concerns deliverables, which belong to components.
ORDER = (
    "institutions", "projects", "sources", "components", "deliverables", "evidence", "components",
    "items", "figures", "titles", "statements", "partnerships", "experts", "assignments",
    "budget_headings", "budget_lines", "budget_entries",
)  # fmt: skip


class Command(BaseCommand):
    help = "Load the projects under seed/ (or another folder); twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "seed")
        parser.add_argument("--if-empty", action="store_true", help="only when no project exists")
        parser.add_argument("--dry-run", action="store_true", help="check the files, write nothing")

    def handle(
        self, *args: object, folder: Path, if_empty: bool, dry_run: bool, **options: object
    ) -> None:
        if if_empty and Project.objects.exists():
            return
        folders = sorted(path.parent for path in folder.glob("**/projects.csv"))
        if not folders:
            raise CommandError(
                f"There is no projects.csv in {folder} or in a folder of it, so nothing was loaded."
            )
        with acting(SYSTEM, Through.COMMAND, "load_seed"):
            done = sum((self._load(project) for project in folders), Counter())
            if dry_run:
                transaction.set_rollback(True)
        releases = [] if dry_run else actions.publish_loaded(slugs(folders))
        self.stdout.write(
            f"{counted(len(folders), 'project')}: {counted(done['new'], 'row')} new, "
            f"{done['changed']} changed, {done['unchanged']} unchanged; "
            f"{counted(len(releases), 'release')} made."
            + (" Nothing was written." if dry_run else "")
        )

    def _load(self, folder: Path) -> Counter[str]:
        done: Counter[str] = Counter()
        fresh: dict[str, int] = {}
        for position, table in enumerate(ORDER):
            path = folder / f"{table}.csv"
            if not path.exists():
                continue
            early = table in ORDER[position + 1 :]
            totals = import_file(table, path, without="evidence" if early else "")
            if early:
                fresh[table] = totals["new"]
            else:
                done.update(_once(totals, fresh.get(table, 0)))
        return done


def slugs(folders: list[Path]) -> list[str]:
    """The projects in these folders."""
    files = [(folder / "projects.csv").read_text("utf-8-sig") for folder in folders]
    return [row["slug"] for text in files for row in csv.DictReader(text.splitlines())]


def _once(totals: dict[str, int], fresh: int) -> dict[str, int]:
    """Rows that an earlier pass made are new, whatever the later pass did with them."""
    changed = min(fresh, totals["changed"])
    return {
        "new": totals["new"] + fresh,
        "changed": totals["changed"] - changed,
        "unchanged": totals["unchanged"] - (fresh - changed),
    }


def import_file(table: str, path: Path, *, without: str = "") -> dict[str, int]:
    """Write one file, in the transaction of the caller.

    Raises CommandError that names file, row, column, value and remedy.
    """
    resource = RESOURCES[table](founding=True)
    try:
        read = sheets.read(path.name, path.read_bytes(), table)
        planned = plan(resource, read.without(without))
    except NoRows:
        return {"new": 0, "changed": 0, "unchanged": 0}
    except Unreadable as unreadable:
        lines = "\n".join(f"  {path}: {fault}" for fault in unreadable.faults)
        raise CommandError(
            f"Nothing was written, because of {len(unreadable.faults)} errors:\n{lines}"
        ) from None
    except UnsureOfEncoding:
        raise CommandError(f"{path}: The file is not UTF-8. Nothing was written.") from None
    return write(resource, planned)
