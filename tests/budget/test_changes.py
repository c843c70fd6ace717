"""Contract changes: a signature moves all or nothing, and erases nothing."""

from __future__ import annotations

import datetime as dt
import random
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.rows.refused import Refused
from budget.money import actions
from budget.money.live_reallocation import of_project
from budget.money.models import ContractChange, Entry, Line, Move
from deliverables.ladder.lateness import slippage, timing
from deliverables.ladder.resources import DeliverableResource
from deliverables.plan.models import WorkPlan
from deliverables.projects.models import Project
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
    make_ruleset,
)
from tests.volume import volume

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 6, 15)


@pytest.fixture
def project() -> Project:
    """Two headings of 100,000 EUR each, of which side letters may move 25 %."""
    project = make_project(publishing="by_hand", end_planned="2027-08-31")
    make_ruleset(project, reallocation_limit=25)
    for number in (1, 2):
        heading = make_heading(project, f"H{number}")
        line = make_line(project, f"B{number}", heading=heading)
        make_entry(line, "N1", amount="100000.00", on="2026-03")
    return project


@pytest.fixture
def leader(project: Project) -> User:
    return make_member(project)


def line(code: str) -> Line:
    return Line.objects.get(code=code)


def letter(project: Project, code: str, euro: int, **given: Any) -> ContractChange:
    """A change that takes money from B1 for B2."""
    change = make_change(project, code, **given)
    make_move(change, "V1", line=line("B1"), amount=-euro, to_on="2026-09")
    make_move(change, "V2", line=line("B2"), amount=euro, to_on="2026-09")
    return change


def sign(change: ContractChange, by: User, on: dt.date = DAY) -> ContractChange:
    change.refresh_from_db()
    return actions.sign(change, by=by, seen=change.version, on=on)


def test_a_signature_moves_dates_days_money_and_the_end_and_keeps_what_was(
    project: Project, leader: User
) -> None:
    deliverable = make_deliverable(make_component(project), due_original="2026-05-31")
    activity = make_activity(deliverable.component)
    plan = make_plan(project)
    make_planned(plan, activity, days=40)
    approved(plan)
    change = letter(project, "SL1", 5000)
    make_move(change, "V3", deliverable=deliverable, to_on="2026-09-30")
    make_move(
        change, "V4", activity=activity, from_on=dt.date(2026, 2, 1), to_on="2027-01-29", days=50
    )
    make_move(change, "V5", to_on="2027-10-31")

    signed = sign(change, leader)

    deliverable.refresh_from_db()
    assert (deliverable.due_original, deliverable.due_current) == ("2026-05-31", "2026-09-30")
    assert signed.plan is not None
    assert (signed.plan.kind, signed.plan.approved_on, signed.plan.note_en) == (
        "amended", DAY, "Reason",
    )  # fmt: skip
    now = WorkPlan.objects.in_force(project).get().lines.get()
    assert (now.days, now.to_on) == (50, dt.date(2027, 1, 29))
    assert plan.lines.get().days == 40
    project.refresh_from_db()
    assert (project.end_planned, project.end_current) == ("2027-08-31", "2027-10-31")
    deltas = Entry.objects.filter(change=change).order_by("line__code")
    assert [(row.line.code, row.amount, row.on, row.note_en) for row in deltas] == [
        ("B1", Decimal("-5000.00"), "2026-09", "Reason"),
        ("B2", Decimal("5000.00"), "2026-09", "Reason"),
    ]
    old = Move.objects.order_by("code").values_list(
        "code", "old_from_on", "old_to_on", "old_days", "old_amount"
    )
    assert list(old) == [
        ("V1", None, "", None, Decimal("100000.00")),
        ("V2", None, "", None, Decimal("100000.00")),
        ("V3", None, "2026-05-31", None, None),
        ("V4", dt.date(2026, 1, 1), "2026-12-31", 40, None),
        ("V5", None, "2027-08-31", None, None),
    ]


def test_the_page_of_a_signed_change_says_what_stood_before_and_what_stands_now(
    project: Project, leader: User, client: Client
) -> None:
    change = letter(project, "SL1", 5000)
    client.force_login(leader)
    page = reverse("admin:budget_contractchange_change", args=[change.pk])

    before = told(client.get(page))
    sign(change, leader)
    after = told(client.get(page))

    assert "B1 Line noted at the signature -5,000.00 EUR, 2026-09" in before
    assert "B1 Line 100,000.00 EUR 95,000.00 EUR (-5,000.00), 2026-09" in after
    assert "B2 Line 100,000.00 EUR 105,000.00 EUR (+5,000.00), 2026-09" in after


def told(answer: Any) -> str:
    return " ".join(re.sub("<.*?>", " ", answer.content.decode()).split())


def test_side_letters_add_up_and_beyond_the_limit_an_addendum_is_needed(
    project: Project, leader: User
) -> None:
    sign(letter(project, "SL1", 15000), leader)
    too_much = letter(project, "SL2", 10001)

    with pytest.raises(Refused) as refused:
        sign(too_much, leader)

    assert str(refused.value) == (
        "Heading H1 would be moved by 25.0 % of the budget last signed in full (25,001.00 of "
        "100,000.00 EUR), and side letters may move 25 %. This needs an addendum."
    )
    assert Entry.objects.filter(change=too_much).count() == 0
    assert [one.near for one in of_project(project, draft=letter(project, "SL3", 10000))] == [
        True, True,
    ]  # fmt: skip
    sign(letter(project, "AD1", 10001, kind="addendum"), leader)
    anew = {one.code: (one.original, one.signed, one.amended) for one in of_project(project)}
    assert anew["H1"] == (Decimal(100000), Decimal("74999.00"), Decimal("74999.00"))


def test_a_letter_is_refused_only_for_the_headings_that_it_moves(
    project: Project, leader: User
) -> None:
    sign(letter(project, "SL1", 20000), leader)
    project.rulesets.update(reallocation_limit=15)
    later = make_change(project, "SL2")
    make_move(later, "V1", to_on="2027-12-31")

    sign(later, leader)
    sign(letter(project, "SL3", -1000), leader)  # part of it back
    empty = make_line(project, "B3", heading=make_heading(project, "H3"))
    given = make_change(project, "SL4")
    make_move(given, "V1", line=empty, amount=10, to_on="2026-09")
    with pytest.raises(Refused) as refused:
        sign(given, leader)
    assert str(refused.value) == (
        "Heading H3 has nothing in the budget last signed in full, so a side letter cannot give it "
        "money. This needs an addendum."
    )


def test_what_cannot_be_in_the_plan_is_a_refusal(project: Project, leader: User) -> None:
    activity = make_activity(make_component(project))
    plan = make_plan(project)
    make_planned(plan, activity, days=1)
    approved(plan)
    change = make_change(project)
    make_move(change, activity=activity, from_on=DAY, to_on="2026-12-31", days=100_001)

    with pytest.raises(Refused, match=r"An activity takes at most 100,000 expert-days\."):
        sign(change, leader)
    assert WorkPlan.objects.count() == 1


def test_a_page_that_lacks_a_row_added_meanwhile_signs_nothing(
    project: Project, leader: User
) -> None:
    change = letter(project, "SL1", 5000)
    seen = change.mark
    make_move(change, "V3", to_on="2028-12-31")

    with pytest.raises(Refused, match="Somebody changed it after you opened this page"):
        actions.sign(change, by=leader, seen=seen, on=DAY)
    assert actions.sign(change, by=leader, seen=change.mark, on=DAY).state == "signed"


def test_money_that_is_not_there_is_not_taken_away(project: Project, leader: User) -> None:
    change = letter(project, "AD1", 100001, kind="addendum")

    with pytest.raises(Refused) as refused:
        sign(change, leader)

    assert str(refused.value) == ("Line B1 has 100,000.00 EUR planned, less than is taken away.")


def test_rows_that_take_from_one_line_are_added_up(project: Project, leader: User) -> None:
    change = make_change(project, "AD1", kind="addendum")
    make_move(change, "V1", line=line("B1"), amount=-60000)
    make_move(change, "V2", line=line("B1"), amount=-60000)

    with pytest.raises(Refused) as refused:
        sign(change, leader)

    assert str(refused.value) == "Line B1 has 100,000.00 EUR planned, less than is taken away."


@pytest.mark.parametrize("sql", [
    "UPDATE budget_contractchange SET reason_en = 'x'",
    "UPDATE budget_move SET amount = 1",
    "DELETE FROM budget_move",
    "DELETE FROM budget_contractchange",
    "UPDATE budget_entry SET amount = 1",
    "DELETE FROM budget_entry",
    "UPDATE deliverables_plannedactivity SET days = 1",
])  # fmt: skip
def test_what_is_signed_stays_whatever_the_way_in(project: Project, leader: User, sql: str) -> None:
    activity = make_activity(make_component(project))
    plan = make_plan(project)
    make_planned(plan, activity)
    approved(plan)
    sign(letter(project, "SL1", 10), leader)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_end_does_not_move_before_the_start(project: Project, leader: User) -> None:
    Project.objects.filter(pk=project.pk).update(start_actual="2026-01-01")
    change = make_change(project)
    make_move(change, "V1", to_on="2025-12")

    with pytest.raises(Refused) as told:
        sign(change, leader)

    assert str(told.value) == "The project would end on 2025-12, before it begins on 2026-01-01."


def test_a_refusal_in_the_middle_moves_nothing(project: Project, leader: User) -> None:
    """The work plan has a draft, so activities cannot move; then money does not either."""
    activity = make_activity(make_component(project))
    plan = make_plan(project)
    make_planned(plan, activity)
    change = letter(project, "SL1", 10)
    make_move(change, "V3", activity=activity, from_on=DAY, to_on="2026-12-31", days=1)

    with pytest.raises(Refused) as refused:
        sign(change, leader)

    assert str(refused.value) == (
        "Version P1 is still a draft. Finish that one first, or delete it."
    )
    change.refresh_from_db()
    assert (change.state, Entry.objects.filter(change=change).exists()) == ("draft", False)


def test_a_change_that_was_recorded_late_keeps_its_day_and_its_version_follows_the_others(
    project: Project, leader: User
) -> None:
    activity = make_activity(make_component(project))
    plan = make_plan(project)
    make_planned(plan, activity, days=10)
    later = DAY + dt.timedelta(30)
    approved(plan, later)
    change = make_change(project)
    make_move(change, "V1", activity=activity, from_on=DAY, to_on="2026-12-31", days=12)

    sign(change, leader)

    change.refresh_from_db()
    assert (change.signed_on, change.plan and change.plan.approved_on) == (DAY, later)
    assert WorkPlan.objects.in_force(project).get() == change.plan


def test_a_draft_change_may_go_and_a_signed_one_may_not(
    client: Client, project: Project, leader: User
) -> None:
    client.force_login(leader)
    signed, draft = letter(project, "SL1", 10), letter(project, "SL2", 20)
    sign(signed, leader)
    page = client.get(reverse("admin:budget_contractchange_change", args=[draft.pk]))
    assert 'name="moves-0-DELETE"' in page.content.decode()

    for change in (signed, draft):
        change.refresh_from_db()
        address = reverse("admin:budget_contractchange_delete", args=[change.pk])
        client.post(f"{address}?seen={change.version}", {"post": "yes"})

    assert list(ContractChange.objects.values_list("code", flat=True)) == ["SL1"]


def test_who_signs_when_and_what_was_seen(project: Project, leader: User) -> None:
    change = letter(project, "SL1", 10)
    stranger = make_member(make_component(project), "coordinator", "cora")
    cases: list[tuple[dict[str, Any], str]] = [
        (
            {"by": stranger, "seen": change.version, "on": DAY},
            "The two project leaders record what was signed or what the committee approved.",
        ),
        (
            {"by": leader, "seen": change.version, "on": dt.date(2099, 1, 1)},
            "The date 2099-01-01 has not come yet.",
        ),
        (
            {"by": leader, "seen": 99, "on": DAY},
            "Somebody changed it after you opened this page, so nothing was signed. Read it "
            "again, and decide then.",
        ),
    ]
    for given, told in cases:
        with pytest.raises(Refused) as refused:
            actions.sign(change, **given)
        assert str(refused.value).startswith(told)
    sign(change, leader)
    with pytest.raises(Refused) as refused:
        sign(change, leader)
    assert str(refused.value) == (
        "This change is signed and never changes. What is wrong in it is moved by the next one."
    )
    with pytest.raises(Refused) as refused:
        sign(letter(project, "SL2", 10), leader, dt.date(2026, 6, 14))
    assert str(refused.value) == "SL1 was signed later, on 2026-06-15."


def said(project: Project) -> dict[str, list[tuple[Any, ...]]]:
    """What each approved version of the plan says."""
    names = ("activity__code", "from_on", "to_on", "days", "participants")
    return {
        plan.code: [(plan.kind, plan.approved_on), *plan.lines.order_by("pk").values_list(*names)]
        for plan in WorkPlan.objects.approved().filter(project=project)
    }


def slipped(project: Project) -> dict[str, Any]:
    """Slippage against the first plan as its median, most and number, and each original date."""
    rows = DeliverableResource.document_rows(project=project.pk)
    told = slippage([timing(row, dt.date(2027, 3, 1)) for row in rows], "original")
    return {"of all": told} | {row["code"]: row["due_original"] for row in rows}


def test_no_side_letter_changes_an_approved_version_or_erases_slippage(
    project: Project, leader: User
) -> None:
    """Side letters that move whatever chance wants, one after another."""
    luck = random.Random(20261125)  # noqa: S311 - examples, not secrets
    component = make_component(project)
    activities = [make_activity(component, f"A1.{number}") for number in range(1, 6)]
    results = [
        make_deliverable(
            component, f"D1.{number}", due_original=f"2026-{number:02}-15",
            **({"rung": "delivered", "delivered_on": f"2026-{number + 2:02}-01"} if number % 2
               else {}),
        )
        for number in range(1, 9)
    ]  # fmt: skip
    plan = make_plan(project)
    for activity in activities[:4]:
        make_planned(plan, activity, days=luck.randint(1, 40))
    approved(plan)
    first = slipped(project)
    assert first["of all"].of == 8

    for number in range(1, 1 + volume(30, least=15)):
        before = said(project)
        change = make_change(project, f"SL{number}")
        for place, row in enumerate(luck.sample([*activities, *results], luck.randint(1, 6))):
            if row in results:
                later = dt.date(2026, 6, 1) + dt.timedelta(luck.randint(0, 600))
                make_move(change, f"V{place}", deliverable=row, to_on=later.isoformat())
            else:
                make_move(
                    change, f"V{place}", activity=row, from_on=dt.date(2026, 2, 1),
                    to_on=f"2026-{luck.randint(3, 12):02}-28", days=luck.randint(0, 60),
                )  # fmt: skip
        sign(change, leader)

        after = said(project)
        assert {code: after[code] for code in before} == before
        assert slipped(project) == first
    assert len(said(project)) > 10


def test_a_letter_gives_no_money_to_a_line_without_a_heading(
    project: Project, leader: User
) -> None:
    bare = make_line(project, "B9")
    change = make_change(project)
    make_move(change, "V1", line=line("B1"), amount=-100, to_on="2026-09")
    make_move(change, "V2", line=bare, amount=100, to_on="2026-09")

    with pytest.raises(Refused) as refused:
        sign(change, leader)

    assert str(refused.value) == (
        "Line B9 has no heading, so nothing tells whether the side letter stays within the limit "
        "of one. Give the line its heading first, or record an addendum."
    )
    ContractChange.objects.update(kind="addendum")
    assert sign(change, leader).number == 1


def test_only_an_addendum_adds_to_the_budget(project: Project, leader: User) -> None:
    change = letter(project, "SL1", 1000)
    make_move(change, "V3", line=line("B1"), amount=1010, to_on="2026-09")

    with pytest.raises(Refused) as refused:
        sign(change, leader)

    assert str(refused.value) == (
        "The side letter gives 1,010.00 EUR more than it takes. It moves money between lines; "
        "what adds to the budget needs an addendum."
    )
    assert not Entry.objects.exclude(change=None).exists()
    ContractChange.objects.update(kind="addendum")
    assert sign(change, leader).number == 1
