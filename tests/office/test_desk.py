"""The desk of a project: the back office below one address, where everything knows its project."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, override_settings
from django.urls import get_script_prefix, reverse

from accounts.models import Draft, User
from deliverables.ladder.models import Deliverable
from deliverables.plan.models import Activity
from tests.make import (
    make_activity,
    make_component,
    make_deliverable,
    make_evidence,
    make_expert,
    make_institution,
    make_member,
    make_project,
    make_user,
)

pytestmark = pytest.mark.django_db
ADDED = {
    "code": "D1.7", "title_lv": "Jauns", "title_en": "New", "kind": "mandatory_result",
    "weight": "1", "active": "on", "items-TOTAL_FORMS": 0, "items-INITIAL_FORMS": 0,
    "evidence-TOTAL_FORMS": 0, "evidence-INITIAL_FORMS": 0,
}  # fmt: skip


class Two:
    """Two projects of one shape, and who leads both."""

    def __init__(self) -> None:
        self.own, self.other = (self._filled(slug) for slug in ("tw-1", "tw-2"))
        self.lea = make_member(self.own.project, name="lea")
        make_member(self.other.project, name="lea")

    @staticmethod
    def _filled(slug: str) -> Any:
        component = make_component(make_project(slug, publishing="by_hand"))
        make_activity(component)
        make_deliverable(component)
        make_evidence(component.project)
        return component


@pytest.fixture
def two(client: Client) -> Two:
    both = Two()
    client.force_login(both.lea)
    return both


def desk(path: str = "", slug: str = "tw-1") -> str:
    return f"/desk/{slug}/admin/{path}"


def test_every_link_of_a_page_stays_at_its_desk(client: Client, two: Two) -> None:
    page = client.get(desk("deliverables/deliverable/")).content.decode()

    key = Deliverable.objects.get(component=two.own).pk
    assert f'"{desk("deliverables/deliverable/")}{key}/change/' in page
    assert '"/admin/deliverables/' not in page
    assert get_script_prefix() == "/"


@pytest.mark.parametrize("page", ["", "deliverables/deliverable/", "findings/tw-1/", "nowhere/"])
def test_a_foreign_desk_is_as_if_it_were_not_there(client: Client, two: Two, page: str) -> None:
    client.force_login(make_member(two.other, "coordinator", "cora"))

    foreign = client.get(desk(page))
    missing = client.get(desk(page, "nowhere"))

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content
    assert "TW-1" not in foreign.content.decode()


def test_a_page_of_another_project_is_not_at_this_desk(client: Client, two: Two) -> None:
    row = Deliverable.objects.get(component=two.other)
    of_row = f"deliverables/deliverable/{row.pk}"
    for page in (
        f"{of_row}/change/", f"{of_row}/step/start/", "findings/tw-2/", "quarter/tw-2/",
        "standing/tw-2/", "extracts/tw-2/", "releases/release/tw-2/changes/",
        "preview/en/projects/tw-2/",
    ):  # fmt: skip
        assert client.get(f"/admin/{page}").status_code == 200, page
        assert client.get(desk(page)).status_code == 404, page
        assert client.get(desk(page, "tw-2")).status_code == 200, page


def test_who_is_logged_out_is_asked_to_log_in_and_comes_back(client: Client, two: Two) -> None:
    client.logout()

    response = client.get(desk("deliverables/deliverable/?q=law"))

    assert response.headers["Location"] == (
        "/admin/login/?next=/desk/tw-1/admin/deliverables/deliverable/%3Fq%3Dlaw"
    )


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_what_guards_the_back_office_guards_a_desk(client: Client, two: Two) -> None:
    assert client.get(desk()).headers["Location"] == reverse("mfa_index")


def test_no_page_of_a_desk_is_kept_by_a_cache(client: Client, two: Two) -> None:
    assert client.get(desk()).headers["Cache-Control"] == "no-store"
    assert client.get(desk(slug="tw-9")).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/desk/", "/admin/"),
        ("/desk/tw-1", "/desk/tw-1/admin/"),
        ("/desk/tw-1/", "/desk/tw-1/admin/"),
        ("/desk/tw-1/en/projects/", "/en/projects/"),
        ("/desk/tw-1/admin/account/password/change/?a=b", "/admin/account/password/change/?a=b"),
        ("/desk/tw-1//evil.example/", "/%2Fevil.example/"),
        ("/desk/tw-1/desk/tw-2/admin/", "/desk/tw-2/admin/"),
    ],
)
def test_what_is_no_page_of_a_desk_leads_to_where_it_is(
    client: Client, asked: str, leads: str
) -> None:
    assert client.get(asked).headers["Location"] == leads


def test_logging_out_from_a_desk_logs_out(client: Client, two: Two) -> None:
    response = client.post(desk("account/logout/"))
    assert (response.status_code, response.headers["Location"]) == (307, "/admin/account/logout/")


def test_what_was_typed_at_a_desk_is_kept_and_offered_there(client: Client, two: Two) -> None:
    address = desk("deliverables/deliverable/add/")
    mark = client.get(address).context["typed_by"]()
    client.logout()

    client.post(address, ADDED | {"typed_by": mark, "typed_on": "Add: deliverable"})

    assert [draft.address for draft in Draft.objects.all()] == [address]
    client.force_login(two.lea)
    session = client.session
    session["drafts"] = True
    session.save()
    page = client.get(address).content.decode()
    assert 'value="D1.7"' in page


def test_a_form_at_a_desk_does_not_ask_for_the_project_and_gives_it(
    client: Client, two: Two
) -> None:
    address = desk("deliverables/deliverable/add/")
    assert 'name="project"' not in client.get(address).content.decode()

    client.post(address, ADDED | {"component": two.own.pk})

    assert Deliverable.objects.get(code="D1.7").project == two.own.project


def test_a_forged_project_is_no_field_of_a_form_at_a_desk(client: Client, two: Two) -> None:
    address = desk("deliverables/deliverable/add/")

    client.post(address, ADDED | {"component": two.own.pk, "project": two.other.project_id})
    page = client.post(address, ADDED | {"component": two.other.pk, "code": "D1.8"})

    assert Deliverable.objects.get(code="D1.7").project == two.own.project
    assert page.context["adminform"].form.errors == {
        "component": ["Select a valid choice. That choice is not one of the available choices."]
    }


def test_a_doubled_code_is_told_at_a_desk(client: Client, two: Two) -> None:
    address = desk("deliverables/deliverable/add/")

    page = client.post(address, ADDED | {"component": two.own.pk, "code": "D1.1"})

    assert "already has" in str(page.context["adminform"].form.errors)


def test_save_and_add_another_keeps_what_repeats(client: Client, two: Two) -> None:
    address = desk("deliverables/deliverable/add/")

    page = client.post(address, ADDED | {"component": two.own.pk, "_addanother": "1"}, follow=True)

    assert page.redirect_chain == [(f"{address}?component={two.own.pk}", 302)]
    form = page.context["adminform"].form
    assert (form["component"].value(), form["code"].value()) == (str(two.own.pk), None)


def test_lists_and_pickers_have_the_rows_of_the_desk_alone(client: Client, two: Two) -> None:
    page = client.get(desk("deliverables/deliverable/"))
    asked = {"app_label": "deliverables", "model_name": "deliverable", "field_name": "component"}
    answer = client.get(desk("autocomplete/"), asked)

    assert [row.project.slug for row in page.context["cl"].result_list] == ["tw-1"]
    assert "By project" not in page.content.decode()
    assert answer.json()["results"] == [{"id": str(two.own.pk), "text": "1. Component"}]


def test_two_tabs_with_two_projects_do_not_disturb_one_another(client: Client, two: Two) -> None:
    for slug, component in (("tw-1", two.own), ("tw-2", two.other), ("tw-1", two.own)):
        page = client.get(desk("deliverables/activity/", slug))
        assert [row.project.slug for row in page.context["cl"].result_list] == [slug]
        assert [row.component for row in page.context["cl"].result_list] == [component]
    assert Activity.objects.count() == 2
    assert client.get("/admin/deliverables/activity/").context["cl"].result_count == 2


def test_an_expert_of_another_project_may_be_named_and_an_institution_found(
    client: Client, two: Two
) -> None:
    institution, root = make_institution(), User.objects.create_superuser("root")
    make_expert("LV-E07")
    client.force_login(root)

    experts = client.get(desk("experts/expert/"))
    institutions = client.get(desk("experts/institution/"))

    assert [row.code for row in experts.context["cl"].result_list] == ["LV-E07"]
    assert list(institutions.context["cl"].result_list) == [institution]


def test_every_list_opens_at_a_desk(client: Client, two: Two) -> None:
    client.force_login(User.objects.create_superuser("root"))
    for model, page in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        answer = client.get(f"/desk/tw-1{address}")
        assert answer.status_code == 200, address
        names = [name for name in answer.context["cl"].list_display if name == "project"]
        assert names == [] or model._meta.label == "exchange.Export", page


def test_without_a_role_there_is_no_desk(client: Client, two: Two) -> None:
    client.force_login(make_user("nobody"))

    assert client.get(desk()).status_code == 404


def test_without_a_script_no_project_heads_what_is_chosen_from_at_a_desk(
    client: Client, two: Two
) -> None:
    outside, inside = (
        client.get(f"{start}experts/mission/add/").content.decode() for start in ("/admin/", desk())
    )
    activity = Activity.objects.get(component=two.own)

    assert '<optgroup label="TW-1">' in outside
    assert "<optgroup" not in inside
    assert f'<option value="{activity.pk}">' in inside


def links(answer: Any) -> dict[str, str]:
    """Of each link of a page the words, and where it leads."""
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', answer.content.decode(), re.S)
    return {re.sub(r"<[^>]+>|\s+", " ", text).strip(): unescape(to) for to, text in found}


def test_the_filter_of_a_list_outlasts_a_step(client: Client) -> None:
    """From a filtered list to a row, through a step, and by the crumb back to the same rows."""
    project = make_project("tw-1", publishing="by_hand")
    make_deliverable(make_component(project))
    client.force_login(make_member(project, name="lea"))
    where = "/desk/tw-1/admin/deliverables/deliverable/"
    row = links(client.get(f"{where}?rung__exact=planned"))["D1.1"]
    step = links(client.get(row))["Start work"]
    seen = re.findall(r'name="seen" value="([^"]+)"', client.get(step).content.decode())[0]
    answer = client.post(step, {"seen": seen}, follow=True)
    assert project.deliverables.get().rung == "in_progress"
    assert links(answer)["Deliverables"] == f"{where}?rung__exact=planned"
    assert links(client.get(step))["Back to the deliverable"] == row
