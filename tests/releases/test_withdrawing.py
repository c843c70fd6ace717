"""A project that is taken back from the public, and given back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from audit.rows.refused import Refused
from deliverables.projects.models import Project
from releases import actions, withdrawing
from releases.models import Release, Withdrawal
from tests.make import make_component, make_deliverable, make_member, make_project
from tests.twinning.forms import form_of

pytestmark = pytest.mark.django_db
PAGES = (
    *("", "deliverables/", "deliverables/D1.1/", "data/", "release.json", "deliverables.csv"),
    *("releases/", "releases.atom", "releases/1/", "releases/1/release.json", "releases/1..2/"),
    *("releases/1..2.json", "release.proof.json", "release.about.json"),
)


@pytest.fixture
def project() -> Project:
    project = make_project()
    deliverable = make_deliverable(make_component(project))
    actions.publish(project, by=None)
    deliverable.title_en = "Corrected"
    deliverable.save()
    actions.publish(project, by=None)
    return project


@pytest.fixture
def office(client: Client, project: Project) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def withdraw(office: Client, reason: str) -> Any:
    address = reverse("admin:releases_release_withdraw", args=["tw-1"])
    form = form_of(office.get(address).content.decode())
    assert form
    typed = {"reason": reason, "sentence_lv": "Kļūda.", "sentence_en": "A mistake."}
    return office.post(address, form.fields | typed, follow=True)


@pytest.mark.parametrize("reason", ["mistake", "legal"])
def test_what_was_withdrawn_for_good_is_gone_at_each_address(office: Client, reason: str) -> None:
    public = Client()
    before = {page: public.get(f"/en/projects/tw-1/{page}") for page in PAGES}
    assert "TW-1 is withdrawn." in withdraw(office, reason).content.decode()

    for page in PAGES:
        etag = before[page].headers.get("ETag", "")
        answer = public.get(f"/en/projects/tw-1/{page}", headers={"if-none-match": etag})
        text = answer.content.decode()
        assert answer.status_code == 410, page
        assert "This project was withdrawn on" in text
        assert "A mistake." in text
        assert "Corrected" not in text
    text = public.get("/lv/projects/tw-1/").content.decode()
    assert "Šis projekts ir atsaukts" in text
    assert "Kļūda." in text
    assert "tw-1" not in public.get("/en/").content.decode()
    assert Release.objects.count() == 2


def test_what_is_closed_can_be_read_and_cited_and_says_so(office: Client) -> None:
    public = Client()
    before = {page: public.get(f"/en/projects/tw-1/{page}") for page in PAGES}
    withdraw(office, "closed")

    for page in PAGES:
        etag = before[page].headers.get("ETag", "")
        answer = public.get(f"/en/projects/tw-1/{page}", headers={"if-none-match": etag})
        is_page = page.endswith("/") or not page
        assert answer.status_code == 200 or not is_page, page
        assert ("This project was withdrawn on" in answer.content.decode()) == is_page, page
        assert answer.status_code != 410
    assert "tw-1" not in public.get("/en/").content.decode()


def test_it_is_given_back_and_the_trail_keeps_both(office: Client) -> None:
    withdraw(office, "mistake")
    office.post(reverse("admin:releases_release_give_back", args=["tw-1"]))

    assert Client().get("/en/projects/tw-1/").status_code == 200
    assert "tw-1" in Client().get("/en/").content.decode()
    events = Event.objects.filter(table="releases_withdrawal").order_by("pk")
    assert [event.operation for event in events] == ["insert", "delete"]


def test_nothing_is_published_meanwhile(office: Client, project: Project) -> None:
    withdraw(office, "closed")
    Project.objects.update(publishing="at_once", title_en="Renamed")

    assert actions.enter_waiting(by=None) == 0
    with pytest.raises(Refused) as refusal:
        actions.publish(project, by=None)
    assert str(refusal.value) == "The project is withdrawn. Give it back to the public first."
    assert Release.objects.count() == 2


def test_a_draft_is_deleted_and_not_withdrawn(office: Client) -> None:
    draft = make_project("tw-2")
    by = User.objects.get(username="root")

    with pytest.raises(Refused) as refusal:
        withdrawing.withdraw(draft, by=by, reason="mistake", sentence_en="x")

    assert str(refusal.value) == (
        "Nothing of this project was ever public. A draft is deleted, not withdrawn."
    )


def test_the_public_is_told_a_sentence(office: Client) -> None:
    address = reverse("admin:releases_release_withdraw", args=["tw-1"])

    page = office.post(address, {"reason": "legal"}).content.decode()

    assert "Say in a sentence why, in Latvian or in English: the public reads it." in page
    assert not Withdrawal.objects.exists()


def test_who_may_not_publish_does_not_withdraw(client: Client, project: Project) -> None:
    client.force_login(make_member(project, "auditor"))
    for name in ("withdraw", "delete_draft"):
        address = reverse(f"admin:releases_release_{name}", args=["tw-1"])
        assert client.post(address, {"reason": "closed", "sentence_en": "x"}).status_code == 404
    assert not Withdrawal.objects.exists()
