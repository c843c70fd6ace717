"""What was entered by mistake goes again, whatever the table, and leaves only its trail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from audit.models import Event
from deliverables.evidence.attaching import attach, sniff
from deliverables.evidence.models import File
from deliverables.evidence.models.file import store
from deliverables.projects import models as marks
from deliverables.projects.mistakes.deleting_admin import DeletableRows
from deliverables.projects.models import Project
from experts.missions.models import Mission
from experts.people.models import Partnership
from releases import actions
from tests.deliverables.test_file_kinds import PDF
from tests.twinning.filled import added, holder, logged_in
from tests.twinning.forms import form_of
from tests.twinning.house import House
from tests.twinning.ready import make_ready

pytestmark = [pytest.mark.django_db, pytest.mark.slow("enters a row of each table")]
TABLES = sorted(
    str(model._meta.model_name)
    for model, page in admin.site._registry.items()
    if isinstance(page, DeletableRows) and model._meta.model_name != "project"
)


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock(), transaction.atomic():
        made = House()
        holder(made)
        yield made
        transaction.set_rollback(True)


class Mistake:
    """A row that the project's leader has typed into the form of its table."""

    def __init__(self, house: House, table: str) -> None:
        self.leader = house.people["leader"]
        self.caller = logged_in(self.leader)
        self.model = type(house.rows[table, "own"])
        self.name = f"admin:{self.model._meta.app_label}_{table}"
        make_ready(house, f"{self.name}_add", "own", self.leader)
        known = set(self.model._base_manager.values_list("pk", flat=True))
        where = reverse(f"{self.name}_add")
        form = form_of(self.caller.ask("GET", where).content.decode())
        assert form
        self.caller.ask("POST", where, form.fields | added(house, table, "own", form))
        (self.row,) = self.model._base_manager.exclude(pk__in=known)

    def page(self, kind: str) -> Any:
        return self.caller.ask("GET", reverse(f"{self.name}_{kind}", args=[self.row.pk]))

    def delete(self) -> Any:
        where = reverse(f"{self.name}_delete", args=[self.row.pk]) + f"?seen={self.row.version}"
        return self.caller.ask("POST", where, {"post": "yes"})

    def is_there(self) -> bool:
        return bool(self.model._base_manager.filter(pk=self.row.pk).exists())


@pytest.mark.parametrize("table", TABLES)
def test_a_row_that_was_entered_by_mistake_leaves_only_its_trail(house: House, table: str) -> None:
    mistake = Mistake(house, table)
    offered = f'href="{reverse(f"{mistake.name}_delete", args=[mistake.row.pk])}"'
    assert offered in mistake.page("change").content.decode()

    mistake.delete()

    assert not mistake.is_there()
    trail = Event.objects.filter(table=mistake.model._meta.db_table, row=mistake.row.pk)
    who = mistake.leader.code  # type: ignore[union-attr]
    said = list(trail.order_by("pk").values_list("operation", "who"))
    assert (said[0], said[-1]) == (("insert", who), ("delete", who))


# Drafts promise nothing; what several projects share is in no release until one names it.
OTHERWISE = (
    *("contractchange", "mission", "move", "plannedactivity", "workplan"),
    *("expert", "institution"),
)


@pytest.mark.parametrize("table", [name for name in TABLES if name not in OTHERWISE])
def test_what_may_be_in_a_release_stays_until_it_is_marked_as_a_mistake(
    house: House, table: str
) -> None:
    mistake = Mistake(house, table)
    Project.objects.filter(pk=house.project.pk).update(title_en="Renamed")
    release = actions.publish(house.project, by=None)
    assert release

    page = mistake.page("change").content.decode()

    assert f"release {release.number} of tw-1 was made since it was entered" in page
    assert reverse(f"{mistake.name}_delete", args=[mistake.row.pk]) not in page
    assert mistake.delete().status_code == 403
    assert mistake.is_there()
    was = kept(mistake)
    where = reverse("admin:deliverables_mistake_mark", args=[mistake.row._meta.db_table, was["id"]])
    assert where in page

    done = mistake.caller.ask(
        "POST", where, {"reason": "Typed twice.", "seen": mistake.row.version}
    )

    assert done.status_code == 302, done.content.decode()
    assert not mistake.is_there()
    mark = marks.Mistake.objects.get(row=was["id"], table=mistake.row._meta.db_table)
    assert (mark.reason, mark.project) == ("Typed twice.", house.project)
    listed = mistake.caller.ask("GET", reverse(f"{mistake.name}_changelist")).content.decode()
    assert re.search(r"Entered by mistake \([12]\)", listed)
    rows = mistake.caller.ask("GET", reverse("admin:deliverables_mistake_changelist"))
    assert "Typed twice." in rows.content.decode()

    back = reverse("admin:deliverables_mistake_put_back", args=[mark.pk])
    assert "Typed twice." in mistake.caller.ask("GET", back).content.decode()
    done = mistake.caller.ask("POST", back, {})
    assert done.status_code == 302, done.content.decode()
    assert kept(mistake) == was | {"version": was["version"] + 1}
    assert not marks.Mistake.objects.filter(pk=mark.pk).exists()


def kept(mistake: Mistake) -> dict[str, Any]:
    """The columns of the row as they are now."""
    columns: dict[str, Any] = mistake.model._base_manager.values().get(pk=mistake.row.pk)
    return {name: value for name, value in columns.items() if name != "audit_key"}


def test_what_several_projects_share_stays_once_one_of_them_released_it(house: House) -> None:
    mistake = Mistake(house, "institution")
    named = Partnership.objects.create(
        project=house.project, institution=mistake.row, code="P9", country="LV", role="beneficiary"
    )
    kept = "It cannot be deleted while others name it: partnerships. Begin with those."
    assert kept in mistake.page("change").content.decode()
    actions.publish(house.project, by=None)
    named.delete()

    page = mistake.page("change").content.decode()

    assert "It cannot be deleted: release 2 of tw-1 was made since it was entered." in page
    assert mistake.delete().status_code == 403


def test_somebody_else_than_who_entered_it_or_leads_is_told_so(house: House) -> None:
    row = Mistake(house, "deliverable").row
    coordinator = logged_in(house.people["coordinator"])

    page = coordinator.ask("GET", reverse("admin:deliverables_deliverable_change", args=[row.pk]))

    told = "Only who entered it, or a project leader, may delete it."
    assert told in page.content.decode()


def test_a_file_goes_with_the_last_evidence_that_names_it(
    house: House, django_capture_on_commit_callbacks: Any
) -> None:
    leader, deliverable = house.people["leader"], house.rows["deliverable", "own"]
    assert leader
    good, _wrong = sniff([SimpleUploadedFile("a.pdf", PDF)])
    (piece,) = attach([deliverable], good, by=leader, shows_lv="Tests", shows_en="A test")
    file = piece.file
    assert file
    assert store().exists(file.key)
    where = reverse("admin:deliverables_evidence_delete", args=[piece.pk]) + "?seen=1"

    with django_capture_on_commit_callbacks(execute=True):
        logged_in(leader).ask("POST", where, {"post": "yes"})

    assert not File.objects.filter(pk=file.pk).exists()
    assert not store().exists(file.key)


@pytest.mark.parametrize(
    ("table", "state", "told"),
    [
        ("mission", "approved", "the mission is no draft any more"),
        ("missionexpert", "approved", "the mission is no draft any more"),
        ("expertday", "reported", "the report is handed in, so the time sheet stays"),
    ],
)
def test_what_a_step_has_settled_is_not_offered_to_be_deleted(
    house: House, table: str, state: str, told: str
) -> None:
    row = house.rows[table, "own"]
    Mission.objects.filter(pk=house.rows["mission", "own"].pk).update(
        state=state, report_on=house.rows["mission", "own"].to_on
    )
    name = f"admin:{row._meta.app_label}_{table}"
    leader = logged_in(house.people["leader"])

    page = leader.ask("GET", reverse(f"{name}_change", args=[row.pk])).content.decode()

    assert f"It cannot be deleted: {told}" in page
    assert reverse(f"{name}_delete", args=[row.pk]) not in page
