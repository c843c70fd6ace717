from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from deliverables import reminders


class Command(BaseCommand):
    help = (
        "Send the reminders of today: on Mondays all that waits, on other days what is due in 14 "
        "or 3 days or was due yesterday. For a timer, once a day; a second time sends nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=dt.date.fromisoformat, help="as if it were this day")

    def handle(self, *args: Any, **options: Any) -> None:
        sent = reminders.send(options["day"] or timezone.localdate())
        self.stdout.write(f"{sent} mails sent.")
