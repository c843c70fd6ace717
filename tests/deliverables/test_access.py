"""Rights by project and component, through the real pages, forms and files."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Right
from audit.models import Event
from deliverables.ladder.models import Deliverable, Item
from deliverables.projects.access import access_of, people_who_may
from deliverables.projects.models import Membership, Project
from tests.exchange.files import Session, exported
from tests.make import (
    make_assignment,
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
NOT_YOURS = (
    "This row would belong to a project or component in which you may not write. Choose one of "
    "your own, or ask its project leader."
)


class House:
    """Two components of one project, and a foreign project; Ana coordinates component 1."""

    def __init__(self) -> None:
        self.project = make_project()
        self.own = make_deliverable(make_component(self.project, 1))
        self.other = make_deliverable(make_component(self.project, 2), "D2.1", title_en="Other")
        self.foreign = make_deliverable(make_component(make_project("far")), title_en="Foreign")
        self.ana = make_member(self.own.component, "coordinator")


@pytest.fixture
def house(client: Client) -> House:
    house = House()
    client.force_login(house.ana)
    return house


def change(row: Any) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def test_foreign_rows_and_rows_that_are_not_there_get_the_same_answer(
    client: Client, house: House
) -> None:
    missing = client.get(reverse("admin:deliverables_deliverable_change", args=[987654]))
    assert missing.status_code == 404
    for row in (house.other, house.foreign):
        for answer in (client.get(change(row)), client.post(change(row), {"title_en": "Mine"})):
            assert (answer.status_code, answer.content) == (404, missing.content)
        row.refresh_from_db()
        assert row.title_en != "Mine"


def test_a_list_holds_own_rows_and_its_filters_name_no_others(client: Client, house: House) -> None:
    page = client.get(reverse("admin:deliverables_deliverable_changelist"))

    assert list(page.context["cl"].result_list) == [house.own]
    assert "FAR" not in page.content.decode()
    far = {"project__id__exact": house.foreign.project_id}
    assert client.get(page.request["PATH_INFO"], far).context["cl"].result_count == 0


def test_an_autocomplete_offers_own_rows(client: Client, house: House) -> None:
    asked = {"app_label": "deliverables", "model_name": "item", "field_name": "deliverable"}

    answer = client.get("/admin/autocomplete/", asked).json()

    assert [choice["id"] for choice in answer["results"]] == [str(house.own.pk)]


def test_a_forged_parent_is_no_choice(client: Client, house: House) -> None:
    for parent in (house.other, house.foreign):
        page = client.post(
            reverse("admin:deliverables_item_add"),
            {
                "deliverable": parent.pk, "code": "D9.9.1", "kind": "output", "title_lv": "x",
                "title_en": "x", "figures-TOTAL_FORMS": 0, "figures-INITIAL_FORMS": 0,
            },
        )  # fmt: skip
        assert "Select a valid choice. That choice is not one of the available" in (
            page.content.decode()
        )
    assert not Item.objects.exists()


def test_what_concerns_the_whole_project_is_seen_but_written_by_leaders(
    client: Client, house: House
) -> None:
    whole = make_evidence(house.project)

    assert client.get(change(whole)).context["has_change_permission"] is False
    assert client.post(change(whole), {"title_en": "Mine"}).status_code == 403
    page = client.post(
        reverse("admin:deliverables_evidence_add"),
        {
            "project": house.project.pk, "code": "E7", "kind": "link", "title_lv": "x",
            "title_en": "x", "url": "https://example.org/",
        },
    )  # fmt: skip
    assert NOT_YOURS in page.content.decode()
    assert client.get(change(house.project)).context["has_change_permission"] is False


def test_a_leader_writes_the_whole_project_and_nothing_else(client: Client, house: House) -> None:
    client.force_login(make_member(house.project, name="lea"))

    assert client.get(change(house.other)).context["has_change_permission"] is True
    assert client.get(change(house.project)).context["has_change_permission"] is True
    assert client.get(change(house.foreign)).status_code == 404
    assert client.get(reverse("admin:deliverables_project_add")).status_code == 403


def test_an_auditor_reads_everything_of_the_project_and_changes_nothing(
    client: Client, house: House
) -> None:
    client.force_login(make_member(house.project, "auditor", "aud"))

    for row in (house.own, house.other, house.project):
        assert client.get(change(row)).context["has_change_permission"] is False
        assert client.post(change(row), {"title_en": "Mine"}).status_code == 403
    assert client.get(change(house.foreign)).status_code == 404
    for page in ("add", "import"):
        address = reverse(f"admin:deliverables_deliverable_{page}")
        assert client.get(address).status_code == 403
    lines = exported(client, "csv").decode().splitlines()
    assert [line.split(",")[2] for line in lines[1:]] == ["D1.1", "D2.1"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("tw-1,2,D2.9,Mans,Mine", "“2” is not a known component. Known: 1."),
        ("tw-1,2,D2.1,Mans,Mine", "This row is not in a project or component in which you may"),
        ("far,1,D1.1,Mans,Mine", "“far” is not a known project. Known: tw-1."),
        (
            "tw-1,1,D2.1,Mans,Mine",
            "This row is not in a project or component in which you may write.",
        ),
    ],
)
def test_an_import_writes_no_foreign_row_and_tells_nothing_of_it(
    client: Client, house: House, line: str, sentence: str
) -> None:
    session = Session(client).upload(f"project,component,code,title_lv,title_en\n{line}\n")
    page = session.text

    assert sentence in page
    assert "Other" not in page
    assert "Foreign" not in page
    assert not Deliverable.objects.filter(title_en="Mine").exists()


CHOICE = "Select a valid choice. That choice is not one of the available choices."


def test_an_earlier_value_does_not_lead_a_row_out_of_ones_reach(
    client: Client, house: House
) -> None:
    moved, piece = make_deliverable(house.other.component, "D2.2"), make_evidence(house.project)
    moved.component, piece.deliverable = house.own.component, house.own
    for row, column, told in (
        (moved, "component_id", CHOICE),
        (piece, "deliverable_id", NOT_YOURS),
    ):
        row.save()
        event = Event.objects.get(table=row._meta.db_table, row=row.pk, operation="update")
        given = {"event": event.pk, "column": column, "seen": 2}

        page = client.post(reverse("admin:restore"), given, follow=True)

        assert [str(one) for one in page.context["messages"]] == [f"Nothing was restored: {told}"]
        assert Event.objects.filter(row=row.pk, table=row._meta.db_table).latest("pk") == event


@pytest.mark.parametrize(("line", "left"), [("tw-1,1,D1.1", "own"), ("tw-1,2,D1.1", "other")])
def test_an_import_is_not_taken_back_where_the_person_may_not_write_any_more(
    client: Client, house: House, line: str, left: str
) -> None:
    """Neither rows that are out of reach now, nor rows that would be out of reach again."""
    parts = {"own": house.own.component, "other": house.other.component}
    Project.objects.update(publishing="by_hand")  # a release made meanwhile is another transaction
    Membership.objects.create(
        user=house.ana, project=house.project, role="coordinator", component=parts["other"]
    )
    session = Session(client).upload(
        f"project,component,code,title_lv,title_en\n{line},Mans,Mine\n"
    )
    session.apply()
    Membership.objects.filter(component=parts["own"]).delete()

    session.undo()

    assert session.said() == [
        "You cannot take it back: some of its rows are, or would be again, in a project or "
        "component in which you may not write. Ask its project leader."
    ]
    house.own.refresh_from_db()
    assert (house.own.title_en, house.own.component) == ("Mine", parts[left])


def test_names_are_seen_where_the_person_works_and_by_no_auditor(
    client: Client, house: House
) -> None:
    mine, theirs = make_expert(name="Anna Ozola"), make_expert("LV-E02", name="Jānis Kalns")
    make_assignment(house.project, expert=mine, component=house.own.component)
    make_assignment(house.project, "A2", expert=theirs, component=house.other.component)

    assert "Anna Ozola" in client.get(change(mine)).content.decode()
    assert client.get(change(theirs)).status_code == 404
    client.force_login(make_member(house.project, "auditor", "aud"))
    page = client.get(change(mine)).content.decode()
    assert "LV-E01" in page
    assert "Ozola" not in page
    found = client.get(reverse("admin:experts_expert_changelist"), {"q": "ozola"})
    assert found.context["cl"].result_count == 0


def test_an_institution_that_another_project_names_is_not_a_leaders_to_change(
    client: Client, house: House
) -> None:
    shared, own = make_institution(), make_institution("LV-2", name_en="Own")
    make_assignment(house.foreign.project, institution=shared)
    client.force_login(make_member(house.project, name="lea"))

    assert client.get(change(shared)).context["has_change_permission"] is False
    assert client.get(change(own)).context["has_change_permission"] is True


def test_a_withdrawn_role_ends_with_the_next_request(client: Client, house: House) -> None:
    assert client.get(change(house.own)).status_code == 200

    Membership.objects.all().delete()

    assert client.get(change(house.own)).status_code == 403


def test_roles_are_given_by_administrators_only(client: Client, house: House) -> None:
    given = {"user": make_user("new").pk, "project": house.project.pk, "role": "ms_leader"}
    address = reverse("admin:deliverables_membership_add")
    for name, role in (("lea", "ms_leader"), ("aud", "auditor")):
        client.force_login(make_member(house.project, role, name))
        assert client.post(address, given).status_code == 403
    assert not Membership.objects.filter(user__username="new").exists()


def test_people_who_may_are_those_of_the_component_and_the_project(house: House) -> None:
    lea = make_member(house.project, name="lea")
    make_member(house.project, "auditor", "aud")
    gone = make_member(house.project, "bc_leader", "gone")
    gone.is_active = False
    gone.save()
    where = (house.project.pk, house.own.component_id)

    assert set(people_who_may(Right.WORK, *where)) == {house.ana, lea}
    assert set(people_who_may(Right.WORK, house.project.pk, house.other.component_id)) == {lea}
    assert not access_of(gone).somewhere(Right.SEE)
