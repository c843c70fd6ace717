"""The clocks against a naive count of the rows, for thousands of random projects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from deliverables.ladder.status import Rung
from public.charts.clocks import clocks
from releases import actions
from releases.document.build import build
from releases.document.rows import ProjectRow
from releases.reading.reading import Reading
from tests.make import make_entry, make_line, make_project
from tests.public.make import get
from tests.volume import volume

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))
ACCEPTED = ("accepted", "confirmed")
BESIDE: dict[str, list[Any]] = {"evidence": [], "sources": [], "experts": []}
CENTS = st.integers(0, 10**7).map(lambda cents: f"{Decimal(cents) / 100:.2f}")
PROJECTS = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["running", "suspended", "concluded", "planned"]),
        "results_basis": st.sampled_from(["contract", "contract", "published"]),
        "start_actual": st.sampled_from(["", "2025-03-04", "2025-03"]),
        "start_planned": st.sampled_from(["", "2025-01-01"]),
        "end_planned": st.sampled_from(["", "2026", "2026-11-30", "2024-12-31"]),
        "end_current": st.sampled_from(["", "2027-05"]),
    }
)
RESULTS = st.fixed_dictionaries(
    {
        "rung": st.sampled_from(Rung.values) | st.sampled_from(ACCEPTED),
        "active": st.sampled_from([True, True, True, False]),
        "component": st.sampled_from([0, 1]),
    }
)


@st.composite
def ledgers(draw: st.DrawFn) -> dict[str, int]:
    """The days of an activity: what is accepted was delivered, what is delivered was taken."""
    accepted, reported, promised = (draw(st.integers(0, 40)) for _column in range(3))
    envelope = draw(st.integers(0, 90))
    taken = accepted + reported + promised
    return {
        "contract": draw(st.integers(0, 90)), "envelope": envelope, "planned_days": taken,
        "delivered": accepted + reported, "accepted": accepted, "days_left": envelope - taken,
    }  # fmt: skip


@st.composite
def entries(draw: st.DrawFn) -> list[dict[str, Any]]:
    """On two lines with the same codes, some corrected; a side letter adds to what is planned."""
    found: list[dict[str, Any]] = []
    kinds = st.sampled_from(["planned", "spent", "spent", "committed", "forecast"])
    for number in range(draw(st.integers(0, 8))):
        row: dict[str, Any] = {
            "line": draw(st.sampled_from(["B1", "B2"])), "code": f"N{number // 2}",
            "kind": draw(kinds), "amount": draw(CENTS), "on": "2026-03", "rounded_to": None,
            "corrects": "", "change": "",
        }  # fmt: skip
        if any((one["line"], one["code"]) == (row["line"], row["code"]) for one in found):
            continue
        taken = {(one["line"], one["corrects"]) for one in found}
        same = [
            one["code"] for one in found
            if (one["line"], one["kind"]) == (row["line"], row["kind"])
            and (one["line"], one["code"]) not in taken and not one["change"]
        ]  # fmt: skip
        if draw(st.booleans()) and same:
            row["corrects"] = same[-1]
        elif row["kind"] == "planned" and draw(st.booleans()):
            row["change"] = "SL1"
        found.append(row)
    return found


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """A document as a release makes it of the rows of its tables."""
    results = draw(st.lists(RESULTS, max_size=12))
    tables: dict[str, list[Any]] = {
        "projects": [draw(PROJECTS)],
        "components": [{"number": number} for number in (0, 1)],
        "deliverables": [row | {"code": f"D1.{n}"} for n, row in enumerate(results)],
        "person_days": draw(st.lists(ledgers(), max_size=4)),
        "budget_entries": draw(entries()),
    }
    return Reading(build(tables | BESIDE), "", 1, None, draw(DAYS), {})


def whole_days(project: ProjectRow) -> list[dt.date]:
    """Every day of the period, one after another."""
    starts = {"2025-03-04": dt.date(2025, 3, 4), "2025-03": dt.date(2025, 3, 1)}
    start = starts.get(project["start_actual"]) or (
        dt.date(2025, 1, 1) if project["start_planned"] else None
    )
    ends = {
        "2026": dt.date(2026, 12, 31), "2026-11-30": dt.date(2026, 11, 30),
        "2024-12-31": dt.date(2024, 12, 31),
    }  # fmt: skip
    end = dt.date(2027, 5, 31) if project["end_current"] else ends.get(project["end_planned"])
    if start is None or end is None:
        return []
    return [start + dt.timedelta(n) for n in range((end - start).days + 1)]


def counted(reading: Reading) -> dict[str, tuple[Any, Any]]:
    """Part and whole of each clock that can be told, one row after another."""
    document = reading.document
    found: dict[str, tuple[Any, Any]] = {}
    days = whole_days(document["project"])
    if document["project"]["status"] in ("running", "suspended") and days:
        found["time"] = (sum(day <= reading.on for day in days), len(days))
    own = [row for row in document["deliverables"] if row["active"] and row["rung"] != "dropped"]
    if own and document["project"]["results_basis"] == "contract":
        found["results"] = (sum(row["rung"] in ACCEPTED for row in own), len(own))
    envelope = sum(row["envelope"] for row in document["person_days"])
    if envelope:
        found["days"] = (sum(row["delivered"] for row in document["person_days"]), envelope)
    spent, planned = (amounts(document["budget_entries"], kind) for kind in ("spent", "planned"))
    if spent and any(planned):
        found["money"] = (sum(spent), sum(planned))
    return found


def amounts(rows: Iterable[Mapping[str, Any]], kind: str) -> list[Decimal]:
    """Those of a kind that no other row of their line corrects."""
    return [
        Decimal(row["amount"])
        for row in rows
        if row["kind"] == kind
        and not any((o["line"], o["corrects"]) == (row["line"], row["code"]) for o in rows)
    ]


@settings(max_examples=volume(2000))
@given(readings())
def test_each_clock_is_its_part_of_its_whole_counted_from_the_rows(reading: Reading) -> None:
    found = {clock.key: clock for clock in clocks(reading)}

    told = {key: (Decimal(one.part), Decimal(one.whole)) for key, one in found.items()}
    assert told == counted(reading)
    for key, clock in found.items():
        part, whole = told[key]
        naive = (100 * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
        assert Decimal(clock.percent) == naive
        assert 0 <= float(clock.width.removesuffix("%")) <= 100  # beyond it, it fills the scale
        assert clock.over == (part > whole)
        assert not clock.over or key in ("days", "money")


def test_money_is_of_the_day_to_which_it_is_reported_beside_the_time_of_that_day() -> None:
    def entry(code: str, on: str, **given: Any) -> dict[str, Any]:
        plain = {"line": "B1", "kind": "spent", "amount": "1.00", "rounded_to": None}
        return plain | {"code": code, "on": on, "corrects": "", "change": ""} | given

    entries = [
        entry("N1", "", kind="planned"),
        entry("N2", "2026-03"),
        entry("N3", "2026-12"),
        entry("N4", "2026-06", corrects="N3"),
    ]
    project = {
        "status": "running", "results_basis": "contract", "start_actual": "2026-01-01",
        "start_planned": "", "end_planned": "2026-12-31", "end_current": "",
    }  # fmt: skip
    result = {"rung": "accepted", "active": True, "component": 0, "code": "D1.1"}
    tables = BESIDE | {
        "projects": [project], "components": [], "deliverables": [result], "person_days": [],
        "budget_entries": entries,
    }  # fmt: skip
    made_at = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC)
    reading = Reading(build(tables), "", 1, made_at, dt.date(2026, 11, 24), {})

    shown = {clock.key: (clock.on, clock.time) for clock in clocks(reading)}

    assert shown == {
        "time": ("2026-11-24", None),  # 328 of 365 days
        "results": ("2026-09-01", "66.8"),  # a release knows nothing of what came after it
        "money": ("2026-06-30", "49.6"),  # 181 of 365 days
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("spent", "flags"), [("100.00", [0, 0]), ("100.01", [1, 3])])
def test_more_than_the_plan_is_flagged_beside_each_share(
    client: Client, spent: str, flags: list[int]
) -> None:
    """The headline, and the line and the quarter of the budget."""
    project = make_project(
        publishing="by_hand", status="running", start_actual="2026-01-01", end_planned="2099-12-31"
    )
    line = make_line(project)
    make_entry(line, "N1", amount="100.00", on="2026-03")
    make_entry(line, "N2", kind="spent", amount=spent, on="2026-03", ledger_ref="1")
    actions.publish(project, by=None)

    pages = [get(client, f"/en/projects/tw-1/{page}") for page in ("", "budget/")]

    assert [page.count("beyond the plan") for page in pages] == flags
