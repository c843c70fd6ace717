"""Whatever the register gives out it takes back without a change: each table, each format."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from budget.money import actions
from budget.money.models import Entry, Move
from exchange.tables.resources import TableResource
from releases.document.tables import RESOURCES
from tests.audit.rows import ROWS
from tests.exchange.files import Session, exported, saved
from tests.make import (
    approved,
    make_activity,
    make_change,
    make_component,
    make_deliverable,
    make_entry,
    make_heading,
    make_line,
    make_member,
    make_move,
    make_plan,
    make_planned,
    make_project,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow("every table goes out and comes in again")]
WAYS = ("csv", "excel", "xlsx", "excel saved", "xlsx saved")
MOVED = (
    "budget_entries", "contract_changes", "contract_moves", "deliverables", "work_plans",
    "planned_activities",
)  # fmt: skip


def signed_change() -> User:
    """A signed side letter that moves a result, an activity, money from a line, and the end."""
    project = make_project(publishing="by_hand", end_planned="2027-08")
    component = make_component(project)
    deliverable = make_deliverable(component, due_original="2026-05-31")
    activity, plan = make_activity(component), make_plan(project)
    line = make_line(project, heading=make_heading(project))
    make_planned(plan, activity, days=40)
    approved(plan)
    make_entry(line, "N1", amount="100000.00", on="2026-03")
    change, leader = make_change(project), make_member(project)
    make_move(change, "V1", line=line, amount="-5000.50", to_on="2026-09")
    make_move(change, "V2", deliverable=deliverable, to_on="2026-09-30")
    make_move(
        change, "V3", activity=activity, from_on=dt.date(2026, 2, 1), to_on="2027-01-29", days=50
    )
    make_move(change, "V4", to_on="2027-10-31")
    change.refresh_from_db()
    actions.sign(change, by=leader, seen=change.version, on=dt.date(2026, 6, 15))
    return leader


def came_back(client: Client, resource: type[TableResource], way: str) -> Any:
    """What an import of the table's own export would do, or all that it says is wrong."""
    format_, _space, again = way.partition(" ")
    app, name = resource.model()._meta.label_lower.split(".")
    data = exported(client, format_, name, app)
    if again:
        data = as_saved_again(data, format_)
    session = Session(client, name, app).upload(data, f"x.{'xlsx' if format_ == 'xlsx' else 'csv'}")
    return session.faults or session.counts


def as_saved_again(data: bytes, format_: str) -> bytes:
    """As a spreadsheet saves what it opened: days are days, numbers lose their zeros."""
    if format_ == "xlsx":
        return saved(load_workbook(io.BytesIO(data)))
    text = re.sub(r"\b(\d{4})-(\d\d)-(\d\d)\b", r"\3.\2.\1", data.decode("utf-8-sig"))
    return re.sub(r"(?m)(?<=[;-])(\d+),00(?=;|\r?$)", r"\1", text).encode("utf-8-sig")


def unchanged(resource: type[TableResource]) -> dict[str, int]:
    rows = resource.model()._default_manager.count()
    return {"new": 0, "changed": 0, "unchanged": rows, "conflicts": 0}


@pytest.mark.parametrize("table", RESOURCES)
def test_a_table_comes_back_unchanged(client: Client, table: str) -> None:
    resource = RESOURCES[table]
    ROWS[resource.model()._meta.label][0]()
    client.force_login(User.objects.create_superuser("root", password="x"))

    found = {way: came_back(client, resource, way) for way in WAYS}

    assert found == dict.fromkeys(WAYS, unchanged(resource))
    assert resource.model()._default_manager.exists()


@pytest.mark.parametrize("table", MOVED)
def test_what_a_signed_change_moved_comes_back_unchanged(client: Client, table: str) -> None:
    client.force_login(signed_change())
    resource = RESOURCES[table]
    assert Entry.objects.filter(amount__lt=0).exists()

    found = {way: came_back(client, resource, way) for way in WAYS}

    assert found == dict.fromkeys(WAYS, unchanged(resource))
    assert resource.model()._default_manager.exists()


@pytest.mark.parametrize(
    ("column", "old", "new"),
    [
        ("old_amount", b"100000.00", b"100000.01"),
        ("old_from_on", b"2026-01-01", b"2026-01-02"),
        ("old_days", b",40,", b",41,"),
    ],
)
def test_what_is_only_shown_and_says_something_else_is_refused(
    client: Client, column: str, old: bytes, new: bytes
) -> None:
    client.force_login(signed_change())
    data = exported(client, "csv", "move", "budget")
    assert old in data

    session = Session(client, "move", "budget").upload(data.replace(old, new))

    told = f"column “{column}”: This column is only shown, and an import does not change it."
    assert [told in fault for fault in session.faults] == [True] * Move.objects.filter(
        **{f"{column}__isnull": False}
    ).count()


@pytest.mark.parametrize("amount", ["-5000.51", "-1", "sNaN", "-1e999999"])
def test_another_amount_below_zero_is_refused_of_an_old_and_of_a_new_entry(
    client: Client, amount: str
) -> None:
    client.force_login(signed_change())
    data = exported(client, "csv", "entry", "budget").decode()
    new = f"project,line,code,kind,amount\ntw-1,B1,N9,planned,{amount}\n"

    for text in (data.replace("-5000.50", amount), new):
        session = Session(client, "entry", "budget").upload(text)
        assert len(session.faults) == 1, session.faults
        assert f"column “amount”: “{amount}” is n" in session.faults[0]


def test_a_row_of_an_export_in_a_project_that_nobody_sees_is_told_with_all_that_is_wrong(
    client: Client,
) -> None:
    """Also where the file has columns that are shown only, as an export has: its versions."""
    make_project("tw-1", publishing="by_hand")
    client.force_login(User.objects.create_superuser("root"))
    head = "project,number,version,title_lv,title_en"
    faults = Session(client, "component").upload(f"{head}\nfar,1,3,Nosaukums,{'x' * 900}\n").faults
    assert len(faults) == 2
    assert "far" in faults[0]
