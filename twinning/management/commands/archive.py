from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.lists.counting import counted
from public.machines import archive


class Command(BaseCommand):
    help = "Write a project with all its releases as a folder of files that needs no server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the project's address, as ks-14-jb-jh-04")
        parser.add_argument("folder", type=Path, help="where to write it; it must not exist")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            files = archive.write(options["slug"], options["folder"])
        except archive.NotArchived as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{options['folder']}: {counted(files, 'file')}")
