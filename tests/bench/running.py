"""make bench: what the tables of a running project cost, as ratios of one run.

Prints a table for docs/measurements.md: exports of expert-days, of what they cost and of budget
entries beside psql and stock django-import-export, the ledger, and a release.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from import_export import resources as stock_resources
from import_export.formats.base_formats import CSV as StockCSV

from audit.events.moment import one_moment
from budget.costs.resources import DayCostResource
from budget.money.models import Entry
from budget.money.resources import EntryResource
from deliverables.plan.models import Activity
from exchange.exports.extracts import FORMATS, Extract
from experts.missions.models import ExpertDay, Mission, MissionExpert
from experts.missions.querysets import with_ledger
from experts.missions.resources import ExpertDayResource
from experts.people.models import Expert
from releases.document import live
from tests.bench.transfers import Nowhere, in_turn, psql
from tests.make import (
    make_activity,
    make_component,
    make_line,
    make_plan,
    make_planned,
    make_project,
    make_rate,
)

LONG = 5  # days of a mission
MOST = 10_000  # expert-days of one project
SIZES = (1_000, 100_000)  # expert-days


class StockDays(stock_resources.ModelResource):
    class Meta:
        model = ExpertDay


class StockEntries(stock_resources.ModelResource):
    class Meta:
        model = Entry


def portfolio(days: int) -> Any:
    """Projects of at most 10,000 expert-days and as many entries each; the last one."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for number in range(max(1, days // MOST)):
            project = a_running_project(number, min(days, MOST))
        cursor.execute("RESET session_replication_role; ANALYZE")
    return project


def a_running_project(which: int, days: int) -> Any:
    """100 activities, missions of five days, two daily fees, entries on lines of 1,000 each."""
    project = make_project(f"size-{days}-{which}", reference=f"TW {days} {which}")
    component = make_component(project)
    plan = make_plan(project)
    activities = [make_activity(component, f"A1.{number}") for number in range(1, 101)]
    for activity in activities:
        make_planned(plan, activity, days=days)
    make_rate(project, "350.00", from_on=dt.date(2010, 1, 1))
    make_rate(project, "400.00", from_on=dt.date(2011, 1, 1))
    make_rate(project, "136.00", kind="support", from_on=dt.date(2010, 1, 1))
    _missions(project, activities, days, 1 + which * 100)
    for number in range(days // 1000):
        line = make_line(project, f"B{number + 1}")
        Entry.objects.bulk_create(
            Entry(line=line, code=f"N{code}", kind="spent", amount=code, on="2010-05")
            for code in range(1, 1001)
        )
    return project


def _missions(project: Any, activities: list[Activity], days: int, first: int) -> None:
    begin, each = dt.date(2010, 1, 4), 100
    experts = Expert.objects.bulk_create(
        Expert(code=f"LV-E{first + number}", country="LV") for number in range(days // LONG // each)
    )
    missions = Mission.objects.bulk_create(
        (
            Mission(
                project=project, activity=activities[number % 100], code=f"M{number + 1}",
                state="accepted", from_on=day, to_on=day + dt.timedelta(LONG - 1),
                report_on=day + dt.timedelta(LONG),
            )
            for number in range(days // LONG)
            for day in [begin + dt.timedelta(7 * (number // len(experts)))]
        ),
        batch_size=5000,
    )  # fmt: skip
    goers = [(row, experts[number % len(experts)]) for number, row in enumerate(missions)]
    MissionExpert.objects.bulk_create(
        (MissionExpert(project=project, mission=m, expert=e, days=LONG) for m, e in goers),
        batch_size=5000,
    )
    ExpertDay.objects.bulk_create(
        (
            ExpertDay(project=project, mission=m, expert=e, on=m.from_on + dt.timedelta(number))
            for m, e in goers
            for number in range(LONG)
        ),
        batch_size=5000,
    )


def written(extract: Callable[[], Extract]) -> None:
    with one_moment():
        extract().write(Nowhere(), FORMATS["csv"])  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("days", SIZES)
def test_bench(days: int, capsys: pytest.CaptureFixture[str]) -> None:
    project = portfolio(days)
    extracts: dict[str, tuple[Callable[[], Extract], Any]] = {
        "expert_days.csv": (
            lambda: Extract(ExpertDayResource, ExpertDay.objects.all()),
            StockDays,
        ),
        "day_costs.csv": (lambda: Extract(DayCostResource, ExpertDay.objects.all()), None),
        "budget_entries.csv": (lambda: Extract(EntryResource, Entry.objects.all()), StockEntries),
    }
    with capsys.disabled():
        for name, (extract, stock) in extracts.items():
            works: dict[str, Callable[[], Any]] = {
                "ours": lambda e=extract: written(e),  # type: ignore[misc]
                "psql COPY": lambda e=extract: psql(e()),  # type: ignore[misc]
            }
            if stock:
                works["stock"] = lambda s=stock: StockCSV().export_data(s().export())  # type: ignore[misc]
            _tell(name, days, in_turn(works, 1 if days > 1000 else 3))
        ledger = with_ledger(Activity.objects.all())
        _tell(
            "one project",
            days,
            in_turn(
                {
                    "ours": lambda: list(ledger.values("code", "days_left")),
                    "document of a release": lambda: live.build(project),
                }
            ),
        )


def _tell(name: str, days: int, found: dict[str, tuple[float, float]]) -> None:
    for who, (seconds, grown) in found.items():
        ratio = seconds / found["ours"][0]
        told = "1" if who == "ours" else f"{ratio:.2f}"
        print(f"| {name} | {days:,} | {who} | {seconds:.2f} | {told} | {grown:.0f} |")  # noqa: T201
