"""A project as large as any, with all that a release of it holds. Triggers have to rest."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from budget.contract.actions import adopt
from budget.money.models import ContractChange, Entry, Heading, Line, Move
from deliverables.evidence.models import Evidence, Source
from deliverables.indicators.models import Indicator, Measurement
from deliverables.ladder.models import Deliverable
from deliverables.plan.models import Activity, ActivityDeliverable, PlannedActivity, WorkPlan
from deliverables.projects.models import Component, Project
from experts.missions.models import ExpertDay, Mission, MissionExpert
from experts.people.models import Expert
from tests.make import make_member

FIRST = dt.date(2024, 1, 1)
BOTH = {"title_lv": "Nodevums, kas aprakstīts teikumā", "title_en": "A result in a sentence"}
SAID = {"source_lv": "Pārskats", "source_en": "Report"}


def a_large_project() -> Project:
    """1,000 results with 1,500 pieces of evidence, 120 activities over 12 quarters, 2,000 reported
    missions of four days, 60 indicators with eight values each, a preset's rates and a budget."""
    project = Project.objects.create(
        slug="large", reference="LARGE 1", beneficiary_country="AL", status="running",
        results_basis="contract", start_actual="2024-01-01", end_planned="2026-12-31",
        publishing="by_hand", **BOTH,
    )  # fmt: skip
    parts = Component.objects.bulk_create(
        Component(project=project, number=n, **BOTH) for n in range(1, 11)
    )
    results = Deliverable.objects.bulk_create(
        Deliverable(
            project=project, component=parts[n % 10], code=f"D{n % 10 + 1}.{n}",
            rung=("planned", "delivered", "accepted")[n % 3], due_original="2026-06",
            delivered_on="2026-05-20" if n % 3 else "", **BOTH,
        )
        for n in range(1000)
    )  # fmt: skip
    activities = _plan(project, parts, results)
    papers = _evidence(project, results)
    _missions(project, activities, papers)
    _indicators(project, results)
    adopt(project, "2017", by=make_member(project))
    _budget(project, parts, results)
    with connection.cursor() as cursor:  # as a database in use does by itself: its planner
        cursor.execute("ANALYZE")  # knows how many rows there are
    return project


def _plan(project: Project, parts: list[Component], results: list[Deliverable]) -> list[Activity]:
    """120 activities in one approved plan, which serve 1,000 results."""
    activities = Activity.objects.bulk_create(
        Activity(
            project=project, component=parts[n % 10], code=f"A{n % 10 + 1}.{n}", kind="mission",
            **BOTH,
        )
        for n in range(120)
    )  # fmt: skip
    plan = WorkPlan.objects.create(
        project=project, code="P1", kind="contract", state="approved", approved_on=FIRST
    )
    PlannedActivity.objects.bulk_create(
        PlannedActivity(
            project=project, plan=plan, activity=row, days=100,
            from_on=FIRST + dt.timedelta(91 * (n % 12)),
            to_on=FIRST + dt.timedelta(91 * (n % 12) + 90),
        )
        for n, row in enumerate(activities)
    )  # fmt: skip
    ActivityDeliverable.objects.bulk_create(
        ActivityDeliverable(project=project, activity=activities[n % 120], deliverable=row)
        for n, row in enumerate(results)
    )
    return activities


def _evidence(project: Project, results: list[Deliverable]) -> list[Evidence]:
    """1,500 links and lines of a publication for results; and 500 reports of missions, inside."""
    source = Source.objects.create(
        project=project, code="S1", publisher_lv="Pārvalde", publisher_en="Office",
        publisher_short="PMLP", published_on="2026-05", language="en", **BOTH,
    )  # fmt: skip
    given: dict[str, Any] = {"project": project, "url": "https://example.org/handbook", **BOTH}
    quoted = {"kind": "publication", "source": source, "quote": "The handbook was adopted. " * 3}
    Evidence.objects.bulk_create(
        Evidence(
            deliverable=results[n % 1000],
            code=f"E{n}",
            line=n,
            **given,
            **(quoted if n % 2 else {}),
        )
        for n in range(1500)
    )
    return Evidence.objects.bulk_create(Evidence(code=f"R{n}", **given) for n in range(500))


def _missions(project: Project, activities: list[Activity], papers: list[Evidence]) -> None:
    expert = Expert.objects.create(code="LV-E1", country="LV")
    missions = Mission.objects.bulk_create(
        Mission(
            project=project, activity=activities[n % 120], code=f"M{n + 1}",
            state="accepted" if n // 10 % 2 else "reported", from_on=FIRST, to_on=FIRST,
            report_on=FIRST, report=papers[n] if n < len(papers) else None,
        )
        for n in range(2000)
    )  # fmt: skip
    MissionExpert.objects.bulk_create(
        MissionExpert(project=project, mission=row, expert=expert, days=5) for row in missions
    )
    ExpertDay.objects.bulk_create(
        ExpertDay(project=project, mission=row, expert=expert, on=FIRST + dt.timedelta(4 * n + day))
        for n, row in enumerate(missions)
        for day in range(4)
    )


def _indicators(project: Project, results: list[Deliverable]) -> None:
    """One approved value a quarter for two years."""
    rows = Indicator.objects.bulk_create(
        Indicator(
            project=project, component_id=results[n].component_id, deliverable=results[n],
            code=f"I{n % 10 + 1}.{n}", unit="number", baseline=2, target=40,
            baseline_on="2024-01", target_on="2026-12", **SAID, **BOTH,
        )
        for n in range(60)
    )  # fmt: skip
    Measurement.objects.bulk_create(
        Measurement(
            project=project, indicator=row, on=FIRST + dt.timedelta(91 * n), value=3 * n,
            approved_by="U-0001", **SAID,
        )
        for row in rows
        for n in range(8)
    )  # fmt: skip


def _budget(project: Project, parts: list[Component], results: list[Deliverable]) -> None:
    """40 lines under five headings, 20 of them paid by days, planned and spent in 12 quarters, and
    20 signed side letters that move 20 due dates and 20 amounts."""
    headings = Heading.objects.bulk_create(
        Heading(project=project, code=f"H{n}", **BOTH) for n in range(5)
    )
    lines = Line.objects.bulk_create(
        Line(
            project=project, code=f"B{n}", heading=headings[n % 5], component=parts[n % 10],
            cost_basis="unit_cost", priced_by=("fee", "support", "", "")[n // 10], **BOTH,
        )
        for n in range(40)
    )  # fmt: skip
    changes = ContractChange.objects.bulk_create(
        ContractChange(
            project=project, code=f"SL{n}", kind="side_letter", reason_lv="Iemesls, kas ir teikums",
            reason_en="A reason in a sentence", state="signed", signed_on="2026-01-01", number=n,
        )
        for n in range(1, 21)
    )  # fmt: skip
    Move.objects.bulk_create(
        Move(project=project, change=change, code=f"V{i}", **thing)
        for n, change in enumerate(changes)
        for i, thing in enumerate(
            (
                {"deliverable": results[n], "to_on": "2026-09", "old_to_on": "2026-06"},
                {"line": lines[n], "amount": 1000 + n, "old_amount": 12_000},
            )
        )
    )
    Entry.objects.bulk_create(
        Entry(
            line=line, code=f"N{n}.{i}", kind=kind, amount=1000 + n,
            on=f"{2024 + n // 4}-{3 * (n % 4) + 1:02}",
            change=changes[n] if n and kind == "planned" else None,
        )
        for line in lines
        for n in range(12)
        for i, kind in enumerate(("planned", "spent"))
    )  # fmt: skip
