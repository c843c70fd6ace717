"""Exactly one event per row, with what it was and what it became, on every way in."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client

from accounts.models import User
from audit.events.acting import SUBSCRIBER, SYSTEM, acting
from audit.events.triggers import audited_tables
from audit.models import Balance, Batch, Book, Event, Line, Notice, Seal, Through
from deliverables.ladder import actions
from deliverables.ladder.models import Deliverable, Figure
from deliverables.ladder.status import Verb
from deliverables.projects.models import Membership
from exchange.models import Import
from tests.audit.rows import ROWS, a_deliverable, inserted_by_sql
from tests.exchange.files import Session
from tests.make import make_component, make_expert, make_item, make_member, make_project, make_user
from tests.sources import TREES, calls

pytestmark = pytest.mark.django_db
IMMUTABLE = {
    "deliverables.Step",
    "deliverables.Submission",
    "experts.MissionStep",
    "exchange.Export",
    "releases.Pack",
    "releases.Release",
}
KEPT = {"budget.Entry"}  # never removed, whoever asks
LINKS = {"deliverables.ActivityDeliverable"}  # added and removed; there is nothing to change
NOT_AUDITED = {
    **{
        f"audit.{name}": "the trail itself"
        for name in (*("Balance", "Batch", "Book", "Event", "Line", "Notice", "Seal", "Timestamp"),)
    },
    "accounts.Draft": "what was typed and not saved: no record, sealed, gone after a day",
    "accounts.LastCode": "which code was used last, at each log-in",
    "accounts.Letter": "mails and what became of them: bookkeeping of the workers",
    "exchange.Prepared": "files that wait for a day; what is in them is an export",
    "deliverables.Reminder": "on which days reminders were entered",
    "deliverables.Change": "bookkeeping of what waits for a release",
    "releases.Edition": "tells that a list of projects changed",
    "releases.Listing": "what lists ask of releases, which are the record; triggers write it",
    "releases.SearchEntry": "made from releases, and again from each next one",
    "releases.SearchWord": "made from releases, to complete and correct what is typed",
}
MODELS = {model._meta.label: model for model in audited_tables()}


def last() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def since(mark: int, table: str) -> list[Event]:
    return list(Event.objects.filter(pk__gt=mark, table=table))


def test_every_table_is_audited_or_says_why_not() -> None:
    from django.apps import apps

    own = {"audit", "accounts", "deliverables", "experts", "budget", "releases", "exchange"}
    tables = {model._meta.label for model in apps.get_models() if model._meta.app_label in own}

    assert set(MODELS) | set(NOT_AUDITED) == tables
    assert set(ROWS) == set(MODELS)


INSERTS = {
    "save": lambda row: row.save(force_insert=True),
    "bulk_create": lambda row: type(row)._default_manager.bulk_create([row]),
    "sql": None,
    "copy": None,
}


@pytest.mark.parametrize("way", INSERTS)
@pytest.mark.parametrize("label", sorted(set(ROWS) - IMMUTABLE - KEPT))
def test_an_added_row_leaves_one_event(label: str, way: str) -> None:
    row = ROWS[label][0]()
    table, how = row._meta.db_table, INSERTS[way]
    mark = last()
    with acting("U-0042", Through.COMMAND, "test"):
        if how is None:
            inserted_by_sql(row, way)
        else:
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table} WHERE id = %s", [row.pk])
            how(row)

    gone, added = since(mark, table)

    assert (gone.operation, added.operation) == ("delete", "insert")
    assert (gone.row, added.row) == (row.pk, row.pk)
    assert gone.after is None
    assert added.before is None
    assert added.after is not None
    assert added.after["id"] == row.pk
    if way in ("sql", "copy"):
        assert added.after == gone.before
    assert (added.who, added.through, added.why) == ("U-0042", "command", "test")
    assert added.transaction == gone.transaction
    assert f"{table}:{row.pk}" in added.about


UPDATES = {
    "save": lambda row, name: row.save(),
    "save fields": lambda row, name: row.save(update_fields=[name]),
    "update": lambda row, name: (
        type(row)._default_manager.filter(pk=row.pk).update(**{name: getattr(row, name)})
    ),
    "bulk_update": lambda row, name: type(row)._default_manager.bulk_update([row], [name]),
    "sql": lambda row, name: connection.cursor().execute(
        f'UPDATE {row._meta.db_table} SET "{name}" = %s WHERE id = %s',
        [getattr(row, name), row.pk],
    ),
}


@pytest.mark.parametrize("way", UPDATES)
@pytest.mark.parametrize("label", sorted(set(ROWS) - IMMUTABLE - LINKS))
def test_a_changed_row_leaves_one_event_with_what_changed(label: str, way: str) -> None:
    make, (name, value) = ROWS[label]
    row = make()
    old = getattr(row, name)
    setattr(row, name, value)
    mark = last()

    UPDATES[way](row, name)
    UPDATES[way](row, name)  # changes nothing any more

    (event,) = since(mark, row._meta.db_table)
    without = {"version"}
    assert {k: v for k, v in (event.before or {}).items() if k not in without} == {name: old}
    assert {k: v for k, v in (event.after or {}).items() if k not in without} == {name: value}
    assert (event.operation, event.row) == ("update", row.pk)
    assert (event.who, event.through) == ("unknown", "sql")


@pytest.mark.parametrize("way", ["delete", "queryset", "sql"])
@pytest.mark.parametrize("label", sorted(set(ROWS) - IMMUTABLE - KEPT))
def test_a_deleted_row_leaves_one_event_with_all_it_held(label: str, way: str) -> None:
    row = ROWS[label][0]()
    table, key = row._meta.db_table, row.pk
    (added,) = Event.objects.filter(table=table, row=key)
    mark = last()

    if way == "delete":
        row.delete()
    elif way == "queryset":
        type(row)._default_manager.filter(pk=key).delete()
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [key])

    (event,) = since(mark, table)
    assert (event.operation, event.before, event.after) == ("delete", added.after, None)


def test_a_cascade_leaves_one_event_for_each_row() -> None:
    item = make_item(a_deliverable())
    for position in (1, 2):
        Figure.objects.create(item=item, position=position, label_lv="x", label_en="x", value=1)
    mark = last()

    item.delete()

    assert [event.operation for event in since(mark, "deliverables_figure")] == ["delete"] * 2
    assert len(since(mark, "deliverables_item")) == 1
    assert (
        "deliverables_project:" + str(item.deliverable.project_id)
        in Event.objects.get(
            table="deliverables_figure", operation="delete", before__position=1
        ).about
    )


def two_of_one_name() -> None:
    with acting("U-1", Through.FORM):
        make_project("one")
        make_project("one")


def test_a_rollback_leaves_none() -> None:
    mark = last()
    with transaction.atomic():
        a_deliverable()
        transaction.set_rollback(True)
    with pytest.raises(IntegrityError):
        two_of_one_name()

    assert last() == mark


def test_who_acts_is_forgotten_with_the_transaction_and_restored_within_one() -> None:
    with acting("U-0001", Through.FORM, "outer"):
        make_project("a")
        with acting("U-0002", Through.ACTION, "inner"):
            make_project("b")
        with pytest.raises(ZeroDivisionError), acting("U-0003", Through.ACTION):
            _ = 1 / 0
        make_project("c")

    found = Event.objects.filter(table="deliverables_project").values_list("who", "why")
    assert list(found) == [("U-0001", "outer"), ("U-0002", "inner"), ("U-0001", "outer")]


def saved(client: Client, row: Deliverable, **changed: Any) -> None:
    from tests.office.test_admin import save

    save(client, row, **changed)


def test_a_form_with_its_inline_is_one_story_of_one_person(client: Client) -> None:
    row = a_deliverable()
    ana = make_member(row.component, "coordinator")
    client.force_login(ana)
    mark = last()
    rows = {
        "items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 0, "items-0-code": "D1.1.1",
        "items-0-kind": "output", "items-0-title_lv": "Daļa", "items-0-title_en": "Part",
    }  # fmt: skip

    saved(client, row, title_en="New", **rows)

    events = list(
        Event.objects.filter(pk__gt=mark).exclude(table__in=["exchange_import", "releases_release"])
    )
    assert [(e.table, e.operation, e.who, e.through) for e in events] == [
        ("deliverables_deliverable", "update", ana.code, "form"),
        ("deliverables_item", "insert", ana.code, "form"),
    ]
    assert len({event.transaction for event in events}) == 1


def test_a_step_and_an_import_and_a_command_say_so(client: Client, settings: Any) -> None:
    row = a_deliverable()
    ana = make_member(row.project)
    client.force_login(ana)
    mark = last()

    actions.take(row, Verb.START, by=ana, seen=1)
    header = "project,number,title_lv,title_en\n"
    Session(client, "component").upload(header + "tw-1,1,Jauns,New\n").apply()
    call_command("load_seed", settings.BASE_DIR / "seed" / "demo", verbosity=0)

    told = [
        (event.who, event.through, event.why)
        for event in Event.objects.filter(pk__gt=mark).exclude(
            table__in=["exchange_import", "releases_release"]
        )
    ]
    assert told[0] == (ana.code, "action", "")
    assert (ana.code, "import", f"import {Import.objects.get().pk}") in told
    assert told[-1] == ("system", "command", "load_seed")


def test_deleting_a_person_keeps_all_that_the_person_did() -> None:
    gone = make_user("gone")
    with acting(gone.code, Through.FORM):
        make_project()
    code = gone.code

    gone.delete()

    assert Event.objects.filter(who=code).count() == 1


def test_no_name_and_no_secret_is_in_the_trail() -> None:
    expert = make_expert(name="Canary Kanārija")
    user = User.objects.create_user(
        "canary-user", "canary@example.org", "canary pass phrase", first_name="Canary"
    )
    expert.name = "Kanārija Canary"
    expert.save()
    user.set_password("another canary phrase")
    user.save()
    mark = last()
    user.last_login = user.date_joined
    user.save()

    assert last() == mark  # a login is no change of the record
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, ' ') FROM audit_event e")
        (trail,) = cursor.fetchone()
    for canary in ("canary", "kanārija", user.password):
        assert canary not in trail.casefold()
    renamed = Event.objects.filter(table="experts_expert", operation="update").get()
    assert (renamed.before or {})["name"].startswith("sha256:")
    assert (renamed.before or {})["name"] != (renamed.after or {})["name"]


@pytest.mark.parametrize("model", [Balance, Batch, Book, Event, Line, Notice, Seal])
@pytest.mark.parametrize("sql", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_trail_is_append_only_even_with_triggers_ignored(model: Any, sql: str) -> None:
    make_project()
    key = model._meta.pk.column
    statement = sql.format(model._meta.db_table, key, key)
    for lift in ("session_replication_role = replica", "pgtrigger.ignore = '{all}'"):
        with pytest.raises(ProgrammingError, match="The audit trail is append-only"):
            run("SET CONSTRAINTS ALL IMMEDIATE", f"SET LOCAL {lift}", statement)


@transaction.atomic
def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_roles_are_in_the_trail() -> None:
    member = make_member(make_component(make_project()), "coordinator")
    Membership.objects.all().delete()

    given, withdrawn = Event.objects.filter(table="deliverables_membership")
    assert given.after == withdrawn.before
    assert f"accounts_user:{member.pk}" in given.about


def test_who_acts_is_a_person_or_one_of_the_few_that_are_named_in_one_place() -> None:
    who = [
        ast.unparse(call.args[0])
        for tree in TREES.values()
        for call in calls(tree)
        if ast.unparse(call.func) == "acting"
    ]

    assert {"SYSTEM", "SUBSCRIBER", "by.code"} <= set(who)
    assert [name for name in who if "'" in name] == []
    assert (SYSTEM, SUBSCRIBER) == ("system", "subscriber")  # as they stand in every trail
