"""manage.py rebuild_search: makes anew what the search of the public pages reads."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from releases.models import SearchWord
from releases.search import index


class Command(BaseCommand):
    help = "Take the newest release of each project into the search anew; words of none go."

    def handle(self, *args: object, **options: Any) -> None:
        SearchWord.objects.all().delete()
        self.stdout.write(f"{index.write_all(index.newest())} projects can be searched.")
