from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin import apps as stock


class TwinningConfig(AppConfig):
    """Only for its commands; the project itself has no tables."""

    default = True
    name = "twinning"

    def ready(self) -> None:
        from twinning import checks  # noqa: F401 - registers them


class RegisterAdminConfig(stock.AdminConfig):
    """The stock admin with our front page (office/site.py)."""

    default = False
    default_site = "office.site.RegisterSite"
