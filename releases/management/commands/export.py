from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.lists.counting import counted
from exchange.exports import exporting
from exchange.exports.admin import written
from exchange.exports.extracts import FORMATS
from releases.document.extracts import BY_TABLE


class Command(BaseCommand):
    endings = ", ".join(format_.suffix for format_ in FORMATS.values())
    help = f"Write a table to a file, by the ending of the file's name: {endings}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", help=f"one of: {', '.join(BY_TABLE)}")
        parser.add_argument("file", type=Path, help="where to write it; it must not exist")
        parser.add_argument("--project", default="", help="only the rows of this project")

    def handle(
        self, *args: object, table: str, file: Path, project: str, **options: object
    ) -> None:
        resource = BY_TABLE.get(table)
        if resource is None:
            raise CommandError(f"There is no table {table!r}. Known: {', '.join(BY_TABLE)}.")
        name = file.name
        longest_first = sorted(FORMATS.values(), key=lambda candidate: -len(candidate.suffix))
        format_ = next(
            (candidate for candidate in longest_first if name.endswith(candidate.suffix)), None
        )
        if format_ is None:
            raise CommandError(f"{name!r} does not tell its format. Endings: {self.endings}.")
        rows = resource.model()._default_manager.all()
        if project:
            if not resource.belongs:
                raise CommandError(f"The rows of {resource.table} belong to no project.")
            rows = rows.filter(**{resource.belongs: project})
        try:
            with exporting.kept(file) as out:
                written_file = written(out, resource, rows, format_, project, None)
                export = exporting.record(written_file, out, None)
        except exporting.FileNotWritten as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{export.sha256}  {file} ({counted(export.rows, 'row')})")
