"""docs/arithmetic.md is computed again, row by row."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings

from budget.costs.querysets import with_cost
from budget.money.absorption import absorb
from budget.money.reallocation import drifts
from deliverables.fields.shares import Share
from deliverables.indicators.opsys import way
from deliverables.ladder.lateness import Timing, slippage, timing
from deliverables.ladder.progress import count, elapsed
from deliverables.plan.models import Activity
from experts.missions import ledger
from experts.missions.models import ExpertDay, Mission
from experts.missions.querysets import with_ledger
from tests.make import (
    approved,
    make_activity,
    make_component,
    make_expert,
    make_goer,
    make_mission,
    make_plan,
    make_planned,
    make_project,
    make_rate,
)

TEXT = (settings.BASE_DIR / "docs" / "arithmetic.md").read_text(encoding="utf-8")
COMPUTED: set[str] = set()


def examples(name: str) -> list[dict[str, str]]:
    """The rows of the table under `<!-- name -->`; a repeated heading gets a number."""
    COMPUTED.add(name)
    table = TEXT.split(f"<!-- {name} -->\n")[1].split("\n\n")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    heads: list[str] = []
    for head in cells[0]:
        heads.append(head if head not in heads else f"{head} 2")
    return [dict(zip(heads, row, strict=True)) for row in cells[2:]]


def none_or(text: str, read: Any) -> Any:
    return None if text == "none" else read(text)


@pytest.mark.parametrize("row", examples("share"), ids=str)
def test_shares(row: dict[str, str]) -> None:
    share = Share(int(row["part"]), int(row["whole"]))

    assert str(share.percent).lower() == row["percent"]
    assert share.complete == (row["complete"] == "yes")


@pytest.mark.parametrize("row", examples("results"), ids=str)
def test_results(row: dict[str, str]) -> None:
    rungs = row["rungs"].split(", ")
    results = [
        {"rung": rung.removeprefix("x"), "active": not rung.startswith("x")} for rung in rungs
    ]
    counted: dict[str, Any] = {**count(results)}

    names = {"in force": "whole"}
    for head in ("in force", "delivered", "documented", "accepted", "confirmed"):
        assert counted[names.get(head, head)] == int(row[head]), head


@pytest.mark.parametrize("row", examples("late"), ids=str)
def test_late(row: dict[str, str]) -> None:
    deliverable = {
        "rung": row["rung"],
        "due_original": row["original"],
        "due_current": row["current"],
        "delivered_on": row["delivered"],
    }

    told = timing(deliverable, dt.date.fromisoformat(row["on"]))

    assert (told.state, told.days_original, told.days_current) == (
        row["state"],
        none_or(row["days original"], int),
        none_or(row["days current"], int),
    )


@pytest.mark.parametrize("row", examples("absorption"), ids=str)
def test_absorption(row: dict[str, str]) -> None:
    amounts = (("planned", row["rounded to"]), ("spent", row["rounded to 2"]))
    entries = [
        {
            "line": "B1", "code": kind, "kind": kind, "amount": row[kind],
            "rounded_to": rounded or None, "change": "", "corrects": "",
        }
        for kind, rounded in amounts
        if row[kind] != "none"
    ]  # fmt: skip

    told = absorb(entries)

    assert (told["percent"], told["percent_low"], told["percent_high"]) == (
        none_or(row["percent"], str),
        none_or(row["low"], str),
        none_or(row["high"], str),
    )


@pytest.mark.parametrize("row", examples("elapsed"), ids=str)
def test_elapsed(row: dict[str, str]) -> None:
    share = elapsed(row["start"], row["end"], dt.date.fromisoformat(row["on"]))

    told = (share.part, share.whole, str(share.percent)) if share else (None, None, None)
    assert told == (
        none_or(row["passed"], int),
        none_or(row["of"], int),
        none_or(row["percent"], str),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("row", examples("days"), ids=str)
def test_expert_days(row: dict[str, str]) -> None:
    activity = make_activity(make_component(make_project()))
    plan = make_plan(activity.project)
    make_planned(plan, activity, days=int(row["envelope"]))
    approved(plan)
    for number, text in enumerate(row["missions"].split(", "), 1):
        state, days = text.split(":")
        planned, used = map(int, days.split("/"))
        set_up_mission(activity, number, state, planned, used)

    found = with_ledger(Activity.objects.all()).values(*ledger.SUMMED).get()
    told: dict[str, Any] = {**ledger.total([found])}

    names = {"taken": "planned_days", "left": "days_left"}
    for head in ("envelope", "taken", "delivered", "accepted", "left"):
        assert told[names.get(head, head)] == int(row[head]), head
    assert told["percent_delivered"] == none_or(row["percent delivered"], str)


def set_up_mission(activity: Activity, number: int, state: str, planned: int, used: int) -> None:
    """A mission in a state, with a day of travel that counts nowhere."""
    start = dt.date(2026, 1, 1) + dt.timedelta(20 * number)
    mission = make_mission(activity, f"M{number}", from_on=start, to_on=start + dt.timedelta(10))
    expert = make_expert(f"LV-E{number:02}")
    make_goer(mission, expert, planned)
    Mission.objects.filter(pk=mission.pk).update(state="confirmed")
    for day in range(used + 1):
        ExpertDay.objects.create(
            project=activity.project, mission=mission, expert=expert,
            on=start + dt.timedelta(day), kind="country" if day < used else "travel",
        )  # fmt: skip
    reported = state in ("reported", "accepted", "claimed", "settled")
    Mission.objects.filter(pk=mission.pk).update(
        state=state, report_on=mission.to_on if reported else None
    )


@pytest.mark.parametrize("row", examples("pace"), ids=str)
def test_pace(row: dict[str, str]) -> None:
    start, on = (dt.date.fromisoformat(row[name]) for name in ("start", "on"))

    found = ledger.runs_out(int(row["delivered"]), int(row["envelope"]), start, on)

    assert found == none_or(row["runs out on"], dt.date.fromisoformat)


@pytest.mark.parametrize("row", examples("slippage"), ids=str)
def test_slippage(row: dict[str, str]) -> None:
    days = [int(number) for number in row["days original"].split(", ")]
    found = slippage(
        [
            Timing("open", -9, -9),
            *(Timing("done_late" if late > 0 else "on_time", late, 0) for late in days),
        ],
        "original",
    )

    assert found is not None
    told = (str(found.of), str(found.median), str(found.most))
    assert told == (row["of"], row["median"], row["most"])


@pytest.mark.django_db
@pytest.mark.parametrize("row", examples("day"), ids=str)
def test_amounts_of_days(row: dict[str, str]) -> None:
    activity = make_activity(make_component(make_project(publishing="by_hand")))
    mission, expert = make_mission(activity), make_expert()
    make_goer(mission, expert)
    Mission.objects.filter(pk=mission.pk).update(state="confirmed")
    ExpertDay.objects.create(
        project=activity.project, mission=mission, expert=expert, on=mission.from_on
    )
    for column, kind in (("fee", "fee"), ("support %", "support"), ("per diem", "per_diem")):
        if row[column] != "none":
            make_rate(activity.project, row[column], kind=kind)

    cost = with_cost(ExpertDay.objects.all()).get().cost

    assert cost == none_or(row["amount"], Decimal)


@pytest.mark.parametrize("row", examples("reallocation"), ids=str)
def test_reallocation(row: dict[str, str]) -> None:
    entry = {"line": "B1", "kind": "planned", "corrects": ""}
    entries = [entry | {"code": "N0", "amount": row["first planned"], "change": ""}]
    changes = []
    for number, change in enumerate(row["changes"].split(", ")):
        kind, _colon, amount = change.partition(":")
        kinds = {"SL": "side_letter", "AD": "addendum"}
        code = f"{kind}{number}"
        changes.append({"code": code, "kind": kinds[kind], "state": "signed"})
        entries.append(entry | {"code": code, "amount": amount, "change": code})
    rules = {"reallocation_limit": none_or(row["limit"], int), "reallocation_warning": 80}

    lines = [{"code": "B1", "heading": "H1"}]
    (found,) = drifts([{"code": "H1"}], lines, entries, changes, rules)

    state = "beyond" if found.beyond else "near" if found.near else "within"
    assert (str(found.signed), str(found.amended)) == (row["signed"], row["amended"])
    assert (str(found.percent), state) == (row["percent"], row["state"])


@pytest.mark.parametrize("row", examples("way"), ids=str)
def test_the_way_of_an_indicator(row: dict[str, str]) -> None:
    found = way(row["baseline"], row["target"], row["value"])

    told = (found.part, found.whole, found.percent) if found else (None, None, None)
    assert [str(one).lower() for one in told] == [row["part"], row["whole"], row["percent"]]


def test_every_table_of_the_page_is_computed() -> None:
    marked = re.findall(r"<!-- (\w+) -->", TEXT)
    assert set(marked) == COMPUTED
    assert len(re.findall(r"^\|---", TEXT, re.MULTILINE)) == len(marked)
