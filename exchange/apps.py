from __future__ import annotations

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = _("Data in and out")

    def ready(self) -> None:
        from exchange.checks import no_list_is_edited_in_place

        checks.register(no_list_is_edited_in_place)
