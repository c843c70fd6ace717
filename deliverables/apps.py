from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliverablesConfig(AppConfig):
    name = "deliverables"
    verbose_name = _("What was promised")

    def ready(self) -> None:
        """What evidence adds to a signature."""
        from deliverables.evidence import signed  # noqa: F401 - adds its parts
