"""How allauth behaves here: nobody signs up, and links never come from a request."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """`key` is "<user>-<token>"; the address is that of SITE_URL, whatever host was asked."""
        uid, _dash, token = key.partition("-")
        return site_address("account_reset_password_from_key", uidb36=uid, key=token)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, {**context, "site": settings.SITE_URL})


def site_address(name: str, **named: Any) -> str:
    return f"{settings.SITE_URL}{reverse(name, kwargs=named)}"
