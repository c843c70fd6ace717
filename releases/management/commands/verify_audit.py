from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.lists.counting import counted
from audit.seals.seal_checks import Discrepancy, Verdict
from audit.seals.verify import verify
from releases.findings import altered, made_otherwise
from releases.models import Release

WHAT = {"document": "its document is", "files": "its files are"}


class Command(BaseCommand):
    help = (
        "Recompute the books and seals of the audit trail, replay its events against the rows, "
        "and every release with its files; name every difference. Ends with 1 if there is one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", default="", help="a head that you kept: does a seal still have it?"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object instead of text")

    def handle(self, *args: object, **options: Any) -> None:
        verdict = Verdict()
        differences = list(verify(verdict, options["head"].strip().lower()))
        wrong = list(altered(Release.objects.all()))
        differences += [
            Discrepancy(str(release), f"{WHAT[what]} not what was published.")
            for release, what in wrong
        ]
        named = {difference.where for difference in differences}
        altered_keys = [release.pk for release, _what in wrong]
        others = Release.objects.exclude(pk__in=altered_keys).order_by("pk")
        otherwise = {
            str(release): paths
            for release in others.iterator(chunk_size=1)
            if f"releases_release {release.pk}" not in named and (paths := made_otherwise(release))
        }
        if options["json"]:
            rows = [asdict(difference) for difference in differences]
            report = asdict(verdict) | {"differences": rows, "otherwise": otherwise}
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            for difference in differences:
                self.stdout.write(str(difference))
            for name, paths in otherwise.items():
                self.stdout.write(
                    f"{name}: this version of the register makes {', '.join(paths)} otherwise than "
                    f"they were published; what is in them is the same document."
                )
            self.stdout.write(
                f"{counted(verdict.events, 'event')} ({verdict.unsealed} not sealed yet; "
                f"{verdict.missing} numbers missing, of what was rolled back or was deleted before "
                f"it was sealed{': ' if verdict.gaps else ''}{verdict.gaps}), "
                f"{counted(verdict.seals, 'seal')}, {counted(verdict.rows, 'live row')}. "
                f"Head: {verdict.head or 'none'}"
            )
        if differences:
            raise CommandError(
                f"The audit trail does not hold: {counted(len(differences), 'difference')}."
            )
