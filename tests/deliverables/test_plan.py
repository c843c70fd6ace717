"""Versions of the work plan: a draft is edited, an approved one is final, the original stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client

from audit.rows.refused import Refused
from deliverables.plan import actions as planning
from deliverables.plan.models import PlanKind, PlannedActivity, WorkPlan
from tests.make import (
    approved,
    make_activity,
    make_component,
    make_member,
    make_plan,
    make_planned,
    make_project,
)

pytestmark = pytest.mark.django_db
JAN, FEB = dt.date(2026, 1, 5), dt.date(2026, 2, 2)


@pytest.fixture
def plan() -> WorkPlan:
    activity = make_activity(make_component(make_project(publishing="by_hand")))
    plan = make_plan(activity.project)
    make_planned(plan, activity, days=20)
    return plan


@pytest.fixture
def lea(plan: WorkPlan) -> Any:
    return make_member(plan.project, name="lea")


def test_an_approved_version_never_changes_on_any_way_in(plan: WorkPlan, lea: Any) -> None:
    planning.approve(plan, by=lea, seen=plan.version, on=JAN)
    line = plan.lines.get()
    another = make_activity(line.activity.component, "A1.2")
    writes = (
        f"UPDATE deliverables_plannedactivity SET days = 99 WHERE id = {line.pk}",
        f"DELETE FROM deliverables_plannedactivity WHERE id = {line.pk}",
        "UPDATE deliverables_workplan SET state = 'draft', approved_on = NULL "
        f"WHERE id = {plan.pk}",
        f"DELETE FROM deliverables_workplan WHERE id = {plan.pk}",
        "INSERT INTO deliverables_plannedactivity (project_id, plan_id, activity_id, from_on, "
        f"to_on, days, version) SELECT project_id, plan_id, {another.pk}, "
        f"from_on, to_on, 5, 1 FROM deliverables_plannedactivity WHERE id = {line.pk}",
    )

    for write in writes:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(write)
    assert WorkPlan.objects.get().state == "approved"
    assert list(PlannedActivity.objects.values_list("days", flat=True)) == [20]


def test_the_next_version_begins_as_what_is_in_force_and_says_what_it_moves(
    plan: WorkPlan, lea: Any
) -> None:
    planning.approve(plan, by=lea, seen=plan.version, on=JAN)

    after = planning.next_version(plan.project, PlanKind.AMENDED, by=lea)
    line = after.lines.get()
    assert (after.code, after.state, line.days) == ("P2", "draft", 20)
    line.days = 26
    line.save()
    (moved,) = planning.moved(after)
    with pytest.raises(Refused) as refused:
        planning.approve(after, by=lea, seen=after.version, on=FEB)
    assert str(refused.value) == (
        "Only the signature of a contract change makes a version as amended: enter the side letter "
        "or addendum with all that it moves, and sign it."
    )
    planning.approve(after, by=lea, seen=after.version, on=FEB, signed=True)

    assert (moved.activity, moved.old and moved.old.days, moved.days) == ("A1.1", 20, 6)
    assert WorkPlan.objects.in_force(plan.project).get() == after
    assert WorkPlan.objects.original(plan.project).get() == plan
    assert plan.lines.get().days == 20
    assert [one.days for one in planning.moved(after)] == [6]  # and it still says so afterwards


def test_a_rolling_plan_moves_days_within_a_component_but_adds_none(
    plan: WorkPlan, lea: Any
) -> None:
    other = make_activity(plan.lines.get().activity.component, "A1.2")
    make_planned(plan, other, days=10)
    planning.approve(plan, by=lea, seen=plan.version, on=JAN)
    rolling = planning.next_version(plan.project, PlanKind.ROLLING, by=lea)
    rolling.lines.filter(activity=other).update(days=12)

    with pytest.raises(Refused) as refused:
        planning.approve(rolling, by=lea, seen=rolling.version, on=FEB)
    assert str(refused.value) == (
        "Component 1 would have 32 expert-days, and the contract as amended gives it 30. A side "
        "letter or addendum can give more."
    )
    rolling.lines.exclude(activity=other).update(days=18)

    assert planning.approve(rolling, by=lea, seen=rolling.version, on=FEB).state == "approved"


def test_who_may_not_and_what_comes_too_early_is_refused_in_a_sentence(
    plan: WorkPlan, lea: Any
) -> None:
    bruno = make_member(plan.lines.get().activity.component, "coordinator", "bruno")
    future = dt.date(2099, 1, 1)
    for who, seen, on, told in (
        (bruno, plan.version, JAN, "The two project leaders record what was signed or what the"),
        (lea, 99, JAN, "Somebody changed the plan after you opened this page, so nothing was"),
        (lea, plan.version, future, "The date 2099-01-01 has not come yet."),
    ):
        with pytest.raises(Refused) as refused:
            planning.approve(plan, by=who, seen=seen, on=on)
        assert str(refused.value).startswith(told)
    approved(plan, FEB)
    after = planning.next_version(plan.project, PlanKind.ROLLING, by=lea)

    with pytest.raises(Refused, match="Version P1 was approved later, on 2026-02-02."):
        planning.approve(after, by=lea, seen=after.version, on=JAN)


def test_it_is_approved_on_its_page_and_read_only_from_then_on(
    client: Client, plan: WorkPlan, lea: Any
) -> None:
    client.force_login(lea)
    where = f"/admin/deliverables/workplan/{plan.pk}/"
    page = client.get(f"{where}approve/").content.decode()
    assert "What it changes" in page
    assert "2026-01-01 – 2026-12-31, 20" in page

    posted = {"seen": plan.version, "on": "05.01.2026"}
    told = client.post(f"{where}approve/", posted, follow=True).content.decode()

    assert "P1 is approved and in force." in told
    assert 'name="_save"' not in told
    again = client.post(f"{where}next/", {"kind": "rolling"}, follow=True).content.decode()
    assert "P2 is a draft that begins as what is in force. Change what moves." in again
    assert plan.project.work_plans.count() == 2


def test_a_file_neither_approves_a_version_nor_changes_an_approved_one(
    client: Client, plan: WorkPlan, lea: Any
) -> None:
    client.force_login(lea)
    approved(plan)
    where = "/admin/deliverables/workplan/import/"
    for text, told in (
        ("tw-1,P1,contract,approved,Other", "This version of the work plan is approved and never"),
        ("tw-1,P9,rolling,approved,New", "A new version begins as draft; it is approved on its"),
    ):
        file = SimpleUploadedFile(
            "work_plans.csv", f"project,code,kind,state,note_en\n{text}\n".encode()
        )
        answer = client.post(where, {"file": file}, follow=True)
        assert told in answer.content.decode()
    assert list(WorkPlan.objects.values_list("code", "note_en")) == [("P1", "")]


def test_there_is_one_draft_at_a_time(client: Client, plan: WorkPlan, lea: Any) -> None:
    approved(plan)
    client.force_login(lea)
    where = f"/admin/deliverables/workplan/{plan.pk}/next/"
    for _click in range(2):
        told = client.post(where, {"kind": "rolling"}, follow=True).content.decode()

    assert "Version P2 is still a draft. Finish that one first, or delete it." in told
    assert WorkPlan.objects.count() == 2


def test_a_draft_and_its_rows_may_go_and_an_approved_version_may_not(
    client: Client, plan: WorkPlan, lea: Any
) -> None:
    approved(plan)
    client.force_login(lea)
    draft = planning.next_version(plan.project, PlanKind.ROLLING, by=lea)
    where = f"/admin/deliverables/workplan/{draft.pk}/"
    page = client.get(f"{where}change/").content.decode()
    assert 'name="lines-0-DELETE"' in page
    assert f'href="{where}delete/' in page

    asked = client.get(f"{where}delete/", follow=True).content.decode()
    assert "Delete “P2 Rolling work plan”? All that stands below goes with it." in asked
    assert f'<a href="{where}change/" class="button' in asked  # back also without JavaScript

    stranger = make_member(make_component(plan.project, 5), "coordinator", "cora")
    for who, version, left in ((stranger, draft, 2), (lea, plan, 2), (lea, draft, 1)):
        client.force_login(who)
        client.post(
            f"/admin/deliverables/workplan/{version.pk}/delete/?seen={version.version}",
            {"post": "yes"},
        )
        assert WorkPlan.objects.count() == left
    assert plan.lines.count() == 1
    assert planning.next_version(plan.project, PlanKind.ROLLING, by=lea).code == "P2"
