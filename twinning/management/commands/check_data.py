from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.lists.counting import counted
from deliverables.projects.checking import Finding, Severity
from deliverables.projects.models import AcceptedFinding
from office.findings import address_of, everything


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
        told = [
            asdict(one)
            | {"address": _on_site(one), "accepted": reasons.get((one.project, one.key))}
            for one in found
        ]
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for one in told:
                word = "accepted" if one["accepted"] else one["severity"]
                why = f" ({one['accepted']})" if one["accepted"] else ""
                line = f"{word}: {one['project']} {one['sentence']}{why} {one['address']}"
                self.stdout.write(line.rstrip())
            self.stdout.write(f"{counted(len(found), 'finding')}.")
        errors = sum(one["severity"] == Severity.ERROR and not one["accepted"] for one in told)
        if errors:
            raise CommandError(f"{counted(errors, 'error')} in the data: see above.")


def _on_site(finding: Finding) -> str:
    """Where the row is in the back office, as an address that can be opened from a mail."""
    path = address_of(finding)
    return f"{settings.SITE_URL}{path}" if path else ""
