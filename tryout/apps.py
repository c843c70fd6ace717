from __future__ import annotations

from django.apps import AppConfig


class TryoutConfig(AppConfig):
    name = "tryout"
