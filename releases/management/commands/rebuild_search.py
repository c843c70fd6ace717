"""manage.py rebuild_search: makes anew what the search of the public pages reads."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from releases.search import index


class Command(BaseCommand):
    help = "Take the newest release of each project into the search anew; words of none go."

    def handle(self, *args: object, **options: Any) -> None:
        self.stdout.write(f"{index.rebuild()} projects can be searched.")
