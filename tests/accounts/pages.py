"""The pages of getting in, asked as a browser does."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import work

PASSWORD = "a long pass phrase"
LOGIN = "/admin/account/login/"
NOT_RIGHT = "The user name or the password is not right."
NO_ROLES = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}  # given at once
TOO_MANY = "There were too many tries, so this one was not looked at."


def log_in(client: Client, name: str = "ana", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": name, "password": password, **extra})


def inside(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def ask_for_a_link(client: Client, email: str, **extra: Any) -> Any:
    return client.post(reverse("account_reset_password"), {"email": email}, **extra)


def mails() -> list[Any]:
    """All that were sent, those that waited too."""
    work.carry_out()
    return mail.outbox


def mailed_links() -> list[str]:
    """The links by which a password is chosen, of all mails sent, as paths; the mails are gone."""
    told = "\n".join(str(sent.body) for sent in mails())
    mail.outbox.clear()
    return re.findall(r"https?://\S+?(/admin/account/password/reset/key/\S+)", told)


def choose_password(client: Client, link: str, password: str) -> Any:
    """By a mailed link. Gives the answer to the form."""
    form = client.get(link, follow=True)
    new = {"password1": password, "password2": password}
    return client.post(form.redirect_chain[-1][0], new, follow=True)


def told(answer: Any) -> str:
    """The text of a page, with what HTML writes for a quotation mark."""
    return str(answer.content.decode()).replace("&#x27;", "'").replace("&quot;", '"')
