"""The audit trail across somebody's projects: whose it is, its filters, and the file of it."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.events.acting import acting
from audit.models import Event, Through
from audit.seals.sealing import seal
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from exchange.exports import preparing
from exchange.models import Export, Prepared
from exchange.tables import limits
from tests.accounts.pages import PASSWORD, log_in
from tests.make import (
    make_assignment,
    make_change,
    make_component,
    make_deliverable,
    make_expert,
    make_item,
    make_line,
    make_member,
    make_move,
    make_project,
)

pytestmark = pytest.mark.django_db
TRAIL = "/admin/trail/"


@pytest.fixture
def aud(client: Client) -> User:
    """Audits tw-1, where Anna wrote a result, somebody imported, and SQL went past the register."""
    component = make_component(make_project())
    anna = make_member(component, "coordinator", "anna")
    with acting(anna.code, Through.FORM):
        row = make_deliverable(component, title_en="First")
    with acting("U-9999", Through.IMPORT, "import 1"):
        Deliverable.objects.filter(pk=row.pk).update(title_en="Second", note_en="=1+1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE deliverables_deliverable SET title_en = 'Third'")
    with acting("U-9999", Through.FORM):
        hidden = make_deliverable(make_component(make_project("far", title_en="Far")), "D9")
        make_item(hidden, title_en="Hidden")
        make_assignment(row.project, expert=make_expert(name="Canary"))
    aud = make_member(component.project, "auditor", "aud")
    client.force_login(aud)
    return aud


def told(answer: Any) -> list[str]:
    return [
        f"{one.thing} {one.row} {one.what}"
        for _day, stories in answer.context["days"]
        for story in stories
        for one in story.events
    ]


def rows(answer: Any, delimiter: str = ",") -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_the_front_page_of_an_auditor_is_the_trail_of_the_own_projects(
    client: Client, aud: User
) -> None:
    answer = client.get("/admin/")

    text = answer.content.decode()
    whole = told(answer)
    assert whole[-1] == f"project {Project.objects.get(slug='tw-1')} added"
    assert "deliverable D1.1 Third changed" in whole
    assert re.search(r"<dt>Title in English</dt>\s*<dd>\s*<ins>First</ins>", text)
    assert "<del>First</del>" in text
    assert "<ins>Second</ins>" in text
    row = Deliverable.objects.get(code="D1.1")
    assert f'<a href="/admin/deliverables/deliverable/{row.pk}/change/"><b>D1.1 Third</b>' in text
    for foreign in ("Hidden", "D9", "Far", "far", "Canary"):
        assert foreign not in text
    assert "(a name)" not in text  # an expert's own row is in no project
    assert "/admin/extracts/tw-1/" in text
    client.force_login(make_member(make_component(row.project, 2), "coordinator", "bea"))
    assert "D1.1" not in str(told(client.get(TRAIL)))
    assert client.get("/admin/").templates[0].name == "admin/front.html"


def test_each_filter_leaves_what_it_says(client: Client, aud: User) -> None:
    """And what the address may not ask for is told, and asked of nobody's rows."""

    def asked(**given: str) -> list[str]:
        return told(client.get(TRAIL, given))

    table = "deliverables_deliverable"
    changed, added = "deliverable D1.1 Third changed", "deliverable D1.1 Third added"
    assert asked(who="U-9999", table=table) == [changed]
    assert asked(through="import") == [changed]
    assert asked(who="unknown", table=table) == [changed]
    assert asked(table=table, field="note_en") == [changed]
    assert asked(table=table, field="title_en") == [changed, changed, added]
    today = timezone.localdate()
    assert asked(first=str(today + dt.timedelta(1))) == []
    assert asked(first=str(today), last=str(today)) == asked()
    far = Project.objects.get(slug="far")
    wrong = client.get(f"{TRAIL}?project={far.pk}&who=%00&first=x&last=9999-12-31&table=auth_user")
    assert set(wrong.context["filter"].errors) == {"project", "who", "first", "last", "table"}
    assert told(wrong) == asked()
    client.force_login(make_member(far, "auditor", "bob"))
    named = client.get(TRAIL, {"who": aud.code})  # of another project: no name
    assert "aud" not in re.findall(r"U-\d+ (\w+)", named.content.decode())


def test_a_page_leads_to_older_and_newer_events(client: Client, aud: User) -> None:
    row = Deliverable.objects.get(code="D1.1")
    for number in range(60):
        make_item(row, f"D1.1.{number + 10}")
    first = client.get(TRAIL, {"table": "deliverables_item"})
    page = first.context["page"]
    older = client.get(TRAIL, {"table": "deliverables_item", "older": page.older})

    assert (len(page.events), page.newer, first.context["count"]) == (50, None, 60)
    assert len(told(older)) == 10
    assert f"table=deliverables_item&amp;older={page.older}" in first.content.decode()
    back = client.get(
        TRAIL, {"table": "deliverables_item", "newer": older.context["page"].newer}
    ).context["page"]
    assert [event.pk for event in back.events] == [event.pk for event in page.events]
    assert told(client.get(TRAIL, {"older": "9" * 30})) == told(client.get(TRAIL))


@pytest.mark.parametrize("items", [1, 45])
def test_the_trail_costs_the_same_however_much_it_tells(
    client: Client, aud: User, items: int, django_assert_max_num_queries: Any
) -> None:
    row = Deliverable.objects.get(code="D1.1")
    for number in range(items):
        make_item(row, f"D1.1.{number + 10}")
    client.get("/admin/roles/")  # the session begins

    with django_assert_max_num_queries(22):  # 14, and one for each table that is named
        client.get(TRAIL)


def test_what_the_filter_leaves_is_given_out_and_recorded(client: Client, aud: User) -> None:
    seal("test")
    with acting("U-9999", Through.FORM):
        Deliverable.objects.filter(code="D1.1").update(title_en="Fourth")
    asked = "?table=deliverables_deliverable&field=title_en"

    answer = client.post(TRAIL + asked, {"format": "csv"})

    found = rows(answer)
    assert [(one["old"], one["new"], one["through"]) for one in found] == [
        ("", "First", "form"), ("First", "Second", "import"), ("Second", "Third", "sql"),
        ("Third", "Fourth", "form"),
    ]  # fmt: skip
    assert {(one["object"], one["field"], one["table"]) for one in found} == {
        ("D1.1 Fourth", "title_en", "deliverables_deliverable")
    }
    assert [one["seal"] for one in found] == ["1", "1", "1", ""]
    record = Export.objects.get()
    assert (record.table, record.rows, record.made_by) == ("audit_log", 4, aud)
    assert "audit_log" in record.name
    again = client.post(TRAIL + "?through=import", {"format": "excel"})
    data = b"".join(again.streaming_content)  # type: ignore[attr-defined]
    assert data.startswith(b"\xef\xbb\xbfevent;at;who")
    assert b";'=1+1;" in data
    assert hashlib.sha256(data).hexdigest() == Export.objects.order_by("-pk")[0].sha256
    everything = rows(client.post(TRAIL, {"format": "csv"}))
    seen = Event.objects.filter(
        about__contains=[f"deliverables_project:{Project.objects.get(slug='tw-1').pk}"]
    )
    assert {int(one["event"]) for one in everything} == set(seen.values_list("pk", flat=True))
    assert "Hidden" not in str(everything)


def test_money_is_told_to_the_cent(client: Client, aud: User) -> None:
    """And an amount below zero is a number in a spreadsheet, too."""
    project = Project.objects.get(slug="tw-1")
    make_move(make_change(project), line=make_line(project), amount="-1234.50")

    answer = client.post(f"{TRAIL}?table=budget_move&field=amount", {"format": "csv"})

    assert [one["new"] for one in rows(answer)] == ["-1234.50"]


def test_what_looks_like_nothing_is_told_as_it_is(client: Client, aud: User) -> None:
    row = make_deliverable(Project.objects.get(slug="tw-1").components.get(), "D9", title_en="–")
    Deliverable.objects.filter(pk=row.pk).update(title_en="Told")

    answer = client.post(
        f"{TRAIL}?table=deliverables_deliverable&field=title_en", {"format": "csv"}
    )

    found = [(one["old"], one["new"]) for one in rows(answer) if one["row"] == str(row.pk)]
    assert found == [("", "–"), ("–", "Told")]


def test_a_long_trail_is_prepared_as_the_person_sees_it(
    client: Client, aud: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "EVENTS_AT_ONCE", 1)

    asked = client.post(TRAIL + "?through=form", {"format": "csv"})

    prepared = Prepared.objects.get()
    assert asked.headers["Location"] == f"/admin/prepared/{prepared.token}/"
    preparing.make(prepared.pk)
    file = rows(client.get(f"/admin/prepared/{prepared.token}/file/"))
    assert {one["through"] for one in file} == {"form"}
    assert "Hidden" not in str(file)


def test_what_is_new_since_the_visit_before_this_one(client: Client, aud: User) -> None:
    assert client.get(TRAIL).context["visit"] is None
    aud.set_password(PASSWORD)
    aud.last_login = timezone.now()
    aud.save()
    make_item(Deliverable.objects.get(code="D1.1"), "D1.1.7")
    log_in(client := Client(), "aud")

    front = client.get("/admin/")

    assert front.context["new"] == 1
    assert told(client.get(TRAIL, {"new": "on"})) == ["item D1.1.7 Part added"]
