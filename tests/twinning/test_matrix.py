"""The rights of every address, as docs/addresses.md says; foreign and missing are alike."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from audit.models import Event
from tests.twinning.matrix import MISSING, ROLES, House, addresses, logged_in, table

pytestmark = pytest.mark.django_db
PAGE = Path(settings.BASE_DIR, "docs", "addresses.md")


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def house() -> House:
    return House()


def test_every_address_answers_every_role_as_the_docs_say(house: House) -> None:
    """WRITE_ADDRESSES=1 writes the page anew: read what changed before you commit it."""
    found = table(house)
    text = PAGE.read_text(encoding="utf-8")
    head = text[: text.index("\n|---") + len("\n" + "|---" * (len(ROLES) + 2) + "|\n")]
    if os.environ.get("WRITE_ADDRESSES"):
        PAGE.write_text(head + "\n".join(found) + "\n", encoding="utf-8")
    written = [line for line in text.splitlines() if line.startswith("| `")]

    assert found == written
    assert not any(" 500" in line for line in found)


def test_every_address_is_in_the_docs() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert [name for name, _keys in addresses() if f"`{name}`" not in text] == []


def test_no_request_without_its_form_writes_anything() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if "! " in line]

    assert [row for row in rows if "reset_factor" not in row] == []


@pytest.mark.parametrize("role", ["coordinator", "leader", "auditor", "nothing"])
def test_foreign_and_missing_objects_get_one_answer_byte_for_byte(house: House, role: str) -> None:
    client = logged_in(house.people[role])
    pages = ("change", "history", "delete")
    for (name, which), row in house.rows.items():
        if which != "foreign" or name in ("institution", "user", "release"):
            continue
        for page in pages:
            label = f"admin:{row._meta.app_label}_{name}_{page}"
            for method in ("get", "post"):
                there, missing = (
                    getattr(client, method)(reverse(label, args=[key]), {"title_en": "x"})
                    for key in (row.pk, MISSING)
                )
                assert there.status_code in (403, 404), label
                assert (there.status_code, there.content) == (missing.status_code, missing.content)


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"])
def test_other_verbs_change_nothing_and_fail_nowhere(house: House, verb: str) -> None:
    client = logged_in(house.people["leader"])
    own = house.rows["deliverable", "own"]
    before = Event.objects.count()
    for where in (
        reverse("admin:deliverables_deliverable_change", args=[own.pk]),
        reverse("admin:deliverables_deliverable_step", args=[own.pk, "start"]),
        reverse("admin:deliverables_deliverable_sign", args=[own.pk]),
        reverse("admin:deliverables_deliverable_attach", args=[own.pk]),
        reverse("admin:releases_release_changes", args=["tw-1"]),
        "/admin/", "/admin/history/restore/", "/en/", "/audit/heads.json",
        "/en/projects/tw-1/deliverables/D1.1/",
    ):  # fmt: skip
        assert client.generic(verb, where).status_code < 500, where
    assert Event.objects.count() == before
    own.refresh_from_db()
    assert own.rung == "planned"


@pytest.mark.parametrize(
    "asked",
    ["?name__startswith=Can", "?expert__name__startswith=C", "?search_text__contains=canary",
     "?o=99", "?q=canary", "?project__far=1"],
)  # fmt: skip
def test_a_list_answers_no_question_about_hidden_columns(house: House, asked: str) -> None:
    client = logged_in(house.people["auditor"])

    text = client.get(f"/admin/experts/expert/{asked}").content.decode()

    assert "LV-E03" not in text
    assert "Canary" not in text.replace(asked[3:], "")


def test_an_autocomplete_is_for_who_may_use_its_form(house: House) -> None:
    asked: dict[str, Any] = {
        "app_label": "deliverables", "model_name": "item", "field_name": "deliverable",
    }  # fmt: skip
    answers = {
        role: Client() if user is None else logged_in(user) for role, user in house.people.items()
    }
    found = {}
    for role, client in answers.items():
        answer = client.get("/admin/autocomplete/", asked)
        found[role] = (
            len(answer.json()["results"]) if answer.status_code == 200 else answer.status_code
        )

    assert found == {
        "nobody": 302, "nothing": 403, "coordinator": 2, "leader": 3, "auditor": 3,
        "administrator": 4,
    }  # fmt: skip


def test_without_a_role_a_member_of_staff_changes_nothing(house: House) -> None:
    client = logged_in(house.people["nothing"])
    before = Event.objects.count()
    for name, keys in set(addresses()):
        if keys or not name.startswith("admin:") or name in ("admin:login", "admin:logout"):
            continue
        try:
            where = reverse(name)
        except Exception:  # noqa: BLE001, S112 - the end of the admin has no address to write
            continue
        client.post(where, {"title_en": "x", "action": "delete_selected", "_selected_action": "1"})

    assert Event.objects.count() == before
