from __future__ import annotations

import datetime as dt

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from deliverables.ladder import reminders


class Command(BaseCommand):
    help = (
        "Enter the reminders of today, as the workers do each morning: on Mondays all that waits, "
        "on other days what is due in 14 or 3 days or was due yesterday. A second time enters none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=dt.date.fromisoformat, help="as if it were this day")

    def handle(self, *args: object, day: dt.date | None, **options: object) -> None:
        entered = reminders.enter(day or timezone.localdate())
        self.stdout.write(f"{entered} letters entered; a worker sends them.")
