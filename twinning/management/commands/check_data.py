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

    def handle(self, *args: object, **options: Any) -> None:
        findings = everything()
        rows = AcceptedFinding.objects.values_list("project__slug", "key", "reason")
        reasons = {(slug, key): reason for slug, key, reason in rows}
        entries = [
            asdict(finding)
            | {
                "address": _on_site(finding),
                "accepted": reasons.get((finding.project, finding.key)),
            }
            for finding in findings
        ]
        if options["json"]:
            self.stdout.write(json.dumps(entries, ensure_ascii=False))
        else:
            for entry in entries:
                word = "accepted" if entry["accepted"] else entry["severity"]
                why = f" ({entry['accepted']})" if entry["accepted"] else ""
                line = f"{word}: {entry['project']} {entry['sentence']}{why} {entry['address']}"
                self.stdout.write(line.rstrip())
            self.stdout.write(f"{counted(len(findings), 'finding')}.")
        errors = sum(
            entry["severity"] == Severity.ERROR and not entry["accepted"] for entry in entries
        )
        if errors:
            raise CommandError(f"{counted(errors, 'error')} in the data: see above.")


def _on_site(finding: Finding) -> str:
    """Where the row is in the back office, as an address that can be opened from a mail."""
    path = address_of(finding)
    return f"{settings.SITE_URL}{path}" if path else ""
