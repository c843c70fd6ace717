from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


class Command(migrate.Command):
    """Django's, and it refuses a register that stands between migrations which are gone: Django
    would say nothing, or end with a traceback."""

    def handle(self, *args: object, **options: Any) -> None:
        done = set(MigrationRecorder(connections[options["database"]]).applied_migrations())
        here = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
        gone = {old for each in here.values() for old in each.replaces} - here.keys()
        begun = {room for room, _name in gone & done}
        missing = sorted(f"{room}.{name}" for room, name in gone - done if room in begun)
        if missing:
            raise CommandError(
                "The database was left as it is: it stands at an earlier version, before "
                f"{missing[0]}, which is not here any more. Migrate it with the last version that "
                "has it first: see “A register from before the first migrations were squashed” "
                "in docs/operations.md."
            )
        super().handle(*args, **options)
