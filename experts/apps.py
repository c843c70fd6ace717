from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExpertsConfig(AppConfig):
    name = "experts"
    verbose_name = _("Who works on it")

    def ready(self) -> None:
        from deliverables.plan.actions import ALSO_ASKED
        from experts.missions.envelope import takes_more

        ALSO_ASKED.append(takes_more)
