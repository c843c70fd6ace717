"""manage.py release_schema: prints the JSON Schema of a release document."""

from __future__ import annotations

import json

from django.core.management.base import BaseCommand
from django.utils import translation

from releases.document.schema import schema


class Command(BaseCommand):
    help = "Print the JSON Schema of a release; static/releases/ holds the published copy."

    def handle(self, *args: object, **options: object) -> None:
        with translation.override("en"):
            self.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=1))
