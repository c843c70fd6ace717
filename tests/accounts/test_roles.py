from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.roles import RIGHTS, Reach, Right, Role
from tests.make import make_member, make_project


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_table_of_rights_in_the_docs_is_the_one_in_the_code() -> None:
    written = Path(settings.BASE_DIR, "docs", "rights.md").read_text(encoding="utf-8")
    expected = [
        [str(right.label), *(str(Reach(by[role]).label) if role in by else "" for role in Role)]
        for right, by in RIGHTS.items()
    ]

    assert rows(written.partition("## ")[0])[1:] == expected
    assert set(RIGHTS) == set(Right)


@pytest.mark.django_db
def test_the_back_office_shows_the_same_table_and_the_readers_roles(client: Client) -> None:
    client.force_login(make_member(make_project(), "auditor"))

    page = client.get("/admin/roles/").content.decode()

    assert page.count('<th scope="row">') == len(Right)
    assert page.count("<td>own projects</td>") == sum(
        list(by.values()).count(Reach.PROJECT) for by in RIGHTS.values()
    )
    assert "<li> TW-1 · Auditor </li>" in " ".join(page.split())
