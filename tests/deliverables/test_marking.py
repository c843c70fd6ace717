"""Rows marked as entered by mistake: who may, what goes with them, what stays, and back again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.events.acting import acting
from audit.models import Event, Through
from audit.rows.refused import Refused
from budget.money.actions import next_code
from budget.money.models import Entry
from deliverables.ladder.models import Deliverable, SignOff, Step
from deliverables.projects.mistakes import marking
from deliverables.projects.models import Mistake
from experts.missions.models import ExpertDay, Mission, MissionExpert, MissionStep
from experts.people.models import Expert
from releases.actions import publish
from releases.models import Release
from tests.deliverables.test_ladder import Team, said
from tests.exchange.files import Session
from tests.make import (
    make_activity,
    make_component,
    make_deliverable,
    make_entry,
    make_evidence,
    make_expert,
    make_item,
    make_line,
    make_member,
    make_project,
    make_worked,
)

pytestmark = pytest.mark.django_db
OTHERS = (
    "Steps were taken with it, so others stood for it. Only a project leader who took none of "
    "them, and did not enter it, may say that it was a mistake."
)


@pytest.fixture
def team() -> Team:
    team = Team()
    team.evidence.delete()
    publish(team.row.project, by=None)
    return team


def mark(row: Any, by: User, why: str = "Typed twice.") -> Mistake:
    row.refresh_from_db()
    project = row.line.project if isinstance(row, Entry) else row.project
    return marking.mark(row, project, by=by, seen=str(row.version), reason=why)


def refusal(row: Any, by: User) -> str:
    with pytest.raises(Refused) as told:
        mark(row, by)
    return str(told.value)


def columns(*tables: Any) -> list[list[dict[str, Any]]]:
    """All that these tables hold, but versions."""
    rows = (table._base_manager.order_by("pk").values() for table in tables)
    return [[{**row, "version": 0} for row in of] for of in rows]


def test_a_result_goes_with_its_steps_by_a_leader_who_took_none_of_them(team: Team) -> None:
    make_evidence(team.row.project, deliverable=team.row)
    row = team.at("documented")
    row.evidence.all().delete()
    with acting(team.ben.code, Through.FORM):
        Deliverable.objects.filter(pk=row.pk).update(note_en="Seen")
    held = columns(Deliverable, Step)
    assert {refusal(row, who) for who in (team.ana, team.bea)} == {OTHERS}

    given = mark(row, team.mel)

    assert not Deliverable.objects.exists()
    assert not Step.objects.exists()
    trail = Event.objects.filter(table="deliverables_step", operation="delete")
    assert {(event.who, event.why) for event in trail} == {(team.mel.code, "Typed twice.")}
    about = f"deliverables_project:{given.project_id}"
    assert all(about in event.about for event in trail)
    marking.put_back(given, by=team.mel)
    assert columns(Deliverable, Step) == held


def test_who_took_a_step_does_not_say_that_it_was_a_mistake(team: Team) -> None:
    make_evidence(team.row.project, deliverable=team.row)
    row = team.at("accepted")
    team.sign()
    piece = row.evidence.get()

    assert refusal(piece, team.ben) == OTHERS
    mark(piece, make_member(row.project, "ms_leader", "new"))

    assert not row.evidence.exists()
    assert not SignOff.objects.filter(voided_at=None).exists()


def test_what_others_name_stays_and_they_are_named(team: Team) -> None:
    make_item(team.row)
    make_item(team.row, "D1.1.2")
    make_evidence(team.row.project, deliverable=team.row)

    assert refusal(team.row, team.mel) == (
        "It is no mistake while others name it: items (D1.1.1, D1.1.2); pieces of evidence "
        "(E1). Begin with those."
    )


def test_a_mission_goes_with_its_days_experts_and_steps(team: Team) -> None:
    activity, expert = make_activity(team.row.component), make_expert()
    mission = make_worked(activity, expert, 3)
    MissionStep.objects.create(
        project=mission.project, mission=mission, verb="report", ends="reported", by=team.ana,
        at="2026-05-09T10:00Z",
    )  # fmt: skip
    tables = (Mission, MissionExpert, ExpertDay, MissionStep)
    held = columns(*tables)
    assert refusal(mission, team.ana) == OTHERS

    given = mark(mission, team.mel)

    assert columns(*tables) == [[], [], [], []]
    marking.put_back(given, by=team.mel)
    assert columns(*tables) == held


def test_a_single_day_of_a_time_sheet_that_is_handed_in_stays(team: Team) -> None:
    mission = make_worked(make_activity(team.row.component), make_expert(), 3)

    assert refusal(mission.days.all()[0], team.mel) == (
        "A rule of its table keeps it: what was signed, approved or handed in is put right by its "
        "own steps."
    )
    assert not Mistake.objects.exists()


def test_an_entry_leaves_the_sums_and_its_code_is_not_given_again(team: Team) -> None:
    line = make_line(team.row.project)
    entry = make_entry(line, "B7", kind="spent", amount="500", on="2026-05")
    publish(team.row.project, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.delete()

    mark(entry, team.mel)

    assert publish(team.row.project, by=None)
    documents = Release.objects.order_by("-number").values_list("document", flat=True)
    newest, before = documents[:2]
    assert [row["code"] for row in before["budget_entries"]] == ["B7"]
    assert newest["budget_entries"] == []
    assert next_code(line.pk) == "B8"


def test_no_new_row_has_the_code_by_form_or_import(team: Team, client: Client) -> None:
    row = make_deliverable(team.row.component, "D1.7")
    publish(team.row.project, by=None)
    mark(row, team.mel)
    client.force_login(team.mel)
    told = (
        "D1.7 was entered by mistake (Typed twice.), and no code is used twice. Choose another "
        "one, or put that row back."
    )

    given = {"project": row.project_id, "component": row.component_id, "code": "D1.7",
             "title_lv": "x", "title_en": "x", "kind": "main_result", "weight": 1}  # fmt: skip
    page = client.post(reverse("admin:deliverables_deliverable_add"), given)
    head = "project,component,code,title_lv,title_en\n"
    session = Session(client).upload(f"{head}tw-1,1,D1.7,Jauns,New\ntw-1,1,D1.8,Jauns,New\n")

    assert told in page.content.decode()
    assert told in session.page.content.decode()


def test_a_row_comes_back_only_where_all_that_it_names_is_there(team: Team) -> None:
    component = make_component(team.row.project, 2)
    row = make_deliverable(component, "D2.1")
    given = mark(row, team.mel)
    other = mark(component, team.mel)

    with pytest.raises(Refused, match="something that it names is not there any more"):
        marking.put_back(given, by=team.mel)
    marking.put_back(other, by=team.mel)

    assert marking.put_back(given, by=team.mel) == row
    with pytest.raises(Refused, match="Somebody else has put it back already"):
        marking.put_back(given, by=team.mel)


def test_a_draft_and_a_name_are_not_marked(team: Team) -> None:
    draft = make_deliverable(make_component(make_project("tw-2")))
    expert = make_expert(name="Anna Ozola")
    admin = User.objects.create_superuser("root", password="a long pass phrase")

    assert refusal(draft, admin) == (
        "Nothing of this project was ever public: what is wrong in it is deleted."
    )
    with pytest.raises(Refused) as told:
        marking.mark(expert, None, by=admin, seen="1", reason="x")
    assert str(told.value) == (
        "It holds the name of a person, which no mark keeps. Empty the name first."
    )
    Expert.objects.update(name="")
    expert.refresh_from_db()
    marking.mark(expert, None, by=admin, seen=str(expert.version), reason="x")
    assert not Expert.objects.exists()


def test_the_page_asks_why_and_leads_to_the_list(team: Team, client: Client) -> None:
    row = make_deliverable(team.row.component, "D1.7")
    where = reverse("admin:deliverables_mistake_mark", args=["deliverables_deliverable", row.pk])
    client.force_login(team.mel)
    assert "Nobody has read it yet" in client.get(where).content.decode()
    publish(row.project, by=None)
    client.force_login(team.ana)

    assert client.post(where, {"seen": "1", "reason": ""}).status_code == 200
    stale = client.post(where, {"seen": "9", "reason": "Twice"}).content.decode()
    assert "Somebody changed the row after this page was made. Look at it again." in stale
    done = client.post(where, {"seen": "1", "reason": "Twice"}, follow=True)

    assert said(done) == ["D1.7 Deliverable is marked as entered by mistake, and left every list."]
    back = reverse("admin:deliverables_mistake_put_back", args=[Mistake.objects.get().pk])
    client.force_login(team.aud)
    assert "D1.7" in client.get(reverse("admin:deliverables_mistake_changelist")).content.decode()
    assert client.post(back).status_code == 404
    client.force_login(team.bea)
    assert "D1.7" in client.get(reverse("admin:deliverables_mistake_changelist")).content.decode()
    assert client.post(back).status_code == 404
    client.force_login(team.ana)
    assert said(client.post(back, follow=True)) == ["D1.7 Deliverable is back."]
