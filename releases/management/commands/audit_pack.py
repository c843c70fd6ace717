from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.counting import counted
from deliverables.models import Project
from exchange import exporting
from releases import packs


class Command(BaseCommand):
    help = "Write the audit pack of a project: all extracts, the audit log, and their proof."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the project's address, as ks-14-jb-jh-04")
        parser.add_argument("file", type=Path, help="where to write it; it must not exist")
        parser.add_argument("--from", dest="first", type=dt.date.fromisoformat, metavar="DAY")
        parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, metavar="DAY")
        parser.add_argument("--files", action="store_true", help="with the files of evidence")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["slug"]).first()
        if project is None:
            known = ", ".join(Project.objects.values_list("slug", flat=True))
            raise CommandError(f"There is no project {options['slug']!r}. Known: {known}.")
        period = packs.Period(options["first"], options["last"])
        try:
            with exporting.kept(options["file"]) as out:
                made = packs.write(out, project, period=period, files=options["files"])
                export = exporting.record(made, out, None)
        except exporting.NoRoom as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{export.sha256}  {options['file']} ({counted(export.rows, 'row')})")
