"""People at a browser without a screen: they log in, open a page, type into its form, and send."""

from __future__ import annotations

import time
from typing import Any

from django.db import models
from django.test import Client
from django.urls import reverse

from accounts.access import sessions
from tests.twinning.forms import Page

PASSWORD = "a long pass phrase"
LOGIN = "/admin/account/login/"
TEXT = "Ā“<b>\"'&" + "ā" * 312  # 320 characters


class Desk:
    """`page` is the form as it was opened; the CSRF token is checked as in operation."""

    def __init__(self, name: str = "ana") -> None:
        self.client, self.name = Client(enforce_csrf_checks=True), name
        self.log_in()

    def log_in(self, name: str = "", **query: Any) -> Any:
        token = self._token(LOGIN)
        data = {"login": name or self.name, "password": PASSWORD, "csrfmiddlewaretoken": token}
        return self.client.post(LOGIN, data | query, follow=True)

    def log_out(self) -> None:
        where = "/admin/account/logout/"
        self.client.post(where, {"csrfmiddlewaretoken": self._token(where)})

    def be_idle(self, minutes: int) -> None:
        session = self.client.session
        session[sessions.LAST] = int(time.time()) - minutes * 60
        session.save()

    def _token(self, where: str) -> str:
        return str(self.form(where, "csrfmiddlewaretoken")["csrfmiddlewaretoken"])

    def form(self, where: str, having: str = "typed_by") -> dict[str, Any]:
        """The fields of the first form of a page that has such a one."""
        text = self.client.get(where).content.decode()
        fields = [form.fields for form in Page(text).forms if having in form.fields]
        return {name: values if values[1:] else values[0] for name, values in fields[0].items()}

    def read(self, where: str) -> str:
        return self.client.get(where).content.decode()

    def send(self, where: str, form: dict[str, Any], **typed: Any) -> Any:
        return self.client.post(where, form | typed)


def change(row: models.Model) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
