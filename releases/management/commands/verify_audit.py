from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.lists.counting import counted
from audit.seals.sealed import Difference, Verdict
from audit.seals.verify import verify
from releases.models import Release
from releases.reading.altered import altered, made_otherwise

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

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = Verdict()
        found = list(verify(verdict, options["head"].strip().lower()))
        wrong = list(altered(Release.objects.all()))
        found += [
            Difference(str(one), f"{WHAT[what]} not what was published.") for one, what in wrong
        ]
        named = {one.where for one in found}
        others = Release.objects.exclude(pk__in=[one.pk for one, _what in wrong]).order_by("pk")
        otherwise = {
            str(one): paths
            for one in others.iterator(chunk_size=1)
            if f"releases_release {one.pk}" not in named and (paths := made_otherwise(one))
        }
        if options["json"]:
            told = {**asdict(verdict), "differences": [asdict(one) for one in found]}
            self.stdout.write(json.dumps({**told, "otherwise": otherwise}, ensure_ascii=False))
        else:
            for one in found:
                self.stdout.write(str(one))
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
        if found:
            raise CommandError(
                f"The audit trail does not hold: {counted(len(found), 'difference')}."
            )
