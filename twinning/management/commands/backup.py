from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exchange.exports.exporting import FileNotWritten
from twinning import backups


class Command(BaseCommand):
    help = (
        "Write the whole database into a new file, which “manage.py restore” reads on any server "
        "of the same version or a newer one. Evidence files are not in it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        try:
            self.stderr.write(backups.write(file), ending="")
        except (backups.Failed, FileNotWritten) as refusal:
            raise CommandError(str(refusal)) from None
        except OSError as error:
            raise CommandError(
                f"{file} cannot be written: {error.strerror}. Name a file in a folder "
                "that exists and that you may write to."
            ) from None
        self.stdout.write(
            f"The database is in {file}. Keep the evidence files of the same hour with "
            "it, and SECRET_KEY elsewhere."
        )
