from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deliverables.models import AcceptedFinding
from twinning.findings import everything


class Command(BaseCommand):
    help = (
        "Check what no constraint can: files, signatures, missions, days, money. Ends with 1 on "
        "errors that nobody accepted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="a list of objects instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        found = everything()
        rows = AcceptedFinding.objects.values_list("project__slug", "key", "reason")
        reasons = {(slug, key): reason for slug, key, reason in rows}
        told = [asdict(one) | {"accepted": reasons.get((one.project, one.key))} for one in found]
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for one in told:
                word = "accepted" if one["accepted"] else one["severity"]
                why = f" ({one['accepted']})" if one["accepted"] else ""
                self.stdout.write(f"{word}: {one['project']} {one['sentence']}{why}")
            self.stdout.write(f"{len(found)} findings.")
        errors = sum(one["severity"] == "error" and not one["accepted"] for one in told)
        if errors:
            raise CommandError(f"{errors} errors in the data: see above.")
