from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from audit.acting import acting
from audit.models import Through
from deliverables.models import Activity, Project
from releases.actions import publish_waiting
from twinning.management.commands.load_seed import import_file
from twinning.story import FOLDER, STAGES, TABLES, Story


class Command(BaseCommand):
    help = (
        "Load the projects under seed/ and play the story of the fictitious one up to a stage, "
        "through the actions that people use. A story that was played is not played again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", choices=STAGES, default="midterm")
        parser.add_argument("--if-empty", action="store_true", help="only when no project exists")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and Project.objects.exists():
            return
        call_command("load_seed", stdout=self.stdout)
        demo = Project.objects.get(slug="demo")
        if Activity.objects.filter(project=demo).exists():
            self.stdout.write("The story of the fictitious project was played before.")
            return
        with transaction.atomic():
            with acting("system", Through.COMMAND, "seed"):
                for table in TABLES:
                    import_file(table, FOLDER / f"{table}.csv")
            missions = Story(demo, STAGES[options["stage"]]).play()
        publish_waiting(by=None)
        self.stdout.write(f"The story of the fictitious project: {missions} missions.")
