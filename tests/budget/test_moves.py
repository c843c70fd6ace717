"""A contract change moves a thing once; money of a line may stand in several rows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from budget.money.models import ContractChange, Move
from budget.money.models.change import MOVED_ONCE
from deliverables.projects.models import Project
from tests.exchange.files import Session
from tests.make import (
    make_activity,
    make_change,
    make_component,
    make_deliverable,
    make_line,
    make_member,
    make_move,
    make_project,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(client: Client) -> ContractChange:
    project = make_project(publishing="by_hand")
    client.force_login(make_member(project, name="lea"))
    make_line(project)
    make_activity(make_component(project))
    make_deliverable(project.components.get())
    return make_change(project)


def things(project: Project) -> dict[str, dict[str, Any]]:
    return {
        "deliverable": {"deliverable": project.deliverables.get(), "to_on": "2027-01"},
        "activity": {
            "activity": project.activities.get(), "from_on": "2026-01-05", "to_on": "2026-02-06",
            "days": 3,
        },
        "end": {"to_on": "2027-12-31"},
    }  # fmt: skip


@pytest.mark.parametrize("thing", ["deliverable", "activity", "end"])
def test_a_change_moves_a_thing_once(change: ContractChange, thing: str) -> None:
    given = things(change.project)[thing]
    make_move(change, "V1", **given)

    with pytest.raises(ValidationError) as told:
        Move(project=change.project, change=change, code="V2", **given).full_clean()
    assert told.value.messages == [str(MOVED_ONCE)]
    with pytest.raises(IntegrityError, match="move_"), transaction.atomic():
        make_move(change, "V2", **given)
    make_move(make_change(change.project, "SL2"), "V1", **given)


def test_money_of_a_line_may_stand_in_several_rows(change: ContractChange) -> None:
    line = change.project.budget_lines.get()
    for number, month in enumerate(("2026-03", "2026-06"), 1):
        make_move(change, f"V{number}", line=line, amount=10, to_on=month)
    assert change.moves.count() == 2


@pytest.mark.parametrize("thing", ["", "D1.1"])
def test_a_file_that_moves_a_thing_twice_is_told(
    client: Client, change: ContractChange, thing: str
) -> None:
    rows = "".join(f"tw-1,SL1,V{number},{thing},2027-0{number}\n" for number in (1, 2))
    page = Session(client, "move", "budget").upload(
        f"project,change,code,deliverable,to_on\n{rows}"
    )
    assert str(MOVED_ONCE) in page.text
    assert not Move.objects.exists()


def test_a_page_that_moves_the_end_twice_is_told(client: Client, change: ContractChange) -> None:
    form = {
        "kind": "side_letter", "reason_lv": "Iemesls", "reason_en": "Reason",
        "seen": change.version, "moves-TOTAL_FORMS": 2, "moves-INITIAL_FORMS": 0,
        "moves-0-to_on": "2027-01", "moves-1-to_on": "2028-01",
        "moves-0-ends_project": "on", "moves-1-ends_project": "on",
    }  # fmt: skip
    page = client.post(reverse("admin:budget_contractchange_change", args=[change.pk]), form)
    assert str(MOVED_ONCE) in page.content.decode()
    assert not Move.objects.exists()


def test_a_row_that_names_nothing_moves_the_end_only_where_it_says_so(
    client: Client, change: ContractChange
) -> None:
    form = {
        "kind": "side_letter", "reason_lv": "Iemesls", "reason_en": "Reason",
        "seen": change.version, "moves-TOTAL_FORMS": 1, "moves-INITIAL_FORMS": 0,
        "moves-0-to_on": "2027-01",
    }  # fmt: skip
    where = reverse("admin:budget_contractchange_change", args=[change.pk])
    line = change.project.budget_lines.get().pk
    for ticked, named in (({}, {}), ({"moves-0-ends_project": "on"}, {"moves-0-line": line})):
        page = client.post(where, form | ticked | named)
        assert "Say what the row moves" in page.content.decode()
        assert not Move.objects.exists()
    client.post(where, form | {"moves-0-ends_project": "on"})
    assert change.moves.get().to_on == "2027-01"
    shown = client.get(where).content.decode()
    assert re.search(r'name="moves-0-ends_project"[^>]* checked', shown)
