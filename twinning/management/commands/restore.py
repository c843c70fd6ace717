from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from twinning import backups


class Command(BaseCommand):
    help = (
        "Fill an empty database from a file that “manage.py backup” has written: all of it or "
        "nothing. Roles and owners of the old server are not needed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        try:
            self.stderr.write(backups.restore(file), ending="")
        except OSError as error:
            raise CommandError(
                f"{file} cannot be read: {error.strerror}. Name the file that "
                "“manage.py backup” wrote."
            ) from None
        except backups.Failed as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"The database is as it was in {file}. Put the evidence files into their "
            "place; then run: manage.py migrate, manage.py verify_audit, manage.py check_data."
        )
