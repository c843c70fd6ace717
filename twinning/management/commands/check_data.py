from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deliverables.findings import CHECKS
from experts import findings as of_missions


class Command(BaseCommand):
    help = "Check what no constraint can: files, signatures, missions, days. Ends with 1 on errors."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="a list of objects instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        found = [finding for check in (*CHECKS, *of_missions.CHECKS) for finding in check()]
        if options["json"]:
            told = [asdict(finding) for finding in found]
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for one in found:
                self.stdout.write(" ".join((f"{one.severity}:", one.project, one.sentence)))
            self.stdout.write(f"{len(found)} findings.")
        if errors := sum(finding.severity == "error" for finding in found):
            raise CommandError(f"{errors} errors in the data: see above.")
