"""Imports: what the preview says is done, or nothing; round trips, conflicts, taking back."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from audit.models import Event
from budget.money.models import ContractChange, Entry, Move
from deliverables.ladder.models import Deliverable, SignOff, Step
from deliverables.ladder.resources import DeliverableResource
from deliverables.projects.models import Component
from exchange.imports.undo import why_not
from exchange.models import Import, ImportState
from tests.exchange.files import Session, exported, saved
from tests.make import (
    make_change,
    make_component,
    make_deliverable,
    make_expert,
    make_line,
    make_member,
    make_project,
    make_user,
)

pytestmark = pytest.mark.django_db
HEAD = "project,component,code,title_lv,title_en\n"


@pytest.fixture(autouse=True)
def component(client: Client) -> Component:
    project = make_project(publishing="by_hand")
    component = make_component(project)
    for number in (1, 2, 3):
        make_deliverable(component, f"D1.{number}")
    client.force_login(make_member(project, name="bruno"))
    return component


def edited(data: bytes, **cells: Any) -> bytes:
    """A workbook as a person edits it: cells by place, "D2" for instance."""
    book = load_workbook(io.BytesIO(data))
    for place, value in cells.items():
        book["deliverables"][place] = value
    return saved(book)


def titles() -> dict[str, str]:
    return dict(Deliverable.objects.values_list("code", "title_en"))


def test_new_and_changed_rows_are_written_and_told(client: Client) -> None:
    session = Session(client).upload(HEAD + "tw-1,1,D1.1,Jauns,New\ntw-1,1,D2.1,Cits,Other\n")
    assert session.counts == {"new": 1, "changed": 1, "unchanged": 0, "conflicts": 0}
    assert titles()["D1.1"] == "Deliverable"

    session.apply()

    assert titles()["D1.1"] == "New"
    assert titles()["D2.1"] == "Other"
    job = Import.objects.get()
    assert (job.state, job.content) == ("applied", None)
    assert job.told == {
        "new": 1, "changed": 1, "unchanged": 0, "cells": 2, "kept": 0, "warnings": [],
    }  # fmt: skip
    events = Event.objects.filter(transaction=job.transaction or 0, why=f"import {job.pk}")
    assert {(event.table, event.operation) for event in events} == {
        ("deliverables_deliverable", "insert"),
        ("deliverables_deliverable", "update"),
        ("exchange_import", "update"),
    }
    assert {event.through for event in events} == {"import"}


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("format_", ["csv", "excel", "xlsx"])
def test_an_export_imports_back_without_a_change(
    client: Client, format_: str, language: str
) -> None:
    Deliverable.objects.filter(code="D1.1").update(
        title_en='=HYPERLINK("http://x")', note_en="'=1", note_lv='-1;2,3\n"x"', weight=7
    )
    client.post("/admin/language/", {"language": language})
    data = exported(client, format_)
    name = "x.xlsx" if format_ == "xlsx" else "x.csv"

    session = Session(client).upload(data, name)

    assert session.counts == {"new": 0, "changed": 0, "unchanged": 3, "conflicts": 0}


def test_only_the_edited_cells_of_a_workbook_change(client: Client) -> None:
    before: list[Any] = list(Deliverable.objects.order_by("code").values())
    data = edited(exported(client, "xlsx"), G3="Edited")

    session = Session(client).upload(data, "x.xlsx")
    session.apply()

    after: list[Any] = list(Deliverable.objects.order_by("code").values())
    changed = {
        (row["code"], name)
        for old, row in zip(before, after, strict=True)
        for name in row
        if row[name] != old[name]
    }
    assert changed == {("D1.2", "title_en"), ("D1.2", "search_text"), ("D1.2", "version")}


def test_the_same_file_twice_changes_nothing_the_second_time(client: Client) -> None:
    data = edited(exported(client, "xlsx"), G3="Edited")
    Session(client).upload(data, "x.xlsx").apply()
    events = Event.objects.exclude(table="exchange_import").count()

    session = Session(client).upload(data, "x.xlsx")

    assert session.counts == {"new": 0, "changed": 0, "unchanged": 3, "conflicts": 0}
    assert "there is nothing to carry out" in session.text
    assert Event.objects.exclude(table="exchange_import").count() == events


def test_what_somebody_else_changed_meanwhile_is_kept_or_taken_cell_by_cell(
    client: Client,
) -> None:
    data = edited(exported(client, "xlsx"), F2="Mans", G2="Mine", G3="Mine too")
    Deliverable.objects.filter(code="D1.1").update(title_en="Theirs", note_en="Theirs")
    Deliverable.objects.filter(code="D1.2").update(title_en="Theirs too")

    session = Session(client).upload(data, "x.xlsx")
    assert session.counts == {"new": 0, "changed": 2, "unchanged": 1, "conflicts": 2}
    conflicts = [(c.old, c.new) for _m, c, _p, _t in session.page.context["conflicts"]]
    assert conflicts == [("Theirs", "Mine"), ("Theirs too", "Mine too")]
    session.apply(take="3:title_en")

    first = Deliverable.objects.get(code="D1.1")
    assert (first.title_lv, first.title_en, first.note_en) == ("Mans", "Theirs", "Theirs")
    assert titles()["D1.2"] == "Mine too"
    assert Import.objects.get().told["kept"] == 1


def test_what_changed_between_preview_and_click_writes_nothing(client: Client) -> None:
    session = Session(client).upload(HEAD + "tw-1,1,D1.1,A,New\ntw-1,1,D1.2,A,New\n")
    Deliverable.objects.filter(code="D1.2").update(weight=5)
    session.apply()

    assert "The register changed after you read the preview" in session.said()[0]
    assert titles()["D1.1"] == "Deliverable"
    session.apply()
    assert titles()["D1.1"] == "New"


def test_a_row_that_is_gone_by_then_writes_nothing(client: Client, component: Component) -> None:
    other = make_component(component.project, 2)
    session = Session(client).upload(HEAD + "tw-1,1,D1.1,A,B\ntw-1,2,D2.1,A,B\n")
    other.delete()
    session.apply()

    assert "“2” is not a known component. Known: 1." in session.text
    assert titles() == {f"D1.{n}": "Deliverable" for n in (1, 2, 3)}


def test_fifty_clicks_apply_once_and_tell_the_same(client: Client) -> None:
    session = Session(client).upload(HEAD + "tw-1,1,D9.1,A,B\n")
    seen = session.page.context["seen"]
    told = []
    for _click in range(50):
        session.page = client.post(session.where, {"seen": seen}, follow=True)
        told.append(session.page.context["told"])

    assert told == [told[0]] * 50
    assert told[0]["new"] == 1
    assert Deliverable.objects.filter(code="D9.1").count() == 1
    assert Event.objects.filter(table="deliverables_deliverable", operation="insert").count() == 4


def test_a_file_takes_a_step_as_its_page_would(client: Client, component: Component) -> None:
    client.force_login(make_member(component, "coordinator", "cora"))
    session = Session(client).upload(
        "project,code,rung,delivered_on,note_en\ntw-1,D1.1,delivered,21.02.2026,Done\n"
        "tw-1,D1.2,in_progress,,\n"
    )
    session.apply()

    first, second = Deliverable.objects.order_by("code")[:2]
    assert (first.rung, first.delivered_on, first.note_en) == ("delivered", "2026-02-21", "Done")
    assert second.rung == "in_progress"
    assert [(step.verb, step.by.username) for step in Step.objects.order_by("pk")] == [
        ("deliver", "cora"),
        ("start", "cora"),
    ]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ("documented,", "use the steps on its page"),
        ("delivered,", "Give the date as a day"),
        ("delivered,2099-01-01", "The date 2099-01-01 has not come yet."),
        (",2026-01-01", "use the steps on its page"),
        ("partially_delivered,2026-01-01", "use the steps on its page"),
    ],
)
def test_a_step_that_its_page_would_refuse_is_refused(
    client: Client, cells: str, sentence: str
) -> None:
    session = Session(client).upload(f"project,code,rung,delivered_on\ntw-1,D1.1,{cells}\n")

    assert sentence in session.faults[0]
    assert not Step.objects.exists()


def test_nobody_climbs_two_rungs_alone_by_a_file_either(client: Client) -> None:
    rows = "project,code,rung,delivered_on\ntw-1,D1.1,{}\n"
    Session(client).upload(rows.format("delivered,2026-02-21")).apply()

    session = Session(client).upload(rows.format("documented,"))

    assert "nobody climbs two rungs alone" in session.faults[0]


def test_a_new_deliverable_begins_at_the_foot_of_the_ladder(client: Client) -> None:
    session = Session(client).upload(
        "project,component,code,title_lv,title_en,rung\ntw-1,1,D9.1,A,B,accepted\n"
    )

    assert "A new deliverable begins as planned or in_progress" in session.faults[0]


def test_an_import_is_taken_back_as_a_whole(client: Client) -> None:
    before = list(Deliverable.objects.order_by("pk").values("code", "title_lv", "title_en"))
    session = Session(client).upload(HEAD + "tw-1,1,D1.1,Jauns,New\ntw-1,1,D9.1,A,B\n").apply()

    session.undo()

    assert list(Deliverable.objects.order_by("pk").values("code", "title_lv", "title_en")) == before
    assert "was taken back as a whole" in session.text
    session.undo()
    assert Import.objects.get().state == "undone"


def test_of_an_import_older_than_the_trail_nothing_can_be_taken_back() -> None:
    old = Import(pk=4711, state=ImportState.APPLIED, transaction=1)
    assert why_not(old, [DeliverableResource()]) == (
        "It cannot be taken back: it is older than the audit trail, which alone knows what it "
        "changed."
    )


@pytest.mark.parametrize(
    "rows", ["code,rung,note_en\ntw-1,D1.1,in_progress,x\n", "code,note_en\ntw-1,D1.1,x\n"]
)
def test_an_import_that_took_a_step_or_voided_a_signature_stays(
    client: Client, component: Component, rows: str
) -> None:
    signed = Deliverable.objects.get(code="D1.1")
    if "rung" not in rows:
        SignOff.objects.create(
            deliverable=signed, side="ms", by=make_user("ms"), at=timezone.now(), digest="0" * 64
        )
    session = Session(client).upload(f"project,{rows}").apply()

    session.undo()

    assert session.said() == [
        "It cannot be taken back as a whole: it took steps, or voided signatures. Take these back "
        "on the pages of the rows."
    ]
    assert Import.objects.get().state == "applied"
    assert Deliverable.objects.get(code="D1.1").note_en == "x"


def test_an_import_whose_rows_were_touched_since_stays(client: Client) -> None:
    session = Session(client).upload(HEAD + "tw-1,1,D1.1,Jauns,New\ntw-1,1,D1.2,A,B\n").apply()
    Deliverable.objects.filter(code="D1.2").update(note_en="x")

    session.undo()

    assert "some of its rows were changed again since" in session.text
    assert titles()["D1.1"] == "New"


def test_entries_are_never_removed_so_their_import_offers_no_way_back(
    client: Client, component: Component
) -> None:
    make_line(component.project)
    session = Session(client, "entry", "budget")
    session.upload("project,line,code,kind,amount\ntw-1,B1,N1,planned,100\n").apply()
    told = (
        "It cannot be taken back: it added rows of a table in which no row is ever removed. "
        "Correct each of them by a new row."
    )
    assert told in session.text
    assert "Take the import back" not in session.text

    session.undo()

    assert told in session.said()
    assert Entry.objects.count() == 1
    session.upload("project,line,code,note_en\ntw-1,B1,N1,Of the contract\n").apply()
    assert "Take the import back" in session.text
    session.undo()
    assert (Entry.objects.get().note_en, Import.objects.latest("pk").state) == ("", "undone")


def test_a_row_that_is_in_use_or_kept_by_a_rule_is_told_apart(
    client: Client, component: Component
) -> None:
    rows = "project,number,title_lv,title_en\ntw-1,7,A,B\n"
    session = Session(client, "component").upload(rows).apply()
    make_deliverable(Component.objects.get(number=7), "D7.1")

    session.undo()

    assert "a row that it added is in use by another one now." in session.said()[0]
    make_change(component.project)
    moves = Session(client, "move", "budget")
    moves.upload("project,change,code,to_on\ntw-1,SL1,V1,2027-12-31\n").apply()
    ContractChange.objects.update(state="signed", signed_on="2026-06-15")
    assert "Take the import back" in moves.text

    moves.undo()

    assert moves.said() == [
        "It cannot be taken back: a rule of the table keeps a row that it wrote."
    ]
    assert Move.objects.count() == 1


def test_names_cannot_be_taken_back_and_the_page_says_why(client: Client) -> None:
    make_expert(name="Anna Ozola")
    client.force_login(make_member(Component.objects.get().project, name="lead"))
    client.get("/admin/")
    from accounts.models import User

    client.force_login(User.objects.create_superuser("root", password="x"))
    session = Session(client, "expert", "experts")
    session.upload("code,country,name\nLV-E01,LV,Ilze Kalna\n").apply()

    assert "the trail keeps no names" in session.text


def test_a_file_is_its_owners_alone_and_for_an_hour(client: Client, component: Component) -> None:
    session = Session(client).upload(HEAD + "tw-1,1,D9.1,A,B\n")
    client.force_login(make_member(component.project, name="other"))
    assert client.get(session.where).status_code == 404
    assert client.post(session.where).status_code == 404
    client.force_login(Import.objects.get().made_by)
    elsewhere = session.where.replace("/deliverable/", "/component/")
    assert client.get(elsewhere).status_code == 404

    Import.objects.update(made_at=timezone.now() - dt.timedelta(minutes=61))
    session.page = client.post(session.where, {"seen": "x"}, follow=True)

    assert "waited for more than an hour, so the file was deleted" in session.text
    assert Import.objects.get().content is None
    assert not Deliverable.objects.filter(code="D9.1").exists()


def test_who_changes_nothing_imports_nothing(client: Client, component: Component) -> None:
    client.force_login(make_member(component.project, "auditor", "viewer"))

    assert client.get("/admin/deliverables/deliverable/import/").status_code == 403
    session = Session(client)
    assert session.upload(HEAD).page.status_code == 403


def test_a_row_of_another_component_is_refused_and_not_told(
    client: Client, component: Component
) -> None:
    make_deliverable(make_component(component.project, 2), "D2.1", title_en="Secret title")
    client.force_login(make_member(component, "coordinator", "cora"))
    for line in ("tw-1,2,D2.1,A,B", "tw-1,1,D2.1,A,B", "tw-1,2,D2.9,A,B"):
        session = Session(client).upload(f"{HEAD}{line}\n")

        assert session.faults, line
        assert "Secret" not in session.text
    assert Deliverable.objects.get(code="D2.1").title_en == "Secret title"


class Failing:
    """Lets so many statements through and breaks the next one."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left == -1:
            raise RuntimeError("the statement failed")
        return execute(sql, params, many, context)


def test_whichever_statement_fails_all_or_nothing_is_written(client: Client) -> None:
    """Until an import needs no more statements than are let through."""
    client.raise_request_exception = False
    data = HEAD + "tw-1,1,D1.1,A,{0}\ntw-1,1,D8.{0},A,{0}\n"
    for after in range(200):
        session = Session(client).upload(data.format(after))
        seen = session.page.context["seen"]
        before = Event.objects.count()
        with connection.execute_wrapper(Failing(after)):
            done = client.post(session.where, {"seen": seen})
        written = titles()["D1.1"] == str(after)
        assert written == Deliverable.objects.filter(code=f"D8.{after}").exists()
        job = Import.objects.latest("pk")
        assert (job.state == "applied") == written
        assert written or Event.objects.count() == before
        told = client.get(session.where)
        assert (told.context.get("told") is not None) == written
        if done.status_code == 302:
            break
    assert 10 < after < 190
    assert written


def test_no_name_is_kept_with_what_was_refused(client: Client) -> None:
    from accounts.models import User

    make_expert(name="Anna Ozola")
    client.force_login(User.objects.create_superuser("root", password="x"))
    session = Session(client, "expert", "experts")

    session.upload("code,country,name\nLV-E01,LV,Ilze \x07Kalna\nLV-E02,LV,Ilze KalnÄ“\n")

    assert len(session.faults) == 2
    assert "Kaln" not in str(Import.objects.get().told)


def test_a_plan_asks_as_many_questions_for_a_hundred_rows_as_for_ten(
    client: Client, component: Component
) -> None:
    asked = []
    for rows in (10, 100):
        for number in range(rows):
            make_deliverable(component, f"D{rows}.{number}")
        data = exported(client, "csv", query=f"?q=D{rows}.")
        table = data.replace(b",Deliverable,", b",Changed,").decode()
        with CaptureQueriesContext(connection) as queries:
            session = Session(client).upload(table)
        assert session.counts["changed"] == rows
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_page_of_an_import_tells_the_columns_that_a_file_may_have(client: Client) -> None:
    """What is only shown, the activity and the state of the mission, is not among them."""
    page = client.get("/admin/experts/expertday/import/")

    told = [key for key, *_told in page.context["columns"]]
    assert told == ["project", "mission", "expert", "on", "kind"]
