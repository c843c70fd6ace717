"""What a form refuses, no other way writes: restoring, importing, taking an import back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from exchange.tables.columns import Column
from tests.twinning.beyond import cells_of
from tests.twinning.filled import filled, holder, logged_in
from tests.twinning.forms import Form, Upload, form_of
from tests.twinning.house import House
from tests.twinning.matrix import last_event
from tests.twinning.ready import page_of
from tests.volume import share

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        made = House()
        holder(made)
        yield made
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


TRIED: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    (models.IntegerField | models.DecimalField, (-1, 7)),
    (models.DateField, ("2026-05-05", "1800-01-01")),
    (models.CharField, ("2026-05", "x" * 5000)),
    (models.Field, (["nothing"],)),
)


def candidates(house: House, row: Any, field: Any) -> Iterator[Any]:
    """Values that a column could have had before, some of which no form takes."""
    if field.is_relation:
        for which in ("foreign", "other", "own"):
            if found := house.rows.get((field.related_model._meta.model_name, which)):
                yield found.pk
        yield None
    elif isinstance(field, models.BooleanField):
        yield not getattr(row, field.attname)
    elif field.choices:
        yield from [value for value, _label in field.flatchoices][-2:]
        yield "nothing"
    else:
        yield from next(values for kind, values in TRIED if isinstance(field, kind))


def past(row: Any, field: Any, value: Any) -> Event:
    """An event that says that the column was something else once."""
    return Event.objects.create(
        at=timezone.now(), table=row._meta.db_table, row=row.pk, operation="update", who="U-0001",
        through="form", transaction=0, about=[], before={field.column: value},
        after={field.column: "now"},
    )  # fmt: skip


@pytest.mark.slow("puts a value back, and types it, for each column of each table")
@pytest.mark.parametrize("who", ["leader", "coordinator"])
def test_no_value_is_put_back_that_the_form_would_refuse(house: House, who: str) -> None:
    person, caller = house.person(who), logged_in(house.person(who))
    assert person
    wrong, restored, refused = [], 0, 0
    for model in sorted({model for model, which in house.rows if which == "own"}):
        row = house.rows[model, "own"]
        for field in row._meta.concrete_fields:
            values = list(candidates(house, row, field))[:4]
            for value in share(values, f"{who} {model}.{field.name}", of=4 * len(values)):
                with transaction.atomic():
                    row.refresh_from_db()
                    event = past(row, field, value)
                    before = last_event()
                    answer = caller.ask("POST", reverse("admin:restore"), {
                        "event": str(event.pk), "column": field.column,
                        "seen": str(getattr(row, "version", 1)),
                    })  # fmt: skip
                    written = last_event() != before
                    transaction.set_rollback(True)
                if answer.status_code >= 500:
                    wrong.append(f"{model}.{field.name} {value!r}: {answer.status_code}")
                restored, refused = restored + written, refused + (not written)
                if written and not typed(house, caller, row, field, value):
                    wrong.append(f"{model}.{field.name} {value!r}")

    assert wrong == []
    assert restored > (10 if who == "leader" else 4)
    assert refused > 12


FORMS: dict[Any, Form | None] = {}


def typed(house: House, caller: Any, row: Any, field: Any, value: Any) -> bool:
    """Whether the row's own form takes the value from this person."""
    label = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    where = reverse(label, args=[row.pk])
    with transaction.atomic():
        if (caller, where) not in FORMS:
            FORMS[caller, where] = form_of(caller.ask("GET", where).content.decode())
        form = FORMS[caller, where]
        if form is None or field.name not in form.names:
            return False
        sent: Any = [str(one) for one in value] if isinstance(value, list) else str(value)
        if isinstance(value, bool):
            sent = ["on"] if value else []
        data = {**form.fields, field.name: "" if value is None else sent}
        before = last_event()
        caller.ask("POST", where, data)
        written = last_event() != before
        transaction.set_rollback(True)
    return written


@pytest.mark.parametrize("who", ["leader"])
def test_no_import_changes_a_cell_that_the_page_only_shows(house: House, who: str) -> None:
    """Each column of each table that the form of a saved row does not offer."""
    caller, wrong, tried = logged_in(house.person(who)), [], 0
    for model in sorted({model for model, which in house.rows if which == "own"}):
        page, row = page_of(house, model), house.rows[model, "own"]
        if not hasattr(page, "resource"):
            continue
        row.refresh_from_db()
        label = f"admin:{row._meta.app_label}_{model}"
        form = holder(house).get(reverse(f"{label}_change", args=[row.pk]))
        context = form.context_data or {}
        if "adminform" not in context:
            continue
        offered = context["adminform"].form.fields
        for column in page.resource.columns:
            if column.shown_only or column.computed or column.document_only or column.via:
                continue
            if column.key in page.resource.key or column.key in offered:
                continue
            tried += 1
            wrong += _imported(house, caller, label, model, column)

    assert wrong == []
    assert tried >= 8


def _imported(house: House, caller: Any, label: str, model: str, column: Column) -> list[str]:
    cells = cells_of(house, model, "own")
    if column.key not in cells:
        return []
    row, told = house.rows[model, "own"], []
    for value in candidates(house, row, column.model_field(type(row))):
        said = getattr(house.rows.get((column.key, "own")), "code", value)
        lines = [",".join(cells), ",".join(f'"{v}"' for v in {**cells, column.key: said}.values())]
        with transaction.atomic():
            before = getattr(type(row)._base_manager.get(pk=row.pk), column.key)
            job = caller.ask("POST", reverse(f"{label}_import"),
                             {"file": Upload("rows.csv", "\n".join(lines).encode())})  # fmt: skip
            where = job.headers.get("Location", "")
            if where:
                data = filled(house, caller, f"{label}_import_job", "own", where)
                caller.ask("POST", where, data)
            if getattr(type(row)._base_manager.get(pk=row.pk), column.key) != before:
                told.append(f"{model}.{column.key} {said!r}")
            transaction.set_rollback(True)
    return told
