"""Two people at one row, through the real forms: the second one is told and loses nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.events.acting import acting
from audit.events.history import last_change
from audit.models import Through
from deliverables.ladder.models import Deliverable, Figure, Item
from deliverables.projects.models import Component, Membership
from tests.make import (
    make_component,
    make_deliverable,
    make_expert,
    make_item,
    make_member,
    make_project,
)
from tests.office.test_admin import typed

pytestmark = pytest.mark.django_db
TOLD = (
    "Somebody else saved this row after you opened it, so nothing of yours was saved yet. "
    "Compare below; saving again replaces theirs by yours."
)


@pytest.fixture
def row() -> Deliverable:
    return make_deliverable(make_component(make_project()), note_en="Old note")


@pytest.fixture
def two(row: Deliverable) -> tuple[Client, Client]:
    """Anna and Bruno, each with a browser."""
    clients = []
    for name in ("anna", "bruno"):
        client = Client()
        client.force_login(make_member(row.component, "coordinator", name))
        clients.append(client)
    return clients[0], clients[1]


def post(client: Client, row: Deliverable, **changed: Any) -> Any:
    address = reverse("admin:deliverables_deliverable_change", args=[row.pk])
    return client.post(address, typed(row, **changed))


def test_the_second_saver_sees_both_versions_and_keeps_the_own(
    row: Deliverable, two: tuple[Client, Client]
) -> None:
    anna, bruno = two
    assert post(anna, row, title_en="Anna's").status_code == 302

    page = post(bruno, row, title_en="Bruno's", weight="7")

    row.refresh_from_db()
    assert (page.status_code, row.title_en, row.weight) == (409, "Anna's", 1)
    text = page.content.decode()
    assert TOLD in text
    (conflict,) = page.context["conflicts"]
    assert conflict.who.endswith(" anna")
    cells = {cell.label: (cell.was, cell.now, cell.typed, cell.both) for cell in conflict.cells}
    assert cells == {
        "Title in English": ("Deliverable", "Anna's", "Bruno's", True),
        "Weight": ("1", "1", "7", False),
    }
    form = page.context["adminform"].form
    assert (form["title_en"].value(), form["weight"].value()) == ("Bruno's", "7")


def test_saving_again_is_knowing_and_reverts_nothing_else(
    row: Deliverable, two: tuple[Client, Client]
) -> None:
    """What only Anna changed is hers in the form that Bruno gets back."""
    anna, bruno = two
    post(anna, row, note_en="Anna's note", active="", due_current="2026-05")
    page = post(bruno, row, title_en="Bruno's")
    form = page.context["adminform"].form
    again = {name: form[name].value() for name in form.fields}
    assert again.pop("active") is not True
    again = {name: "" if value is None else value for name, value in again.items()}
    again.pop("achievements")

    saved = post(bruno, row, **again, active="")

    assert saved.status_code == 302
    row.refresh_from_db()
    assert (row.title_en, row.note_en, row.due_current, row.active) == (
        "Bruno's",
        "Anna's note",
        "2026-05",
        False,
    )


def test_a_third_saver_makes_the_second_look_again(
    row: Deliverable, two: tuple[Client, Client]
) -> None:
    anna, bruno = two
    post(anna, row, title_en="First")
    seen = post(bruno, row, title_en="Second").context["adminform"].form["seen"].value()
    fresh = Deliverable.objects.get()
    post(anna, fresh, title_en="Third")

    assert post(bruno, row, title_en="Second", seen=seen).status_code == 409
    assert Deliverable.objects.get().title_en == "Third"


@pytest.mark.parametrize("seen", ["", "0", "-1", "abc", "9" * 40, "1.0", "\0"])
def test_a_version_that_is_missing_or_garbled_saves_nothing(
    row: Deliverable, two: tuple[Client, Client], seen: str
) -> None:
    page = post(two[0], row, title_en="Mine", seen=seen)

    assert page.status_code in (200, 409)
    assert Deliverable.objects.get().title_en == "Deliverable"


def test_a_double_click_is_no_conflict_with_oneself(
    row: Deliverable, two: tuple[Client, Client]
) -> None:
    first, second = (post(two[0], row, title_en="Mine") for _click in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    row.refresh_from_db()
    assert (row.title_en, row.version) == ("Mine", 2)


def test_ones_own_other_window_is_not_told_as_somebody_else(
    row: Deliverable, two: tuple[Client, Client]
) -> None:
    post(two[0], row, title_en="There")
    at = timezone.localtime(last_change(Deliverable.objects.get()).at)  # type: ignore[union-attr]

    page = post(two[0], row, title_en="Here")

    own = f"You saved this row yourself at {at:%H:%M}, in another window."
    (conflict,) = page.context["conflicts"]
    assert (page.status_code, conflict.own) == (409, own)
    text = page.content.decode()
    assert (
        f"{own} So nothing of this form was saved yet. Compare below; saving again replaces what "
        "you saved there by this."
    ) in text
    assert "Two windows at “D1.1 " in text
    assert "Somebody else" not in text


def test_a_row_that_one_imported_meanwhile_says_so(
    row: Deliverable, two: tuple[Client, Client]
) -> None:
    anna = User.objects.get(username="anna")
    with acting(anna.code, Through.IMPORT, "import"):
        Deliverable.objects.update(title_en="There")

    (conflict,) = post(two[0], row, title_en="Here").context["conflicts"]

    assert conflict.own.startswith("You changed this row yourself at ")
    assert conflict.own.endswith(" (import).")


def inline(item: Item, **changed: Any) -> dict[str, Any]:
    data = {
        "id": item.pk, "code": item.code, "kind": item.kind, "title_lv": item.title_lv,
        "title_en": item.title_en, "seen": item.version, **changed,
    }  # fmt: skip
    rows = {f"items-0-{name}": value for name, value in data.items()}
    return {"items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 1, **rows}


def test_a_row_on_the_page_is_compared_by_itself(
    row: Deliverable, two: tuple[Client, Client]
) -> None:
    item, (anna, bruno) = make_item(row), two
    post(anna, row, **inline(item, title_en="Anna's"))

    untouched = post(bruno, row, note_en="Bruno's note", **inline(item))
    assert untouched.status_code == 302
    row.refresh_from_db()
    touched = post(bruno, row, **inline(item, title_en="Bruno's"))

    item.refresh_from_db()
    assert (touched.status_code, item.title_en) == (409, "Anna's")
    assert [conflict.row for conflict in touched.context["conflicts"]] == [str(item)]


def test_a_row_that_somebody_changed_is_not_deleted(
    row: Deliverable, two: tuple[Client, Client]
) -> None:
    item, anna = make_item(row), two[0]
    figure = Figure.objects.create(item=item, label_lv="x", label_en="x", value=1)
    anna.force_login(User.objects.create_superuser("root"))
    Figure.objects.update(value=2)
    data = {
        "code": item.code, "kind": "output", "title_lv": "x", "title_en": "x", "seen": "1",
        "figures-TOTAL_FORMS": 1, "figures-INITIAL_FORMS": 1, "figures-0-id": figure.pk,
        "figures-0-item": item.pk, "figures-0-position": 1, "figures-0-label_lv": "x",
        "figures-0-label_en": "x", "figures-0-value": 1, "figures-0-seen": "1",
        "figures-0-DELETE": "on",
    }  # fmt: skip

    page = anna.post(reverse("admin:deliverables_item_change", args=[item.pk]), data)

    assert "was changed by somebody else after you opened this page" in page.content.decode()
    assert Figure.objects.exists()
    assert Item.objects.get().title_en == "Part"


def test_a_role_that_somebody_changed_is_not_deleted(client: Client, row: Deliverable) -> None:
    make_member(row.project, "auditor", "aud")
    role = Membership.objects.get()
    client.force_login(User.objects.create_superuser("root"))
    address = reverse("admin:deliverables_membership_delete", args=[role.pk])
    asked = client.get(address, follow=True)
    Membership.objects.update(role="ms_leader")

    refused = client.post(asked.redirect_chain[-1][0], {"post": "yes"}, follow=True)

    assert [str(message) for message in refused.context["messages"]] == [
        f"“{role.user} · Project Leader, Member State” was changed by somebody else after you "
        "opened this page, so it was not deleted. Look at it again below."
    ]
    assert Membership.objects.exists()
    with acting(User.objects.get(username="root").code, Through.FORM):
        asked = client.get(address, follow=True)
        Membership.objects.update(role="auditor")
    refused = client.post(asked.redirect_chain[-1][0], {"post": "yes"}, follow=True)
    (told,) = [str(message) for message in refused.context["messages"]]
    assert told.startswith("You saved this row yourself at ")
    assert told.endswith(f"So “{role.user} · Auditor” was not deleted. Look at it again below.")
    again = client.get(address, follow=True)
    client.post(again.redirect_chain[-1][0], {"post": "yes"})
    assert not Membership.objects.exists()


def test_a_name_is_never_told_from_the_trail(client: Client) -> None:
    expert = make_expert(name="Anna Ozola")
    client.force_login(User.objects.create_superuser("root"))
    expert.name = "Anna Kalniņa"
    expert.save()

    page = client.post(
        reverse("admin:experts_expert_change", args=[expert.pk]),
        {"code": "LV-E01", "country": "LV", "name": "Anna Liepa", "seen": "1"},
    )

    (cell,) = page.context["conflicts"][0].cells
    assert (cell.was, cell.now, cell.typed) == ("(a name)", "Anna Kalniņa", "Anna Liepa")


def test_every_way_in_counts_the_version(row: Deliverable) -> None:
    component = Component.objects.get()
    Component.objects.update(title_en="Other")
    Component.objects.update(title_en="Other")
    Component.objects.bulk_update([component], ["note_en"])
    component.note_en = "x"
    component.version = 77
    component.save()

    component.refresh_from_db()
    assert component.version == 3


@pytest.mark.parametrize("beside", ["change", "history"])
def test_a_row_that_is_not_there_is_not_found_and_nothing_is_said_of_it(
    row: Deliverable, two: tuple[Client, Client], beside: str
) -> None:
    answer = two[0].get(f"/admin/deliverables/deliverable/{row.pk + 999}/{beside}/")
    assert answer.status_code == 404
    assert not [*get_messages(answer.wsgi_request)]
