from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.lists.counting import counted
from deliverables.projects.models import Project
from exchange.exports import exporting
from releases.packs import pack as packs
from releases.packs.periods import Period


class Command(BaseCommand):
    help = "Write the audit pack of a project: all extracts, the audit log, and their proof."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the project's address, as ks-14-jb-jh-04")
        parser.add_argument("file", type=Path, help="where to write it; it must not exist")
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, metavar="DAY")
        parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, metavar="DAY")
        parser.add_argument(
            "--head", dest="heads", action="append", default=[],
            help="a head that you hold, to be compared with the pack; may be said again",
        )  # fmt: skip
        parser.add_argument("--files", action="store_true", help="with the files of evidence")

    def handle(
        self,
        *args: object,
        slug: str,
        file: Path,
        first: dt.date | None,
        last: dt.date | None,
        heads: list[str],
        files: bool,
        **options: object,
    ) -> None:
        project = Project.objects.filter(slug=slug).first()
        if project is None:
            known = ", ".join(Project.objects.values_list("slug", flat=True))
            raise CommandError(f"There is no project {slug!r}. Known: {known}.")
        period = Period(first, last)
        for end in filter(None, (period.first, period.last)):
            if not 2000 <= end.year <= 2100:
                raise CommandError(f"{end} is no day between 2000 and 2100.")
        try:
            with exporting.kept(file) as out:
                given = tuple(head.strip().lower() for head in heads)
                pack = packs.write(out, project, period=period, files=files, heads=given)
                export = exporting.record(pack, out, None)
        except (exporting.FileNotWritten, packs.NoSuchHead) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{export.sha256}  {file} ({counted(export.rows, 'row')})")
