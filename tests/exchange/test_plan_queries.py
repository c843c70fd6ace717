"""What a plan asks the database does not grow with the rows of the file: each table, both ways."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from budget.contract.models import Rate, Report, Ruleset, Term
from budget.money.models import ContractChange, Entry, Heading, Line, Move
from deliverables.evidence.models import Evidence, Source, Statement
from deliverables.indicators.models import Indicator, Measurement
from deliverables.ladder.models import Deliverable, Figure, Item
from deliverables.plan.models import Activity, ActivityDeliverable, PlannedActivity, WorkPlan
from deliverables.projects.models import Component, Project, Suspension, Title
from exchange.imports.pages import ImportAdmin
from experts.missions.models import ExpertDay, Mission, MissionExpert
from experts.people.models import Assignment, Expert, Institution, Partnership
from tests.exchange.files import Session, exported
from tests.make import (
    make_activity,
    make_change,
    make_component,
    make_deliverable,
    make_evidence,
    make_expert,
    make_goer,
    make_heading,
    make_indicator,
    make_institution,
    make_item,
    make_line,
    make_member,
    make_mission,
    make_plan,
    make_project,
    make_user,
)
from tests.volume import volume

pytestmark = pytest.mark.django_db
FEW, MANY = 5, volume(500, least=25)
BOTH = {"title_lv": "Virsraksts", "title_en": "Title"}
FIRST = dt.date(2020, 1, 1)


def day(n: int) -> dt.date:
    return FIRST + dt.timedelta(n)


OF_THE_WORLD = {"project", "plan", "mission", "deliverable", "change"}


class World:
    """What the rows refer to; of what a row has for itself, one for each number."""

    def __init__(self, count: int) -> None:
        self.numbers = range(1, count + 1)
        self.project = make_project(start_actual="2019-12-01", publishing="by_hand")
        self.component = make_component(self.project, 1)
        self.other = make_component(self.project, 2)
        self.deliverable = make_deliverable(self.component)
        self.item = make_item(self.deliverable)
        self.evidence = make_evidence(self.project)
        self.heading = make_heading(self.project)
        make_heading(self.project, "H2")
        self.line = make_line(self.project)
        self.plan = make_plan(self.project)
        self.change = make_change(self.project)
        self.indicator = make_indicator(self.component)
        self.office = make_institution()
        self.expert = make_expert()
        self.mission = make_mission(
            make_activity(self.component), from_on=day(0), to_on=day(80), state="draft"
        )

    def many(self, model: Any, **columns: Any) -> list[Any]:
        """A row a number; a column that is a function is called with the number."""
        rows = [
            model(**{name: value(n) if callable(value) else value
                     for name, value in columns.items()})
            for n in self.numbers
        ]  # fmt: skip
        return list(model._default_manager.bulk_create(rows))

    def activities(self) -> list[Activity]:
        return self.many(
            Activity, project=self.project, component=self.component,
            code=lambda n: f"A1.{n + 1}", kind="mission", **BOTH,
        )  # fmt: skip

    def experts(self) -> list[Expert]:
        return self.many(Expert, code=lambda n: f"LV-E{n + 100}", country="LV")

    def offices(self) -> list[Institution]:
        return self.many(
            Institution, code=lambda n: f"LV-{n + 1}", name_lv="Iestāde",
            name_en=lambda n: f"Office {n}", country="LV",
        )  # fmt: skip

    def projects(self) -> list[Project]:
        return self.many(
            Project, slug=lambda n: f"many-{n}", reference=lambda n: f"M {n}", status="running",
            beneficiary_country="AL", publishing="by_hand", **BOTH,
        )  # fmt: skip


Prepared = Callable[[World], Callable[[], Any]]


def rows(model: Any, of: str = "project", **columns: Any) -> Prepared:
    """Rows of the project, or of what else of the world they belong to."""
    return lambda w: lambda: w.many(model, **{of: getattr(w, of)}, **columns)


def coded(model: Any, letter: str, **columns: Any) -> Prepared:
    return rows(model, code=lambda n: f"{letter}{n + 1}", **columns)


def of_many(model: Any, parents: Callable[[World], list[Any]], column: str,
            **columns: Any) -> Prepared:  # fmt: skip
    """Rows that belong to one each of many others."""

    def prepare(w: World) -> Callable[[], Any]:
        known = parents(w)
        given = {
            name: value(w) if name in OF_THE_WORLD else value for name, value in columns.items()
        }
        return lambda: w.many(model, **{column: lambda n: known[n - 1]}, **given)

    return prepare


def expert_days(w: World) -> Callable[[], Any]:
    known = w.experts()
    for expert in known:
        make_goer(w.mission, expert)
    Mission.objects.filter(pk=w.mission.pk).update(state="confirmed")
    return lambda: w.many(
        ExpertDay, project=w.project, mission=w.mission, expert=lambda n: known[n - 1], on=day(3)
    )


def in_component(model: Any, letter: str, **columns: Any) -> Prepared:
    return lambda w: lambda: w.many(
        model, project=w.project, component=w.component, code=lambda n: f"{letter}1.{n + 1}",
        **BOTH, **columns,
    )  # fmt: skip


def lines_that_paid(w: World) -> Callable[[], Any]:
    """Budget lines with spending, under which nothing may be changed that it rests on."""

    def make() -> None:
        lines = w.many(Line, project=w.project, heading=w.heading,
                       code=lambda n: f"B{n + 1}", cost_basis="actual", **BOTH)  # fmt: skip
        w.many(Entry, line=lambda n: lines[n - 1], code="S1", kind="spent", amount="5.00",
               on="2020-01-05")  # fmt: skip

    return make


def activities_in_force(w: World) -> Callable[[], Any]:
    def make() -> None:
        known = w.activities()
        w.many(PlannedActivity, project=w.project, plan=w.plan, from_on=day(0), to_on=day(9),
               activity=lambda n: known[n - 1])  # fmt: skip
        WorkPlan.objects.filter(pk=w.plan.pk).update(state="approved", approved_on=day(0))

    return make


def indicators_measured(w: World) -> Callable[[], Any]:
    def make() -> None:
        known = in_component(Indicator, "I", unit="number")(w)()
        w.many(Measurement, project=w.project, indicator=lambda n: known[n - 1], on=day(9),
               value=5, approved_by="T-1", source_lv="x", source_en="x")  # fmt: skip

    return make


NAMES = {"label_lv": "Nosaukums", "label_en": "Name"}
PROJECT: Any = {"project": lambda w: w.project}
# Table: the rows, and the cell of each that is edited; two where one is a special case.
TABLES: dict[str, tuple[Prepared, dict[str, str]]] = {
    "project": (lambda w: w.projects, {"title_en": "Edited"}),
    "source": (
        coded(Source, "S", language="lv", publisher_lv="x", publisher_en="x", **BOTH),
        {"title_en": "Edited"},
    ),
    "component": (  # a project has at most a hundred
        of_many(Component, World.projects, "project", number=1, **BOTH), {"title_en": "Edited"}
    ),
    "deliverable": (in_component(Deliverable, "D"), {"title_en": "Edited", "weight": "3"}),
    "evidence": (
        coded(Evidence, "E", kind="link", url="https://example.org/", **BOTH),
        {"title_en": "Edited"},
    ),
    "item": (
        rows(Item, "deliverable", code=lambda n: f"D1.1.{n + 1}", **BOTH), {"title_en": "Edited"}
    ),
    "figure": (rows(Figure, "item", position=lambda n: n, value=3, **NAMES), {"value": "4"}),
    "title": (
        lambda w: lambda: w.many(Title, project=w.project, component=w.component,
                                 position=lambda n: n, where_lv="x", where_en="x", **BOTH),
        {"title_en": "Edited"},
    ),
    "statement": (
        coded(Statement, "S", kind="note", text_lv="x", text_en="x"), {"text_en": "Edited"}
    ),
    "workplan": (coded(WorkPlan, "P", kind="rolling"), {"note_en": "Edited"}),
    "activity": (in_component(Activity, "A", kind="mission"), {"title_en": "Edited"}),
    "activity in force": (activities_in_force, {"component": "2"}),
    "activitydeliverable": (
        of_many(ActivityDeliverable, World.activities, "activity",
                deliverable=lambda w: w.deliverable, **PROJECT),
        {},
    ),
    "plannedactivity": (
        of_many(PlannedActivity, World.activities, "activity", plan=lambda w: w.plan,
                from_on=day(0), to_on=day(9), **PROJECT),
        {"days": "21"},
    ),
    "indicator": (in_component(Indicator, "I", unit="number"), {"title_en": "Edited"}),
    "indicator measured": (indicators_measured, {"unit": "percent"}),
    "measurement": (
        lambda w: lambda: w.many(Measurement, project=w.project, indicator=w.indicator, on=day,
                                 value=5, source_lv="x", source_en="x"),
        {"value": "6"},
    ),
    "ruleset": (of_many(Ruleset, World.projects, "project", edition="2017"), {"note_en": "Edited"}),
    "rate": (rows(Rate, kind="fee", from_on=day, amount="350.00"), {"amount": "351.00"}),
    "term": (
        of_many(Term, lambda w: rulesets(w), "project", function="rta", **NAMES),
        {"label_en": "Edited"},
    ),
    "report": (
        of_many(Report, World.projects, "project", number=1, from_on=day(0), to_on=day(9)),
        {"note_en": "Edited"},
    ),
    "suspension": (
        lambda w: lambda: w.many(Suspension, project=w.project, from_on=day, to_on=day,
                                 reason_en="x"),
        {"reason_lv": "Edited"},
    ),
    "heading": (coded(Heading, "H1", **BOTH), {"title_en": "Edited"}),
    "line": (coded(Line, "B", **BOTH), {"title_en": "Edited"}),
    "line that paid": (lines_that_paid, {"cost_basis": "unit_cost", "heading": "H2"}),
    "entry": (
        rows(Entry, "line", code=lambda n: f"N{n}", kind="planned", amount="5.00"),
        {"note_en": "Edited"},
    ),
    "entry spent": (
        rows(Entry, "line", code=lambda n: f"N{n}", kind="spent", amount="5.00", on="2020-01-05"),
        {"note_en": "Edited"},
    ),
    "contractchange": (
        coded(ContractChange, "C", kind="side_letter", reason_lv="x", reason_en="x"),
        {"reason_en": "Edited"},
    ),
    "move": (
        of_many(Move, World.activities, "activity", change=lambda w: w.change,
                code=lambda n: f"V{n}", from_on=day(0), to_on="2020-12-31", days=3,
                **PROJECT),
        {"to_on": "2021-01-31"},
    ),
    "mission": (
        lambda w: lambda: w.many(Mission, project=w.project, activity=w.mission.activity,
                                 code=lambda n: f"M{n + 1}", from_on=day(0), to_on=day(5)),
        {"place": "Tirana"},
    ),
    "missionexpert": (
        of_many(MissionExpert, World.experts, "expert", mission=lambda w: w.mission, days=3,
                **PROJECT),
        {"days": "2"},
    ),
    "expertday": (expert_days, {"kind": "travel"}),
    "institution": (lambda w: w.offices, {"note_en": "Edited"}),
    "partnership": (
        of_many(Partnership, World.offices, "institution", code=lambda n: f"P{n + 1}",
                role="junior", country="LV", **PROJECT),
        {"role": "experts"},
    ),
    "expert": (lambda w: w.experts, {"country": "EE"}),
    "assignment": (coded(Assignment, "A", function="component_leader"), {"function": "rta"}),
}  # fmt: skip


def rulesets(w: World) -> list[Project]:
    known = w.projects()
    w.many(Ruleset, project=lambda n: known[n - 1], edition="2017")
    return known


def importable() -> set[str]:
    pages = admin.site._registry.items()
    return {str(model._meta.model_name) for model, page in pages if isinstance(page, ImportAdmin)}


def test_each_table_is_looked_at() -> None:
    assert {name.split()[0] for name in TABLES} == importable()


def edited(data: bytes, cells: dict[str, str]) -> bytes:
    table = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, table[0])
    writer.writeheader()
    writer.writerows(row | cells for row in table)
    return out.getvalue().encode()


def without_versions(data: bytes) -> bytes:
    return edited(data, {"version": ""}) if b"version" in data.split(b"\n")[0] else data


def asked(name: str, count: int, client: Client, *, new: bool) -> tuple[int, int]:
    """Queries of an upload up to its preview or refusal, and how many rows it was about."""
    model = name.split()[0]
    app = next(m._meta.app_label for m in admin.site._registry if m._meta.model_name == model)
    prepare, cells = TABLES[name]
    with transaction.atomic():
        world = World(count)
        for project in Project.objects.all():
            make_member(project, name="ana")
        make = prepare(world)
        for project in Project.objects.exclude(memberships__user__username="ana"):
            make_member(project, name="ana")
        with transaction.atomic():
            make()
            data = exported(client, "csv", model, app)
            data = without_versions(data) if new else edited(data, cells)
            if new:
                transaction.set_rollback(True)
        session = Session(client, model, app)
        with CaptureQueriesContext(connection) as queries:
            session.upload(data)
        assert session.page.status_code == 200
        context = session.page.context
        counted = "new" if new else "changed"
        found = len(context["faults"]) if "faults" in context else session.counts[counted]
        transaction.set_rollback(True)
    return len(queries), found


@pytest.mark.parametrize("new", [True, False], ids=["new", "changed"])
@pytest.mark.parametrize("name", TABLES)
def test_a_plan_asks_as_much_for_many_rows_as_for_few(name: str, new: bool, client: Client) -> None:
    if not new and not TABLES[name][1]:
        return
    ana = make_user("ana")
    if name == "project":
        User.objects.filter(pk=ana.pk).update(is_superuser=True)
    client.force_login(ana)
    few, found = asked(name, FEW, client, new=new)
    many, more = asked(name, MANY, client, new=new)

    assert found >= FEW
    assert more > found
    assert many == few
