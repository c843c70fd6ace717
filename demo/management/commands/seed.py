from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from audit.events.acting import SYSTEM, acting
from audit.models import Through
from deliverables.plan.models import Activity
from deliverables.projects.models import Project
from demo.management.commands.load_seed import import_file, slugs
from demo.stages import STAGES, Stage, prepare
from demo.stages import stage as stage_at
from demo.story import FOLDER, TABLES, ProjectStory
from releases.actions import publish_loaded

SEED, DEMO = FOLDER.parent.parent, FOLDER.parent.name


class Command(BaseCommand):
    help = (
        "Load the projects under seed/ and play the story of the fictitious one up to a stage, "
        "through the actions that people use. A story that was played is not played again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", choices=STAGES, default="midterm")
        parser.add_argument("--if-empty", action="store_true", help="only when no project exists")

    def handle(self, *args: object, stage: str, if_empty: bool, **options: object) -> None:
        folders = sorted(path.parent for path in SEED.glob("*/projects.csv"))
        if if_empty and Project.objects.exists():
            publish_loaded(slugs(folders))  # where an earlier start was cut short there
            return
        if Activity.objects.filter(project__slug=DEMO).exists():
            self.stdout.write("The story of the fictitious project was played before.")
            return
        with transaction.atomic():
            for folder in folders:
                if folder.name != DEMO:
                    call_command("load_seed", folder, stdout=self.stdout)
            missions = self._play(stage_at(stage, timezone.localdate()))
        publish_loaded(slugs(folders))
        self.stdout.write(f"The story of the fictitious project: {missions} missions.")

    def _play(self, at: Stage) -> int:
        """The project as its contract was signed, and then what happened until the stage."""
        with TemporaryDirectory() as folder:
            own, story = Path(folder) / "own", Path(folder) / "story"
            for source, target in ((FOLDER.parent, own), (FOLDER, story)):
                target.mkdir()
                prepare(source, target, at)
            call_command("load_seed", own, stdout=self.stdout)
            with acting(SYSTEM, Through.COMMAND, "seed"):
                for table in TABLES:
                    import_file(table, story / f"{table}.csv")
        return ProjectStory(Project.objects.get(slug=DEMO), at).play()
