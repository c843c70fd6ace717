"""Single ways round the form that are closed: restoring, importing, taking back, two at once."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.admin import UserAdmin
from accounts.models import User
from deliverables.evidence.models import Evidence
from deliverables.ladder.models import Item
from tests.exchange.files import Session
from tests.make import (
    make_component,
    make_deliverable,
    make_entry,
    make_evidence,
    make_item,
    make_line,
    make_member,
    make_project,
)
from tests.twinning.test_one_door import past

pytestmark = pytest.mark.django_db


@pytest.fixture
def pieces(client: Client) -> tuple[Item, Evidence, Evidence]:
    """An item of a coordinator's component; evidence of it, and of another component."""
    project = make_project(publishing="by_hand")
    own = make_deliverable(make_component(project))
    other = make_deliverable(make_component(project, 2), "D2.1")
    mine = make_evidence(project, "E1", deliverable=own)
    theirs = make_evidence(project, "E2", deliverable=other)
    client.force_login(make_member(own.component, "coordinator"))
    return make_item(own, evidence=theirs), mine, theirs


HEAD = "project,deliverable,code,kind,title_lv,title_en,evidence\n"


def test_an_import_is_not_taken_back_to_what_the_person_could_not_choose(
    client: Client, pieces: tuple[Item, Evidence, Evidence]
) -> None:
    item, mine, _theirs = pieces
    session = Session(client, "item").upload(f"{HEAD}tw-1,D1.1,D1.1.1,,Daļa,Part,E1\n")
    session.apply()

    session.undo()

    assert session.said() == [
        "You cannot take it back: a row of it would name again what is in a project or component "
        "that you do not see. Ask its project leader."
    ]
    item.refresh_from_db()
    assert item.evidence == mine


def test_an_import_is_not_taken_back_where_a_rule_refuses_the_rows(
    client: Client, pieces: tuple[Item, Evidence, Evidence]
) -> None:
    """It stood so before there was the rule: the form would not save it either."""
    item = pieces[0]
    client.force_login(User.objects.create_superuser("root"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Item.objects.filter(pk=item.pk).update(evidence=make_evidence(make_project("far"), "E9"))
        cursor.execute("SET LOCAL session_replication_role = origin")
    session = Session(client, "item").upload(f"{HEAD}tw-1,D1.1,D1.1.1,,Daļa,Part,E1\n")
    session.apply()

    session.undo()

    (told,) = session.said()
    assert told.startswith("It cannot be taken back: D1.1.1 Part. ")
    item.refresh_from_db()
    assert item.evidence == pieces[1]


def test_spending_that_follows_from_days_is_not_imported_either(client: Client) -> None:
    project = make_project(publishing="by_hand")
    line = make_line(project, cost_basis="unit_cost", priced_by="fee")
    make_entry(line)
    client.force_login(make_member(project))

    session = Session(client, "entry", "budget").upload(
        "project,line,code,kind,amount,on\ntw-1,B1,N2,spent,5.00,2026-01\n"
    )

    assert "A rate pays this line, so its spending follows from the accepted days." in session.text
    assert line.entries.count() == 1


def test_an_earlier_value_of_a_column_that_the_page_only_shows_stays_past(
    client: Client, pieces: tuple[Item, Evidence, Evidence]
) -> None:
    row = pieces[0].deliverable
    event = past(row, row._meta.get_field("rung"), "accepted")

    answer = client.post(
        reverse("admin:restore"), {"event": event.pk, "column": "rung", "seen": row.version}
    )

    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.rung == "planned"


def test_an_earlier_value_that_the_form_refuses_is_refused_in_its_words(
    client: Client, pieces: tuple[Item, Evidence, Evidence]
) -> None:
    row = pieces[0].deliverable
    event = past(row, row._meta.get_field("due_current"), "soon")
    sent = {"event": event.pk, "column": "due_current", "seen": row.version}

    page = client.post(reverse("admin:restore"), sent, follow=True)

    assert [str(told) for told in page.context["messages"]] == [
        "Nothing was restored: “soon” is not a date between 2000 and 2100. Write a day (2019-02-21 "
        "or 21.02.2019), a month (2019-02) or a year (2019), as exactly as it is known."
    ]


class Demotion(threading.Thread):
    """One administrator takes another one's rights, in a connection of its own."""

    def __init__(self, by: User, whose: User, ready: threading.Barrier) -> None:
        super().__init__()
        self.client, self.whose, self.ready = Client(), whose, ready
        self.client.force_login(by)
        self.told = ""

    def run(self) -> None:
        whose = self.whose
        sent = {
            "username": whose.username, "language": "en", "is_active": "on",
            "seen": str(whose.version),
        }  # fmt: skip
        try:
            self.ready.wait()
            where = reverse("admin:accounts_user_change", args=[whose.pk])
            self.told = self.client.post(where, sent).content.decode()
        finally:
            connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_demote_each_other_at_once_leave_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each saves when the other one is about to save, too, or cannot come so far."""
    people = [User.objects.create_superuser(f"root{n}", is_staff=True) for n in "ab"]
    saving, save = threading.Barrier(2), UserAdmin.save_model

    def both_at_once(*args: Any, **kwargs: Any) -> None:
        with suppress(threading.BrokenBarrierError):
            saving.wait(timeout=2)
        save(*args, **kwargs)

    monkeypatch.setattr(UserAdmin, "save_model", both_at_once)
    for one in people:
        one.refresh_from_db()
    ready = threading.Barrier(2)
    both = [Demotion(people[0], people[1], ready), Demotion(people[1], people[0], ready)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=30)

    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
    assert sum("This is the last active administrator." in one.told for one in both) == 1
