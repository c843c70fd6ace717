from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.models import Seal, Timestamp
from audit.seals.timestamps import NotStamped, timestamp


class Command(BaseCommand):
    help = "Have the newest head of the audit trail timestamped by the service at TIMESTAMP_URL."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.TIMESTAMP_URL:
            raise CommandError(
                "TIMESTAMP_URL is not set, so there is no service to ask, and nothing was done. "
                "Set it to the address of one that answers by RFC 3161, for instance: "
                "TIMESTAMP_URL=https://timestamp.example.org/tsr"
            )
        seal = Seal.objects.order_by("-number").first()
        if seal is None:
            self.stdout.write("Nothing is sealed yet, so there is no head to timestamp.")
            return
        row = Timestamp.objects.filter(seal=seal).first()
        known = " already" if row else ""
        try:
            row = row or timestamp(seal, settings.TIMESTAMP_URL)
        except NotStamped as sentence:
            raise CommandError(str(sentence)) from None
        self.stdout.write(
            f"Seal {seal.number} is timestamped{known}: {row.at.isoformat()} by {row.service}"
        )
