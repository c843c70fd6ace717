from __future__ import annotations

from django.core.management.base import BaseCommand, CommandParser

from audit.lists.counting import counted
from audit.seals.sealing import seal


class Command(BaseCommand):
    help = "Seal the events that are not sealed yet; for a timer, every quarter of an hour, say."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--occasion", default="timer", help="why: kept in the seal, public")

    def handle(self, *args: object, **options: str) -> None:
        sealed = seal(options["occasion"], thorough=True)
        if sealed is None:
            self.stdout.write("Nothing to seal: all events are sealed.")
        else:
            events = counted(sealed.events, "event")
            self.stdout.write(f"Seal {sealed.number}: {events}, head {sealed.head}")
