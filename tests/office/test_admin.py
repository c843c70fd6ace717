"""The back office as a coordinator uses it: real forms, real database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib import admin
from django.core import checks
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import RIGHTS, Right
from deliverables.evidence.models import Evidence
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Change, Project
from exchange.checks import no_list_is_edited_in_place
from releases import actions
from releases.actions import publish
from releases.models import Release
from tests import work
from tests.make import (
    make_assignment,
    make_component,
    make_deliverable,
    make_evidence,
    make_expert,
    make_item,
    make_member,
    make_project,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client, deliverable: Deliverable) -> User:
    user = make_member(deliverable.component, "coordinator")
    client.force_login(user)
    return user


@pytest.fixture
def deliverable() -> Deliverable:
    return make_deliverable(make_component(make_project()))


def typed(deliverable: Deliverable, **changed: Any) -> dict[str, Any]:
    """What the browser sends when the deliverable's form is saved."""
    fields = [
        "title_lv",
        "title_en",
        "kind",
        "weight",
        "due_original",
        "due_current",
        "delivered_on",
        "accepted_on",
        "note_lv",
        "note_en",
        "adopted_by_lv",
        "adopted_by_en",
        "adopted_on",
        "reason_lv",
        "reason_en",
        "items_intro_lv",
        "items_intro_en",
    ]
    data = {name: getattr(deliverable, name) for name in fields}
    for inline in ("items", "evidence"):
        data |= {f"{inline}-TOTAL_FORMS": 0, f"{inline}-INITIAL_FORMS": 0}
    own = {"component": deliverable.component_id, "active": "on", "seen": deliverable.version}
    return data | own | changed


def save(client: Client, deliverable: Deliverable, **changed: Any) -> Any:
    address = reverse("admin:deliverables_deliverable_change", args=[deliverable.pk])
    return client.post(address, typed(deliverable, **changed), follow=True)


def released(slug: str = "tw-1") -> Any:
    """What is in force once the workers have done what waits."""
    work.carry_out()
    return Release.objects.filter(slug=slug).in_force(None).first()


def test_a_corrected_result_is_public_after_the_save(
    client: Client, ana: User, deliverable: Deliverable
) -> None:
    Project.objects.update(publishing="at_once")
    actions.publish(deliverable.project, by=None)

    save(client, deliverable, title_en="Corrected")

    work.let_pass(dt.timedelta(hours=1))
    release = released()
    assert release.number == 2
    assert release.made_by == ana
    assert release.document["deliverables"][0]["title_en"] == "Corrected"


def test_by_hand_a_correction_waits_for_publish(
    client: Client, ana: User, deliverable: Deliverable
) -> None:
    actions.publish(deliverable.project, by=None)
    Project.objects.update(publishing="by_hand")
    before = released()

    save(client, deliverable, title_en="Corrected")

    assert released() == before
    page = client.get(reverse("admin:releases_release_changes", args=["tw-1"])).content.decode()
    assert "Changed: deliverable D1.1." in page
    assert "<del>Deliverable</del>" in page
    assert "<ins>Corrected</ins>" in page
    assert "publishing is not among your rights" in page


def test_publish_makes_what_was_shown_public(
    client: Client, ana: User, deliverable: Deliverable
) -> None:
    Project.objects.update(publishing="by_hand")
    client.force_login(make_member(deliverable.project, name="leader"))
    address = reverse("admin:releases_release_changes", args=["tw-1"])
    digest = client.get(address).context["digest"]

    first = client.post(address, {"digest": digest}, follow=True)
    second = client.post(address, {"digest": digest}, follow=True)

    assert [str(message) for message in first.context["messages"]] == [
        "Release 1 of TW-1 is public now."
    ]
    assert [str(message) for message in second.context["messages"]] == [
        "Nothing to publish: the newest release already holds all of this."
    ]
    assert Release.objects.count() == 1


def test_publish_without_the_right_is_refused(
    client: Client, ana: User, deliverable: Deliverable
) -> None:
    Project.objects.update(publishing="by_hand")
    address = reverse("admin:releases_release_changes", args=["tw-1"])

    assert client.post(address, {"digest": ""}).status_code == 403
    assert not Release.objects.exists()


def test_rung_code_and_project_cannot_be_changed_by_a_form(
    client: Client, ana: User, deliverable: Deliverable
) -> None:
    other = make_project("other")

    save(client, deliverable, rung="confirmed", code="D9.9", project=other.pk)

    deliverable.refresh_from_db()
    assert (deliverable.rung, deliverable.code, deliverable.project.slug) == (
        "planned",
        "D1.1",
        "tw-1",
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"due_current": "2026-13"},
            "“2026-13” is not a date between 2000 and 2100. Write a day (2019-02-21 or "
            "21.02.2019), a month (2019-02) or a year (2019), as exactly as it is known.",
        ),
        ({"weight": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"title_lv": ""}, "This field is required."),
    ],
)
def test_wrong_data_in_a_form_is_told_and_nothing_is_written(
    client: Client,
    ana: User,
    deliverable: Deliverable,
    changed: dict[str, str],
    sentence: str,
) -> None:
    Change.objects.all().delete()

    page = save(client, deliverable, **changed)

    assert sentence in page.content.decode().replace("&#x27;", "'")
    assert not Change.objects.exists()


def test_evidence_added_on_the_page_gets_the_project_and_doubles_are_told(
    client: Client, ana: User, deliverable: Deliverable
) -> None:
    rows: dict[str, Any] = {"evidence-TOTAL_FORMS": 2}
    for number in (0, 1):
        rows |= {
            f"evidence-{number}-deliverable": deliverable.pk,
            f"evidence-{number}-code": "E1",
            f"evidence-{number}-kind": "link",
            f"evidence-{number}-title_lv": "Ziņojums",
            f"evidence-{number}-title_en": "Report",
            f"evidence-{number}-url": "https://example.org/r",
        }

    page = save(client, deliverable, **rows).content.decode()
    assert "Please correct the duplicate" in page
    assert not Evidence.objects.exists()
    rows |= {"evidence-1-code": "E2"}
    save(client, deliverable, **rows)

    assert [(one.code, one.project.slug) for one in Evidence.objects.all()] == [
        ("E1", "tw-1"),
        ("E2", "tw-1"),
    ]
    rows = {"evidence-TOTAL_FORMS": 1} | {
        key: value for key, value in rows.items() if key.startswith("evidence-0")
    }
    page = save(client, deliverable, **rows).content.decode()
    assert "This project already has evidence with this code." in page


def test_a_script_address_never_becomes_a_link(
    client: Client, ana: User, deliverable: Deliverable
) -> None:
    rows = {
        "evidence-TOTAL_FORMS": 1,
        "evidence-0-deliverable": deliverable.pk,
        "evidence-0-code": "E1",
        "evidence-0-kind": "link",
        "evidence-0-title_lv": "x",
        "evidence-0-title_en": "x",
        "evidence-0-url": "javascript:alert(1)",
    }

    page = save(client, deliverable, **rows).content.decode()

    assert "Enter a valid URL." in page
    assert not Evidence.objects.exists()


def test_what_was_published_cannot_be_deleted(client: Client, deliverable: Deliverable) -> None:
    client.force_login(User.objects.create_superuser("root"))
    publish(deliverable.project, by=None)

    address = reverse("admin:deliverables_deliverable_delete", args=[deliverable.pk])

    assert client.post(address, {"post": "yes"}).status_code == 403
    assert Deliverable.objects.filter(pk=deliverable.pk).exists()


@pytest.mark.parametrize(
    "query",
    [
        {"search_text__startswith": "k"},
        {"name__startswith": "A"},
        {"rung__regex": "(a+)+$"},
        {"code": "\0"},
        {"project__id__exact": "9" * 30},
        {"p": "99999999"},
        {"q": "x" * 10_000},
        {"o": "99.-1.x"},
    ],
)
def test_odd_questions_to_a_list_are_no_error_and_no_oracle(
    client: Client, ana: User, deliverable: Deliverable, query: dict[str, str]
) -> None:
    page = client.get(reverse("admin:deliverables_deliverable_changelist"), query)

    assert page.status_code in (200, 302, 400)


def test_the_front_page_of_a_desk_tells_its_project_and_what_is_not_published(
    client: Client, ana: User, deliverable: Deliverable
) -> None:
    page = client.get("/desk/tw-1/admin/").content.decode()
    assert "nothing yet" in page
    assert "0 of 1" in page

    actions.publish(deliverable.project, by=None)
    page = client.get("/desk/tw-1/admin/").content.decode()
    assert "nothing: all is public" in page

    Project.objects.update(publishing="by_hand", title_en="New")
    page = client.get("/desk/tw-1/admin/").content.decode()
    assert "there are changes: see what would change" in page


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_front_page_costs_the_same_however_many_projects(
    client: Client, how_many: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(how_many):
        project = make_project(f"tw-{number}")
        actions.publish(project, by=None)
        client.force_login(make_member(project))

    with django_assert_max_num_queries(15):
        page = client.get("/admin/").content.decode()

    assert page.count('<a href="/desk/tw-') == how_many


def test_no_list_is_edited_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    assert no_list_is_edited_in_place() == []

    monkeypatch.setattr(admin.site._registry[Deliverable], "list_editable", ("active",))

    (error,) = [found for found in checks.run_checks() if found.id == "exchange.E001"]
    assert error.msg.startswith("DeliverableAdmin has list_editable: saving such a list overwrites")


def test_the_deliverable_page_stays_within_fifteen_queries(
    client: Client, ana: User, deliverable: Deliverable, django_assert_max_num_queries: Any
) -> None:
    for number in range(1, 6):
        make_item(deliverable, f"D1.1.{number}")
    address = reverse("admin:deliverables_deliverable_change", args=[deliverable.pk])
    client.get(address)

    with django_assert_max_num_queries(15):
        client.get(address)


def test_the_language_is_the_persons_own(client: Client, ana: User) -> None:
    assert '<html lang="en"' in client.get("/admin/").content.decode()

    client.post("/admin/language/", {"language": "lv", "next": "/admin/"})

    page = client.get("/admin/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="lv"' in page
    ana.refresh_from_db()
    assert ana.language == "lv"


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_choosing_a_language_leads_nowhere_else(client: Client, target: str) -> None:
    response = client.post("/admin/language/", {"language": "lv", "next": target})

    assert response.headers["Location"] == "/admin/"


def test_a_user_without_rights_sees_no_project(client: Client, deliverable: Deliverable) -> None:
    client.force_login(make_user("stranger"))

    page = client.get("/admin/").content.decode()

    assert "There is no project here that you may see." in page
    assert "TW-1" not in page
    for name in ("deliverables_deliverable_changelist", "deliverables_deliverable_import"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403
    assert client.get(reverse("admin:releases_release_changes", args=["tw-1"])).status_code == 404


def test_an_autocomplete_tells_the_project_of_each_choice(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(User.objects.create_superuser("root"))
    for slug in ("one", "two"):
        make_component(make_project(slug), title_en="Law")
    asked = {"app_label": "deliverables", "model_name": "deliverable", "field_name": "component"}

    with django_assert_max_num_queries(8):
        answer = client.get("/admin/autocomplete/", asked | {"term": "LAW"})

    assert [choice["text"] for choice in answer.json()["results"]] == [
        "ONE · 1. Law",
        "TWO · 1. Law",
    ]


def test_who_may_not_publish_cannot_make_a_project_publish_by_itself(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(publishing="by_hand")
    client.force_login(make_member(project))
    monkeypatch.setitem(RIGHTS, Right.PUBLISH, {})
    fields = {name: getattr(project, name) for name in
              ("slug", "reference", "kind", "title_lv", "title_en", "status",
               "beneficiary_country",
               "results_basis")}  # fmt: skip

    client.post(
        reverse("admin:deliverables_project_change", args=[project.pk]),
        fields | {"publishing": "at_once", "title_en": "Saved", "seen": "1"},
    )

    project.refresh_from_db()
    assert (project.title_en, project.publishing) == ("Saved", "by_hand")
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("address", "typed_in"),
    [
        ("budget_entry_add", {"code": "N1", "kind": "planned", "amount": "1"}),
        ("deliverables_item_add", {"code": "D1.1", "kind": "output"}),
        (
            "deliverables_deliverable_add",
            {
                "evidence-TOTAL_FORMS": 1, "evidence-INITIAL_FORMS": 0, "evidence-0-code": "E1",
                "evidence-0-kind": "link", "evidence-0-title_en": "x",
                "items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 0, "items-0-code": "D1.1.1",
            },
        ),
    ],
)  # fmt: skip
def test_a_form_without_its_parent_is_told_in_words(
    client: Client, address: str, typed_in: dict[str, Any]
) -> None:
    client.force_login(User.objects.create_superuser("root"))
    evidence = make_evidence(make_project())

    page = client.post(reverse(f"admin:{address}"), typed_in | {"evidence": evidence.pk})

    assert page.status_code == 200
    assert "This field is required." in page.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/admin/releases/release/?slug=%00",
        "/admin/releases/release/?slug__regex=%28",
        "/admin/deliverables/deliverable/export/?project__id__exact=abc",
        "/admin/deliverables/deliverable/add/?project=abc",
        "/admin/deliverables/deliverable/add/?component=" + "9" * 40,
    ],
)
def test_odd_addresses_of_the_back_office_are_no_failure(client: Client, address: str) -> None:
    client.force_login(User.objects.create_superuser("root"))

    assert client.get(address).status_code in (200, 302, 400)


def test_codes_are_locked_in_the_rows_of_a_page_too(
    client: Client, ana: User, deliverable: Deliverable
) -> None:
    item = make_item(deliverable)
    rows = {
        "items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 1, "items-0-id": item.pk,
        "items-0-seen": "1",
        "items-0-deliverable": deliverable.pk, "items-0-code": "X9", "items-0-kind": "output",
        "items-0-title_lv": "Cita", "items-0-title_en": "Other",
    }  # fmt: skip

    save(client, deliverable, **rows)

    item.refresh_from_db()
    assert (item.code, item.title_en) == ("D1.1.1", "Other")


def test_names_cannot_be_found_out_through_another_list(client: Client) -> None:
    expert = make_expert(name="Canary Name")
    project = make_project()
    make_assignment(project, function="short_term_expert", expert=expert)
    client.force_login(make_member(project, "auditor", "bruno"))
    address = reverse("admin:experts_assignment_changelist")

    assert client.get(address, {"q": "canary"}).context["cl"].result_count == 0
    assert client.get(address, {"q": "LV-E01"}).context["cl"].result_count == 1
