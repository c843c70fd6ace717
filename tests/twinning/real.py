"""A fictitious project with all that two real ones had, entered by forms, and the ways it goes."""

from __future__ import annotations

import csv
import io
from html import unescape
from re import sub
from typing import Any

from django.test import Client
from django.urls import reverse

from deliverables.projects.models import Project
from tests.twinning.forms import form_of


def add(client: Client, page: str, **typed: Any) -> int:
    """Fill in the form of a new row as a person does; the id of the row."""
    address = reverse(f"admin:{page}_add")
    form = form_of(client.get(address).content.decode())
    assert form is not None
    typed = {name.replace("__", "-"): getattr(value, "pk", value) for name, value in typed.items()}
    assert typed.keys() <= form.names, typed.keys() - form.names
    sent = {**form.fields, **typed, "_continue": "1"}
    answer: Any = client.post(address, {name: value for name, value in sent.items() if value != ""})
    assert answer.status_code == 302, text_of(answer)[-3000:]
    return int(answer.url.rstrip("/").split("/")[-2])


def text_of(answer: Any) -> str:
    """A page without its marks, spaces as one."""
    return " ".join(unescape(sub(r"<[^>]+>", " ", answer.content.decode())).split())


def public(project: Project, page: str = "", lang: str = "en") -> str:
    return text_of(Client().get(f"/{lang}/projects/{project.slug}/{page}"))


def table(project: Project, name: str) -> list[dict[str, str]]:
    """A public CSV, read as CSV is."""
    answer = Client().get(f"/en/projects/{project.slug}/{name}.csv")
    content = b"".join(answer) if answer.streaming else answer.content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
