"""Missions: from draft to settled, within the days of the plan, and nobody twice on a day."""

from __future__ import annotations

import datetime as dt
import re
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from audit.events.acting import acting
from audit.models import Through
from audit.rows.refused import Refused
from deliverables.plan.models import Activity
from deliverables.projects.models import Project
from experts.missions import time_sheets as sheets
from experts.missions.actions import draft, take
from experts.missions.models import ExpertDay, Mission
from experts.missions.models.day import DayKind
from experts.missions.querysets import with_ledger
from experts.missions.status import MissionVerb as Verb
from steps.taking import Given
from tests.make import (
    approved,
    make_activity,
    make_assignment,
    make_component,
    make_expert,
    make_goer,
    make_member,
    make_mission,
    make_plan,
    make_planned,
    make_project,
)
from tests.volume import volume

pytestmark = pytest.mark.django_db
MAY = [dt.date(2026, 5, day) for day in range(4, 9)]


@pytest.fixture
def activity() -> Activity:
    activity = make_activity(make_component(make_project(publishing="by_hand")))
    plan = make_plan(activity.project)
    make_planned(plan, activity, days=10)
    approved(plan)
    return activity


@pytest.fixture
def rta(activity: Activity) -> Any:
    return make_member(activity.project, name="rta")


@pytest.fixture
def leader(activity: Activity) -> Any:
    return make_member(activity.project, "bc_leader", "leader")


def drafted(activity: Activity, by: Any, days: int = 3, expert: str = "LV-E01") -> Mission:
    mission = draft(
        Mission(project=activity.project, activity=activity, from_on=MAY[0], to_on=MAY[4]), by=by
    )
    make_goer(mission, make_expert(expert), days)
    return mission


def moved(mission: Mission, *steps: tuple[Verb, Any], **given: Any) -> Mission:
    for verb, by in steps:
        mission.refresh_from_db()
        take(mission, verb, by=by, seen=mission.version, given=Given(**given))
    mission.refresh_from_db()
    return mission


def refused(mission: Mission, verb: Verb, by: Any, **given: Any) -> str:
    mission.refresh_from_db()
    before = Mission.objects.values().get(pk=mission.pk)
    with pytest.raises(Refused) as told:
        take(mission, verb, by=by, seen=mission.version, given=Given(**given))
    assert Mission.objects.values().get(pk=mission.pk) == before
    return str(told.value)


def ledger(activity: Activity) -> tuple[int, ...]:
    row = with_ledger(Activity.objects.filter(pk=activity.pk)).get()
    return (row.envelope, row.planned_days, row.delivered, row.accepted, row.days_left)


def test_a_mission_goes_from_draft_to_settled_and_the_ledger_follows(
    activity: Activity, rta: Any, leader: Any
) -> None:
    mission = drafted(activity, rta)
    assert ledger(activity) == (10, 0, 0, 0, 10)
    moved(mission, (Verb.APPROVE, leader), (Verb.CONFIRM, rta))
    assert ledger(activity) == (10, 3, 0, 0, 7)
    days = {(mission.experts.get().expert_id, day): "country" for day in MAY[:2]}
    sheets.fill_in(mission, days, by=rta, seen=mission.version)
    moved(mission, (Verb.FINISH, rta))
    moved(mission, (Verb.REPORT, rta), on=dt.date(2026, 5, 20))
    assert ledger(activity) == (10, 2, 2, 0, 8)  # the day that was not used is free again
    host = make_member(activity.project, "bc_leader", "berta")
    moved(mission, (Verb.ACCEPT, host))
    assert "You took the step before." in refused(mission, Verb.CLAIM, host)
    moved(mission, (Verb.CLAIM, leader), (Verb.SETTLE, leader))

    assert ledger(activity) == (10, 2, 2, 2, 8)
    assert [step.ends for step in mission.steps.all()] == [
        "approved", "confirmed", "done", "reported", "accepted", "claimed", "settled",
    ]  # fmt: skip


def test_nobody_climbs_two_steps_alone(activity: Activity, rta: Any, leader: Any) -> None:
    mission = drafted(activity, rta)
    own = "You took the step before. Somebody else has to look at it and take this one."

    assert refused(mission, Verb.APPROVE, rta) == own
    moved(mission, (Verb.APPROVE, leader), (Verb.CONFIRM, leader))
    day = {(mission.experts.get().expert_id, MAY[0]): "country"}
    sheets.fill_in(mission, day, by=rta, seen=mission.version)
    moved(mission, (Verb.REPORT, leader), on=MAY[4])
    assert refused(mission, Verb.ACCEPT, leader) == own
    assert refused(mission, Verb.SETTLE, leader) == "This step does not follow “Report received”."


def test_more_days_than_the_plan_has_are_refused(activity: Activity, rta: Any, leader: Any) -> None:
    moved(drafted(activity, rta, 5), (Verb.APPROVE, leader))
    moved(drafted(activity, rta, 4, "LV-E02"), (Verb.APPROVE, leader))
    third = drafted(activity, rta, 2, "LV-E03")

    assert refused(third, Verb.APPROVE, leader) == (
        "The mission asks for 2 days, and activity A1.1 has 1 left. Shorten the mission, or have a "
        "side letter or a new work plan give more days."
    )
    bare = make_activity(activity.component, "A1.9")
    assert refused(drafted(bare, rta, 1, "LV-E04"), Verb.APPROVE, leader).startswith(
        "The approved work plan does not plan activity A1.9, so it has no days to give."
    )
    empty = draft(
        Mission(project=activity.project, activity=activity, from_on=MAY[0], to_on=MAY[4]), by=rta
    )
    assert refused(empty, Verb.APPROVE, leader) == (
        "Nobody is on the mission yet. Say who goes, and for how many days."
    )


def test_a_page_that_lacks_what_somebody_added_meanwhile_decides_nothing(
    client: Client, activity: Activity, rta: Any, leader: Any
) -> None:
    """The version of the mission alone does not show who goes, nor the days of the time sheet."""
    mission = drafted(activity, rta, 3)
    seen = mission.mark
    make_goer(mission, make_expert("LV-E07"), 5)
    with pytest.raises(Refused, match="Somebody changed the mission after you opened this page"):
        take(mission, Verb.APPROVE, by=leader, seen=seen)
    mission.refresh_from_db()
    moved(mission, (Verb.APPROVE, leader), (Verb.CONFIRM, rta))
    one, two = mission.experts.order_by("pk").values_list("expert", flat=True)
    page = f"/admin/experts/mission/{mission.pk}/sheet/"
    client.force_login(rta)
    both_read = re.findall(r'name="seen" value="([^"]+)"', client.get(page).content.decode())[0]
    first, second = ({f"country-{who}": [str(MAY[0])], "seen": both_read} for who in (one, two))
    assert client.post(page, first).status_code == 302
    told = client.post(page, second).content.decode()
    assert "Somebody changed the mission after you opened this page. Read it again." in told
    assert f'name="seen" value="{both_read}"' in told  # and sent again, it is refused again
    assert [day.expert_id for day in mission.days.all()] == [one]
    assert refused(mission, Verb.CANCEL, rta, reason="Strike") == (
        "The time sheet has days already. Remove them first, if the mission is not to be."
    )


def test_a_mission_beyond_the_project_is_refused(activity: Activity, rta: Any, leader: Any) -> None:
    Project.objects.update(start_planned="2026-01", end_planned=MAY[3].isoformat())

    assert refused(drafted(activity, rta, 4), Verb.APPROVE, leader) == (
        f"The mission lasts {MAY[0]} to {MAY[4]}, and the project from 2026-01 to {MAY[3]}. Days "
        "outside it are not eligible: move the mission, or have a contract change move the end."
    )


def test_an_expert_is_on_one_mission_at_a_time_in_all_projects(
    activity: Activity, rta: Any, leader: Any
) -> None:
    moved(drafted(activity, rta), (Verb.APPROVE, leader))
    far = make_activity(make_component(make_project("far", publishing="by_hand")))
    plan = make_plan(far.project)
    make_planned(plan, far)
    approved(plan)
    other = make_mission(far, from_on=MAY[4], to_on=MAY[4] + dt.timedelta(3))
    make_goer(other, Mission.objects.get(project=activity.project).experts.get().expert)
    carl = make_member(far.project, "bc_leader", "carl")

    assert refused(other, Verb.APPROVE, carl) == (
        "LV-E01 is on a mission of another project on some of these days. Choose other days, or "
        "send somebody else."
    )
    make_member(activity.project, "auditor", "carl")
    carl = type(carl).objects.get(pk=carl.pk)
    assert refused(other, Verb.APPROVE, carl) == (
        "LV-E01 is already on mission M1 of TW-1 from 2026-05-04 to 2026-05-08. Move one of the "
        "two, or send somebody else."
    )


def test_who_changed_a_draft_does_not_approve_it(activity: Activity, rta: Any, leader: Any) -> None:
    mission = drafted(activity, rta)
    with acting(leader.code, Through.FORM):
        goer = mission.experts.get()
        goer.days = 2
        goer.save()

    assert refused(mission, Verb.APPROVE, leader) == (
        "You took the step before. Somebody else has to look at it and take this one."
    )


def test_who_filled_in_the_time_sheet_does_not_accept_it(
    activity: Activity, rta: Any, leader: Any
) -> None:
    mission = moved(drafted(activity, rta), (Verb.APPROVE, leader), (Verb.CONFIRM, rta))
    goer = mission.experts.get().expert_id
    sheets.fill_in(mission, {(goer, MAY[0]): "country"}, by=leader, seen=mission.version)
    moved(mission, (Verb.REPORT, rta), on=MAY[4])

    assert refused(mission, Verb.ACCEPT, leader) == (
        "You filled in the time sheet. Somebody else has to look at it and accept it."
    )


def test_who_sent_a_mission_back_may_approve_it_again(
    activity: Activity, rta: Any, leader: Any
) -> None:
    mission = moved(drafted(activity, rta), (Verb.APPROVE, leader))
    moved(mission, (Verb.SEND_BACK, leader), reason="Shorten it, please.")

    moved(mission, (Verb.APPROVE, leader))

    mission.refresh_from_db()
    assert mission.state == "approved"


def test_a_report_needs_a_time_sheet_and_a_day_that_can_be(
    activity: Activity, rta: Any, leader: Any
) -> None:
    mission = moved(drafted(activity, rta), (Verb.APPROVE, leader), (Verb.CONFIRM, rta))

    assert refused(mission, Verb.REPORT, rta, on=MAY[4]) == (
        "The time sheet is empty. Enter the days on which each expert worked, then report."
    )
    assert refused(mission, Verb.REPORT, rta, on=MAY[0]) == (
        "A report comes from the last day of the mission, 2026-05-08, until today."
    )
    assert refused(mission, Verb.REPORT, rta) == "Say on which day the report was received."
    assert refused(mission, Verb.CANCEL, rta).startswith("Say why")


def test_a_report_is_not_sent_back_once_the_days_that_it_freed_are_given_away(
    activity: Activity, rta: Any, leader: Any
) -> None:
    mission = moved(drafted(activity, rta, 5), (Verb.APPROVE, leader), (Verb.CONFIRM, rta))
    day = {(mission.experts.get().expert_id, MAY[0]): "country"}
    sheets.fill_in(mission, day, by=rta, seen=mission.version)
    moved(mission, (Verb.REPORT, rta), on=MAY[4])
    second = moved(drafted(activity, rta, 5, "LV-E02"), (Verb.APPROVE, leader))
    third = drafted(activity, rta, 4, "LV-E03")
    moved(third, (Verb.APPROVE, leader))
    assert ledger(activity) == (10, 10, 1, 0, 0)

    told = refused(mission, Verb.SEND_BACK, leader, reason="The last page is missing.")

    assert told == (
        "Sent back, the mission takes all 5 days of its terms again, 4 more than now, and activity "
        "A1.1 has 0 left. Accept the report, or free days first: shorten another mission, or have "
        "a side letter give more."
    )
    moved(second, (Verb.CANCEL, rta), reason="The host has no room that week.")
    moved(mission, (Verb.SEND_BACK, leader), reason="The last page is missing.")
    assert ledger(activity) == (10, 9, 0, 0, 1)


def test_a_report_of_more_days_than_the_terms_give_is_refused(
    activity: Activity, rta: Any, leader: Any
) -> None:
    mission = moved(drafted(activity, rta, 2), (Verb.APPROVE, leader), (Verb.CONFIRM, rta))
    expert = mission.experts.get().expert_id
    days = {(expert, day): "country" for day in MAY[:3]}
    sheets.fill_in(mission, days, by=rta, seen=mission.version)

    assert refused(mission, Verb.REPORT, rta, on=MAY[4]) == (
        "The time sheet has 3 days, and the approved terms give 2. Take out what goes beyond, and "
        "plan it as a mission of its own."
    )
    days[expert, MAY[0]] = "travel"
    sheets.fill_in(mission, days, by=rta, seen=mission.version)
    assert moved(mission, (Verb.REPORT, rta), on=MAY[4]).state == "reported"


def test_what_was_approved_stays_on_every_way_in(activity: Activity, rta: Any, leader: Any) -> None:
    mission = moved(drafted(activity, rta), (Verb.APPROVE, leader))
    goer = mission.experts.get()
    changes = (
        lambda: Mission.objects.filter(pk=mission.pk).update(to_on=MAY[4] + dt.timedelta(9)),
        lambda: ExpertDay.objects.create(
            project=mission.project, mission=mission, expert=goer.expert, on=MAY[0]
        ),
    )
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_day_counts_once_and_only_on_a_day_of_the_mission(
    activity: Activity, rta: Any, leader: Any
) -> None:
    mission = moved(drafted(activity, rta), (Verb.APPROVE, leader), (Verb.CONFIRM, rta))
    expert = mission.experts.get().expert

    for days, told in (
        ({(expert.pk, MAY[4] + dt.timedelta(1)): "country"}, "is not a day of the mission"),
        ({(make_expert("LV-E09").pk, MAY[0]): "country"}, "This expert is not on the mission."),
    ):
        with pytest.raises(Refused, match=told):
            sheets.fill_in(mission, days, by=rta, seen=mission.version)
    assert not ExpertDay.objects.exists()
    sheets.fill_in(mission, {(expert.pk, MAY[0]): "country"}, by=rta, seen=mission.version)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpertDay.objects.create(
            project=mission.project, mission=mission, expert=expert, on=MAY[0], kind=DayKind.TRAVEL
        )


def test_a_day_that_has_not_come_is_not_on_a_time_sheet(
    activity: Activity, rta: Any, leader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = moved(drafted(activity, rta), (Verb.APPROVE, leader), (Verb.CONFIRM, rta))
    expert = mission.experts.get().expert.pk
    monkeypatch.setattr(timezone, "localdate", lambda: MAY[1])

    with pytest.raises(Refused, match=f"The date {MAY[2]} has not come yet"):
        sheets.fill_in(mission, {(expert, MAY[2]): "country"}, by=rta, seen=mission.version)
    assert sheets.fill_in(mission, {(expert, MAY[1]): "country"}, by=rta, seen=mission.version) == 1


def test_a_quarter_of_missions_by_the_forms(
    client: Client, activity: Activity, rta: Any, leader: Any
) -> None:
    """Drafted, copied, approved, timed and reported through the pages that people use."""
    expert = make_expert()
    client.force_login(rta)
    form = {
        "project": activity.project_id, "activity": activity.pk, "from_on": "04.05.2026",
        "to_on": "2026-05-08", "place": "Tirana", "experts-TOTAL_FORMS": 1,
        "experts-INITIAL_FORMS": 0, "experts-0-expert": expert.pk, "experts-0-days": 3,
        "experts-0-travel_days": 1,
    }  # fmt: skip
    assert (
        "As 31.12.2026 or 2026-12-31." in client.get("/admin/experts/mission/add/").content.decode()
    )
    said = client.post("/admin/experts/mission/add/", form, follow=True)
    mission = Mission.objects.get()
    assert "M1 2026-05-04" in said.content.decode()
    assert mission.experts.get().days == 3
    where = f"/admin/experts/mission/{mission.pk}/"
    assert "Activity A1.1 has 10 days left;" in client.get(f"{where}change/").content.decode()

    client.post(f"{where}copy/", {"on": "01.06.2026"})
    twin = Mission.objects.get(code="M2")
    assert (twin.to_on, twin.experts.get().days) == (dt.date(2026, 6, 5), 3)
    again = client.post(f"{where}copy/", {"on": "01.06.2026"}).content.decode()
    assert "M2 already begins on 2026-06-01 with the same activity and experts." in again

    client.force_login(leader)
    page = client.post(f"{where}step/approve/", {"seen": mission.version}, follow=True)
    assert "M1 is “Terms approved” now." in page.content.decode()
    assert "Activity A1.1 has 7 days left." in page.content.decode()
    mission.refresh_from_db()
    client.post(f"{where}step/confirm/", {"seen": mission.version})
    mission.refresh_from_db()
    ticks = {
        f"country-{expert.pk}": ["2026-05-05", "2026-05-06"],
        f"travel-{expert.pk}": ["2026-05-05"],
    }
    told = client.post(f"{where}sheet/", {"seen": mission.version, **ticks}).content.decode()
    assert "2026-05-05 is ticked twice. A day counts once: as work or as travel." in told
    ticks[f"travel-{expert.pk}"] = ["2026-05-04"]
    client.post(f"{where}sheet/", {"seen": mission.version, **ticks})
    page = client.post(
        f"{where}step/report/", {"seen": mission.version, "on": "12.05.2026"}, follow=True
    )
    assert "M1 is “Report received” now." in page.content.decode()
    assert "Days planned: 3. Days on the time sheet: 2." in page.content.decode()
    stale = client.post(f"{where}step/claim/", {"seen": 1}).content.decode()
    assert "Somebody changed the mission after you opened this page, so nothing was done." in stale


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """With connections of their own."""

    def test_of_two_who_approve_the_last_days_at_once_one_succeeds(
        self, activity: Activity, rta: Any, leader: Any
    ) -> None:
        missions = [drafted(activity, rta, 5, f"LV-E{n}") for n in range(1, 4)]
        moved(missions[0], (Verb.APPROVE, leader))
        people = {1: leader, 2: make_member(activity.project, "bc_leader", "berta")}
        both = threading.Barrier(2)

        def approve(n: int) -> None:
            connection.ensure_connection()
            both.wait(30)
            take(missions[n], Verb.APPROVE, by=people[n], seen=missions[n].version)

        told = self.at_once(approve, (1, 2))

        assert sorted(told) == ["Refused", "done"]
        assert ledger(activity)[-1] == 0

    def test_fifty_threads_number_missions_without_doubles_or_gaps(
        self, activity: Activity, rta: Any
    ) -> None:
        each = volume(20, least=4)
        given = {"activity": activity, "from_on": MAY[0], "to_on": MAY[4]}

        def one(n: int) -> None:
            for _again in range(each):
                draft(Mission(project=activity.project, **given), by=rta)

        assert set(self.at_once(one, range(50))) == {"done"}
        codes = Mission.objects.order_by("code_order").values_list("code", flat=True)
        assert list(codes) == [f"M{n}" for n in range(1, 50 * each + 1)]

    @staticmethod
    def at_once(work: Any, numbers: Any) -> list[str]:
        """Each in a thread of its own; "done" or the name of what was raised."""
        told: list[str] = []
        places = threading.Semaphore(20)  # connections that the server gives

        def run(number: int) -> None:
            with places:
                try:
                    work(number)
                    told.append("done")
                except Exception as error:  # noqa: BLE001 - told to the test
                    told.append(type(error).__name__)
                finally:
                    connection.close()

        threads = [threading.Thread(target=run, args=(number,)) for number in numbers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return told


def test_the_days_of_one_expert_are_not_those_of_another(
    activity: Activity, rta: Any, leader: Any
) -> None:
    mission = drafted(activity, rta, 4)
    make_goer(mission, make_expert("LV-E02"), 1)
    moved(mission, (Verb.APPROVE, leader), (Verb.CONFIRM, rta))
    second = mission.experts.get(expert__code="LV-E02").expert_id
    sheets.fill_in(
        mission, {(second, day): "country" for day in MAY[:3]}, by=rta, seen=mission.version
    )

    assert refused(mission, Verb.REPORT, rta, on=MAY[4]) == (
        "LV-E02 has 3 days on the time sheet, and the approved terms give 1. Take out what goes "
        "beyond, and plan it as a mission of its own."
    )


def test_a_coordinator_adds_a_mission_with_its_experts_at_once(
    client: Client, activity: Activity
) -> None:
    """The rows of an inline are checked with the component of a mission that has no id yet."""
    client.force_login(make_member(activity.component, "coordinator", "cora"))
    form = {
        "project": activity.project_id, "activity": activity.pk, "from_on": "2026-05-04",
        "to_on": "2026-05-08", "experts-TOTAL_FORMS": 1, "experts-INITIAL_FORMS": 0,
        "experts-0-expert": make_expert().pk, "experts-0-days": 3, "experts-0-travel_days": 0,
    }  # fmt: skip
    make_assignment(
        activity.project, expert_id=form["experts-0-expert"], component=activity.component
    )

    client.post("/admin/experts/mission/add/", form)

    assert Mission.objects.get().experts.get().days == 3
