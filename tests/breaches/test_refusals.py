"""Each trigger that refuses: what it lets pass before, it refuses once the row is settled, in each
operation that it looks at; a form says so in words, or the table says why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib import admin
from django.test import RequestFactory

from accounts.models import User
from tests.breaches import budget, deliverables, experts, machine, plan
from tests.breaches.database import triggers
from tests.breaches.rows import another, filled, insert, refusal, run, said, undone
from tests.breaches.table import Refusal, Values

pytestmark = pytest.mark.django_db
REFUSALS: dict[tuple[str, str], Refusal] = {}
for room in (machine, deliverables, plan, experts, budget):
    REFUSALS |= room.REFUSALS


Attempt = tuple[str, Callable[[], object], Callable[[], dict[str, list[str]]]]


def attempts(row: Any, entry: Refusal) -> list[Attempt]:
    """Each operation on the row, or on one beside it: past every form, and what a form says."""
    table, key = row._meta.db_table, row._meta.pk.column
    rows = type(row)._base_manager.filter(pk=row.pk)

    def new() -> Any:
        return another(row, filled(entry.apart, row))

    def update(values: Values) -> None:
        rows.update(**filled(values, row))

    def form(values: Values) -> dict[str, list[str]]:
        found = rows.get()
        for name, value in filled(values, found).items():
            setattr(found, name, value)
        return said(found)

    return [
        ("INSERT", lambda: insert(new()), lambda: said(new())),
        *(("UPDATE", partial(update, one), partial(form, one)) for one in entry.writes),
        ("DELETE", lambda: run(f"DELETE FROM {table} WHERE {key} = %s", row.pk), dict),
        ("TRUNCATE", lambda: run(f"TRUNCATE {table} CASCADE"), dict),
    ]


@pytest.mark.parametrize(("label", "name"), list(REFUSALS), ids=str)
def test_what_is_settled_is_refused_and_told(label: str, name: str) -> None:
    entry = REFUSALS[label, name]
    row = entry.row()
    run("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for a commit keeps a table from being emptied
    operations = triggers()[label, name]
    each = [attempt for attempt in attempts(row, entry) if attempt[0] in operations]
    assert {operation for operation, *_ in each} == operations
    if entry.settled:
        for operation, write, form in each:
            assert (operation, refusal(write), undone(form)) == (operation, None, {})
        entry.settled(row)
    told = {field: [str(text)] for field, text in (entry.told or {}).items()}
    for operation, write, form in each:
        refused = refusal(write)
        assert refused is not None, f"{operation} of {label} passes in spite of {name}."
        given = {"operation": operation, "table": row._meta.db_table}
        assert refused.message_primary == (entry.says or name).format(**given)
        assert refused.constraint_name == (None if entry.says else name)
        assert undone(form) == ({} if form is dict else told)
    if entry.allows:
        type(row)._base_manager.filter(pk=row.pk).update(**entry.allows)


@pytest.mark.parametrize(
    ("label", "name"), [rule for rule, entry in REFUSALS.items() if entry.unseen], ids=str
)
def test_what_no_form_tells_no_page_lets_anybody_type(
    label: str, name: str, rf: RequestFactory
) -> None:
    entry = REFUSALS[label, name]
    row = entry.row()
    run("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for a commit keeps a table from being emptied
    if entry.settled:
        entry.settled(row)
        row.refresh_from_db()
    page = admin.site._registry.get(type(row))
    request = rf.get("/")
    request.user = User.objects.create_superuser("root")
    if page and page.has_change_permission(request, row):
        form = page.get_form(request, row)(instance=row)
        typed = {name for name, field in form.fields.items() if not field.disabled}
        assert typed.isdisjoint(name for values in entry.writes for name in values)
