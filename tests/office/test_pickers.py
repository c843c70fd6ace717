"""No picker offers, and no search of one finds, a row that the form would refuse.

Generated over all registered forms: at the desk of one of two projects each picker of each form is
asked, and each row that it offers is sent in the form. What the form says then may be about what
else is typed (a code that is taken, a country), never about the row that was offered.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client

from budget.money.models import ContractChange, Entry
from budget.money.models.change import SIGNED_IS_FINAL
from deliverables.plan.models import WorkPlan
from deliverables.projects.models.belonging import SAME_PROJECT
from deliverables.projects.scoped_admin import NOT_YOURS
from experts.missions.models import Mission
from experts.missions.models.day import SHEET_IS_CLOSED
from experts.missions.models.mission import AS_A_DRAFT
from tests.make import approved, make_change, make_entry, make_mission, make_plan
from tests.twinning.filled import added
from tests.twinning.forms import form_of
from tests.twinning.house import House

pytestmark = [pytest.mark.django_db, pytest.mark.slow("sends each form once for each row")]
DESK = "/desk/tw-1/admin"
OF_THE_ROW = [
    str(text)
    for text in (
        AS_A_DRAFT, NOT_YOURS, SAME_PROJECT, SHEET_IS_CLOSED, SIGNED_IS_FINAL,
        "Select a valid choice", "same project", "approved version", "of another country",
    )
]  # fmt: skip


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    """With a row in each state in which one is refused, and in which none is."""
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        made = House()
        activity, line = made.rows["activity", "own"], made.rows["line", "own"]
        for number, state in enumerate(("draft", "confirmed", "approved", "cancelled"), 50):
            make_mission(activity, f"M{number}", from_on=dt.date(2026, number - 45, 1),
                         to_on=dt.date(2026, number - 45, 5))  # fmt: skip
            Mission.objects.filter(code=f"M{number}").update(state=state)
        approved(make_plan(made.project, "P8", kind="rolling"))
        make_plan(made.project, "P9", kind="rolling")
        signed = make_change(made.project, "SL8")
        ContractChange.objects.filter(pk=signed.pk).update(state="signed", signed_on="2026-01-01")
        wrong = make_entry(line, "N8")
        make_entry(line, "N9", corrects=wrong, amount="0.00", note_lv="x", note_en="x")
        yield made
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


def offered(client: Client, page: Any, name: str, like: dict[str, Any]) -> dict[str, str]:
    """What the picker finds, asked with what the form says in the fields that it goes with."""
    given = {other: like.get(other, "") for other in page.together.get(name, {}).values()}
    asked = given | {"app_label": page.opts.app_label, "model_name": page.opts.model_name}
    answer = client.get(f"{DESK}/autocomplete/", asked | {"field_name": name})
    return {choice["id"]: choice["text"] for choice in json.loads(answer.content)["results"]}


def refusals(client: Client, page: Any, data: dict[str, Any]) -> dict[str, list[str]]:
    """What the form says, by field; nothing of it is saved."""
    where = f"{DESK}/{page.opts.app_label}/{page.opts.model_name}/add/"
    with transaction.atomic():
        answer = client.post(where, data)
        transaction.set_rollback(True)
    form = answer.context["adminform"].form if answer.status_code == 200 else None
    return {name: list(map(str, texts)) for name, texts in form.errors.items()} if form else {}


def unseen(seen: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pickers of rows within a page that are not those of the page of such a row."""
    return [
        (inline.__name__, name)
        for page in admin.site._registry.values()
        for inline in page.inlines
        for name in inline.autocomplete_fields
        if (inline.model._meta.model_name, name) not in seen
    ]


def test_every_offered_row_is_taken(house: House) -> None:
    client = Client()
    client.force_login(house.holder)
    seen: dict[tuple[str, str], set[str]] = {}
    wrong = []
    for page in admin.site._registry.values():
        where = f"{DESK}/{page.opts.app_label}/{page.opts.model_name}/add/"
        answer = client.get(where)
        form = form_of(answer.content.decode(), "") if answer.status_code == 200 else None
        label = str(page.opts.model_name)
        like: dict[str, Any] = {}
        if form:
            like = {**form.fields, **added(house, label, "own", form)}
        for name in page.autocomplete_fields if form else ():
            rows = offered(client, page, name, like) if name in form.names else {}  # type: ignore[union-attr]
            seen[label, name] = set(rows.values())
            if rows and like.get(name) not in rows:  # the row that is there may be final already
                like[name] = next(iter(rows))
            for key, text in rows.items():
                said = refusals(client, page, {**form.fields, **like, name: key})  # type: ignore[union-attr]
                spoken = " ".join(text for texts in said.values() for text in texts)
                own = name in said
                if own or any(sentence in spoken for sentence in OF_THE_ROW):
                    wrong.append((label, name, text, spoken))

    assert wrong == []
    assert unseen(set(seen)) == []
    assert len([field for field, rows in seen.items() if rows]) > 30
    assert seen["missionexpert", "mission"] == {"M50 2026-05-01"}
    assert {"M50 2026-05-01", "M52 2026-07-01"}.isdisjoint(seen["expertday", "mission"])
    assert {text.split()[0] for text in seen["plannedactivity", "plan"]}.isdisjoint({"P8"})
    assert {text.split()[0] for text in seen["entry", "corrects"]}.isdisjoint({"N8"})
    assert Entry.objects.filter(code="N8").exists()
    assert WorkPlan.objects.filter(code="P8").exists()


def test_without_a_script_what_was_refused_is_a_list_of_what_goes_with_the_rest(
    house: House,
) -> None:
    client = Client()
    client.force_login(house.holder)
    line = house.rows["line", "own"]
    where = f"{DESK}/budget/entry/add/"
    chosen = str(make_entry(line, "S1", kind="spent").pk)
    given = {"line": line.pk, "kind": "planned", "corrects": chosen}

    fresh = form_of(client.get(where).content.decode())
    with transaction.atomic():
        refused = form_of(client.post(where, given).content.decode())
        transaction.set_rollback(True)

    takes = Entry.objects.filter(line=line, kind="planned", change=None, corrected_by=None)
    assert fresh
    assert refused
    assert fresh.offers["corrects"] == [""]
    assert {str(row.pk) for row in takes} == set(refused.offers["corrects"]) - {"", chosen}
    assert takes.exists()


def test_what_is_no_row_narrows_nothing(house: House) -> None:
    client = Client()
    client.force_login(house.holder)
    page = admin.site.get_model_admin(Entry)
    every = offered(client, page, "corrects", {})

    assert every
    for text in ("x", "-1", "9" * 40, "\0"):
        assert offered(client, page, "corrects", {"line": text}) == every
    assert offered(client, page, "corrects", {"kind": "\0"}) == every
    assert offered(client, page, "corrects", {"line": "999999999"}) == {}
