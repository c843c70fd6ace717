"""A project from its first row to its first release."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import User
from audit.models import Event
from deliverables.evidence.attaching import attach, sniff
from deliverables.evidence.models import File
from deliverables.evidence.models.file import store
from deliverables.indicators.models import Submission
from deliverables.ladder.models import Step
from deliverables.projects.models import Change, Membership, Project
from experts.missions.models import MissionStep
from releases import actions, checklist, drafts
from tests.deliverables.test_file_kinds import PDF
from tests.make import make_component, make_member, make_project
from tests.twinning.forms import form_of
from tests.twinning.house import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("boss"))
    return client


def saved(office: Client, row: Any, **typed: str) -> Any:
    """The answer to the form of a row, sent as it stands but for what is typed."""
    meta = row._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    form = form_of(office.get(address).content.decode())
    assert form
    return office.post(address, form.fields | {name: [text] for name, text in typed.items()})


def test_the_address_of_a_project_may_change_until_it_is_published(office: Client) -> None:
    project = make_project("mistyped")
    saved(office, project, slug="md-18")
    assert Project.objects.get().slug == "md-18"

    release = actions.publish(Project.objects.get(), by=None)
    assert release
    assert release.slug == "md-18"
    saved(office, project, slug="md-19", title_en="Renamed")
    row = Project.objects.get()
    assert (row.slug, row.title_en) == ("md-18", "Renamed")


def full() -> Project:
    """A draft with a row of each kind, and what its steps wrote."""
    house = House()
    far, by = house.far, house.people["administrator"]
    assert by
    deliverable, mission = house.rows["deliverable", "foreign"], house.rows["mission", "foreign"]
    Step.objects.create(
        deliverable=deliverable, verb="start", begins="planned", ends="in_progress", by=by, at=now()
    )
    MissionStep.objects.create(
        project=far, mission=mission, verb="approve", ends="approved", by=by, at=now()
    )
    Submission.objects.create(project=far, by="U-1", on=now().date(), at=now())
    good, _wrong = sniff([SimpleUploadedFile("a.pdf", PDF)])
    attach([deliverable], good, by=by, shows_lv="Tests", shows_en="A test")
    make_member(far, name="far-leader")
    return far


def everywhere() -> dict[str, int]:
    tables = [model for model in apps.get_models() if model._meta.managed]
    left = {model._meta.label: model._base_manager.count() for model in tables}
    return {label: n for label, n in left.items() if not label.startswith(("audit.", "procrast"))}


def test_a_draft_goes_as_a_whole_and_leaves_only_its_trail(
    office: Client, django_capture_on_commit_callbacks: Any
) -> None:
    project = full()
    found = drafts.everything(project)
    keys = list(File.objects.filter(project=project).values_list("key", flat=True))
    before, events = everywhere(), Event.objects.count()
    assert {Step, MissionStep, Submission, Membership, File} <= set(found)
    address = reverse("admin:releases_release_delete_draft", args=[project.slug])
    page = office.get(address).content.decode()
    form = form_of(page)
    assert form

    with django_capture_on_commit_callbacks(execute=True):
        answer = office.post(address, form.fields, follow=True).content.decode()

    assert f"{project} is deleted. The audit trail keeps what was done." in answer
    after = everywhere()
    gone = {model._meta.label: len(keys) for model, keys in found.items() if model is not Change}
    less = {label: n - after[label] for label, n in before.items() if n - after[label] > 0}
    assert {k: n for k, n in less.items() if k != "deliverables.Change"} == gone
    assert not Change.objects.filter(project=project).exists()
    assert Event.objects.count() - events >= sum(gone.values())
    assert not any(store().exists(key) for key in keys)


def test_what_was_added_since_the_page_was_made_keeps_the_draft(office: Client) -> None:
    project = make_project()
    address = reverse("admin:releases_release_delete_draft", args=[project.slug])
    form = form_of(office.get(address).content.decode())
    assert form
    make_component(project)

    page = office.post(address, form.fields).content.decode()

    assert "Somebody changed the draft after this page was made, so nothing was deleted." in page
    assert Project.objects.filter(pk=project.pk).exists()


def test_what_was_published_is_not_deleted(office: Client) -> None:
    project = make_project()
    actions.publish(project, by=None)
    address = reverse("admin:releases_release_delete_draft", args=[project.slug])
    told = "The project was published, so it stays on record. It can be withdrawn."

    assert told in office.get(address).content.decode()
    assert told in office.post(address, {"seen": "1.0"}).content.decode()
    assert Project.objects.filter(pk=project.pk).exists()


def test_what_is_there_is_not_missing() -> None:
    house = House()
    house.far.start_planned, house.far.end_planned = "2026-01", "2027-01"
    house.far.summary_lv, house.far.summary_en = "Kopsavilkums", "Summary"

    assert checklist.for_publication(house.far) == []
    assert [missing.sentence for missing in checklist.for_running(house.far)] == [
        "Nobody leads it for the beneficiary.",
        "No component has a coordinator.",
    ]
