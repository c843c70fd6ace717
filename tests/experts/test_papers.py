"""Papers of a mission, attached on its page through the real form and storage."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import Event
from deliverables.evidence.models import Evidence, File
from deliverables.projects.models import Project
from experts.missions.models import Mission
from releases.document import live
from releases.document.build import canonical
from tests.deliverables.test_attaching import folder, kept  # noqa: F401
from tests.deliverables.test_file_kinds import PDF, PNG
from tests.make import (
    make_activity,
    make_component,
    make_expert,
    make_goer,
    make_member,
    make_mission,
    make_project,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission(client: Client) -> Mission:
    component = make_component(make_project(publishing="by_hand"))
    mission = make_mission(make_activity(component))
    make_goer(mission, make_expert(), 3)
    Mission.objects.filter(pk=mission.pk).update(state="confirmed")
    client.force_login(make_member(component, "coordinator"))
    return Mission.objects.get(pk=mission.pk)


def address(mission: Mission, *paper: str) -> str:
    name = "paper" if paper else "papers"
    return reverse(f"admin:experts_mission_{name}", args=[mission.pk, *paper])


def post(client: Client, mission: Mission, seen: Any = "", **files: tuple[str, bytes]) -> Any:
    uploads = {name: SimpleUploadedFile(*file) for name, file in files.items()}
    given = {"seen": seen or Mission.objects.get(pk=mission.pk).version, **uploads}
    return client.post(address(mission), given, follow=True)


def told(page: Any) -> list[str]:
    return [str(one) for one in page.context["messages"]]


def test_two_papers_take_their_places_and_the_page_of_the_mission_shows_them(
    client: Client, mission: Mission
) -> None:
    page = post(client, mission, report=("Ziņojums.pdf", PDF), boarding_passes=("kartes.png", PNG))

    assert told(page) == ["2 papers were attached."]
    text = page.content.decode()
    assert "M1-report.pdf</a>" in text
    assert text.count("<b>missing</b>") == 2
    mission.refresh_from_db()
    assert mission.report is not None
    assert mission.boarding_passes is not None
    assert (mission.report.code, mission.report.title_lv, mission.report.title_en) == (
        "F1", "M1: ziņojums", "M1: report",
    )  # fmt: skip
    assert mission.boarding_passes.title_en == "M1: boarding passes"
    assert mission.time_sheet is None
    assert set(File.objects.values_list("public", flat=True)) == {False}
    assert Event.objects.filter(table="experts_mission", why="papers").count() == 1
    sent = client.get(address(mission, "report"))
    assert b"".join(cast(Any, sent).streaming_content) == PDF
    assert sent["Content-Security-Policy"].startswith("sandbox")


def test_a_second_click_attaches_nothing_and_a_new_file_takes_the_place(
    client: Client,
    mission: Mission,
    folder: Path,  # noqa: F811
) -> None:
    seen = mission.version
    post(client, mission, seen, report=("a.pdf", PDF))
    again = post(client, mission, seen, report=("a.pdf", PDF))

    assert told(again) == ["These papers were attached already."]
    assert Evidence.objects.count() == File.objects.count() == len(kept(folder)) == 1
    stale = post(client, mission, seen, report=("b.png", PNG))
    assert "Somebody changed the mission after you opened this page." in stale.content.decode()
    assert len(kept(folder)) == 1
    post(client, mission, report=("b.png", PNG))
    mission.refresh_from_db()
    assert mission.report is not None
    assert mission.report.code == "F2"
    assert Evidence.objects.filter(code="F1").exists()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "Choose a file for at least one of the papers."),
        ({"report": ("a.pdf", PNG)}, "a.pdf: "),
        ({"report": ("tukša.pdf", b"")}, "empty"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    client: Client,
    mission: Mission,
    folder: Path,  # noqa: F811
    files: Any,
    sentence: str,
) -> None:
    page = post(client, mission, **files, **({"time_sheet": ("t.pdf", PDF)} if files else {}))

    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not kept(folder)
    assert not File.objects.exists()


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_a_mission_that_is_not_agreed_or_is_cancelled_takes_no_papers(
    client: Client,
    mission: Mission,
    state: str,
    folder: Path,  # noqa: F811
) -> None:
    Mission.objects.filter(pk=mission.pk).update(state=state)

    page = post(client, mission, report=("a.pdf", PDF))

    sentence = "Papers are attached once the terms of the mission are approved."
    assert sentence in page.content.decode()
    assert not kept(folder)
    panel = client.get(reverse("admin:experts_mission_change", args=[mission.pk]))
    assert address(mission) not in panel.content.decode()


def test_whoever_attached_papers_can_go_on_editing_the_mission(
    client: Client, mission: Mission
) -> None:
    """Evidence of no deliverable is nobody's component, and still is a value of the form."""
    post(client, mission, report=("a.pdf", PDF))
    form = client.get(reverse("admin:experts_mission_change", args=[mission.pk]))
    given = {
        field.html_name: field.value() if field.value() is not None else ""
        for field in form.context["adminform"].form
    }
    for formset in form.context["inline_admin_formsets"]:
        given |= {field.html_name: field.value() for field in formset.formset.management_form}
        for one in formset.formset.forms:
            given |= {field.html_name: field.value() or "" for field in one}

    saved = client.post(form.request["PATH_INFO"], given | {"place": "Paraugpilsēta"}, follow=True)

    mission.refresh_from_db()
    assert (mission.place, mission.report is not None) == ("Paraugpilsēta", True), (
        saved.content.decode()[:2000]
    )


@pytest.mark.parametrize(
    ("who", "answers"),
    [("other component", (404, 404)), ("other project", (404, 404)), ("viewer", (404, 200))],
)
def test_papers_are_for_those_who_see_the_mission_and_attached_by_those_who_write_it(
    client: Client, mission: Mission, who: str, answers: tuple[int, int]
) -> None:
    post(client, mission, report=("a.pdf", PDF))
    project = mission.project
    member = {
        "other component": lambda: make_member(make_component(project, 2), "coordinator", "x"),
        "other project": lambda: make_member(make_project("tw-2"), "ms_leader", "y"),
        "viewer": lambda: make_member(project, "auditor", "z"),
    }[who]()
    client.force_login(member)

    form, paper = client.get(address(mission)), client.get(address(mission, "report"))
    list(getattr(paper, "streaming_content", ()))  # reads it to its end, which closes the file

    assert (form.status_code, paper.status_code) == answers
    assert client.get(address(mission, "time_sheet")).status_code == 404
    assert client.get(address(mission, "state")).status_code == 404


def test_papers_are_in_no_release(client: Client, mission: Mission) -> None:
    """Nor is one that another file replaced; its name was not kept, as it may name a person."""
    post(client, mission, report=("Ziņojums Bērziņš.pdf", PDF))
    post(client, mission, report=("b.png", PNG))
    names = list(File.objects.order_by("pk").values_list("name", flat=True))
    assert names == ["M1-report.pdf", "M1-report.png"]

    document = canonical(live.build(Project.objects.get(pk=mission.project_id))).decode()

    assert "M1: report" not in document
    assert '"F1"' not in document
    assert '"F2"' not in document


def test_a_step_after_the_report_says_which_papers_are_missing(
    client: Client, mission: Mission
) -> None:
    post(client, mission, report=("Ziņojums.pdf", PDF), time_sheet=("lapa.png", PNG))
    Mission.objects.update(state="reported", report_on=mission.to_on)
    client.force_login(make_member(mission.project, name="leader"))
    step = reverse("admin:experts_mission_step", args=[mission.pk, "accept"])

    assert "Papers that are missing: boarding passes, attendance list. " in (
        client.get(step).content.decode()
    )
    Mission.objects.update(papers_note="Online")
    assert "Papers that are missing" not in client.get(step).content.decode()
