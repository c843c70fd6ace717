"""The rights of every address, as docs/addresses.md says; foreign and missing are alike."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from tests.twinning.beyond import FORGED, beyond
from tests.twinning.filled import holder, logged_in
from tests.twinning.house import House
from tests.twinning.matrix import (
    EMPTY,
    MISSING,
    NOT_TRIED,
    OBJECTS,
    ROLES,
    addresses,
    column,
    last_event,
    of_role,
    tried,
)
from tests.twinning.page import read, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow("asks every address")]
PAGE = Path(settings.BASE_DIR, "docs", "addresses.md")
WRITES = bool(os.environ.get("WRITE_ADDRESSES"))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    """Built once; each test, and each request of the matrix, is taken back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = House()
        holder(made)  # a log-in in a test would be taken back with it
        yield made
        transaction.set_rollback(True)


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_the_role_as_the_docs_say(house: House, role: str) -> None:
    if WRITES and role == ROLES[0]:
        write_the_page(house)
    found = column(house, role)
    written = read(PAGE.read_text(encoding="utf-8"))[role]
    expected = {
        (name, verb): as_tried(said, found.get((name, verb), ""))
        for (name, verb), said in written.items()
        if tried(role, name)
    }

    assert found == {asked: said for asked, said in expected.items() if said or asked[1] != EMPTY}
    assert not any(answer.startswith("5") for said in found.values() for answer in said.split())


def as_tried(said: str, found: str) -> str:
    """The answers of the page, without those that were not tried now."""
    each = zip(said.split(), found.split(), strict=False)
    return " ".join(NOT_TRIED if new == NOT_TRIED else old for old, new in each)


@pytest.mark.parametrize("who", ["leader", "both"])
def test_nothing_that_is_forged_lands_outside_the_own_scope(house: House, who: str) -> None:
    intruder = beyond(house, who)
    said = read(PAGE.read_text(encoding="utf-8"))["coordinator" if who == "both" else who]
    honest = {
        name
        for (name, verb), answers in said.items()
        if verb == "POST" and answers.split()[0].endswith("!") and FORGED.search(name)
    }

    assert intruder.told == []
    assert intruder.written == honest  # each forged request is one that would do, but for one thing


def write_the_page(house: House) -> None:
    """Read what changed before you commit it."""
    found = {role: column(house, role, lambda _who, _name: OBJECTS) for role in ROLES}
    text = PAGE.read_text(encoding="utf-8")
    head = text[: text.index("\n|---") + len("\n" + "|---" * (len(ROLES) + 2) + "|\n")]
    PAGE.write_text(head + "\n".join(rows_of(found)) + "\n", encoding="utf-8")


def test_every_address_is_in_the_docs() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert [name for name, _keys in addresses() if f"`{name}`" not in text] == []


def test_no_request_without_its_form_writes_anything_but_buttons_that_ask_nothing() -> None:
    written = read(PAGE.read_text(encoding="utf-8"))
    wrote = {
        name
        for said in written.values()
        for (name, verb), answers in said.items()
        if verb != "POST" and "!" in answers and not name.endswith("_import_undo")
    }

    assert wrote == {
        "admin:deliverables_mistake_put_back",
        "admin:deliverables_workplan_next",
        "admin:releases_release_give_back",
    }


@pytest.mark.parametrize("role", ["coordinator", "leader", "auditor", "nothing"])
def test_foreign_and_missing_objects_get_one_answer_byte_for_byte(house: House, role: str) -> None:
    client = logged_in(house.people[role])
    pages = ("change", "history", "delete")
    foreign = {name for name, which in house.rows if which == "foreign"}
    for name in of_role(sorted(foreign - {"institution", "user", "release"}), role):
        row = house.rows[name, "foreign"]
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
    before = last_event()
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
    assert last_event() == before
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
    answers = {role: logged_in(user) for role, user in house.people.items()}
    found = {}
    for role, client in answers.items():
        answer = client.get("/admin/autocomplete/", asked)
        found[role] = (
            len(json.loads(answer.content)["results"])
            if answer.status_code == 200
            else answer.status_code
        )

    assert found == {
        "nobody": 302, "nothing": 403, "coordinator": 2, "leader": 3, "auditor": 3,
        "administrator": 4,
    }  # fmt: skip


def test_without_a_role_a_member_of_staff_changes_nothing(house: House) -> None:
    client = logged_in(house.people["nothing"])
    before = last_event()
    for name, keys in set(addresses()):
        if keys or not name.startswith("admin:") or name in ("admin:login", "admin:logout"):
            continue
        try:
            where = reverse(name)
        except Exception:  # noqa: BLE001, S112 - the end of the admin has no address to write
            continue
        client.post(where, {"title_en": "x", "action": "delete_selected", "_selected_action": "1"})

    assert last_event() == before


AT_A_DESK = (
    "", "deliverables/deliverable/", "deliverables/deliverable/add/", "budget/entry/add/",
    "findings/{}/", "quarter/{}/", "standing/{}/", "extracts/{}/", "search/?q=D1",
    "releases/release/{}/changes/", "accounts/user/", "nowhere/",
)  # fmt: skip
OPENED = [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 403, 404]


@pytest.mark.parametrize(
    ("role", "own", "foreign"),
    [
        ("nobody", [302] * 12, [302] * 12),
        ("nothing", [404] * 12, [404] * 12),
        ("coordinator", OPENED, [404] * 12),
        ("leader", OPENED, [404] * 12),
        ("auditor", [200, 200, 403, 403, *OPENED[4:]], [404] * 12),
        ("administrator", [*OPENED[:10], 200, 404], [*OPENED[:10], 200, 404]),
    ],
)
def test_a_desk_answers_the_role_as_its_project_does(
    house: House, role: str, own: list[int], foreign: list[int]
) -> None:
    client = logged_in(house.person(role))
    for slug, said in (("tw-1", own), ("far", foreign)):
        asked = [f"/desk/{slug}/admin/{page.format(slug)}" for page in AT_A_DESK]
        assert [client.get(page).status_code for page in asked] == said
