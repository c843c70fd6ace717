"""Requests whose result would lie outside a person's scope: forged keys in forms that would do.

Each begins as a request that writes something of the person's own; one thing of it is then
replaced by what belongs to another component or project. What counts is what was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db import DatabaseError, models, transaction
from django.forms.models import _get_foreign_key
from django.urls import reverse
from django.utils import timezone

from audit.rows.refused import Refused
from exchange.imports import apply
from exchange.imports import intake as importing
from exchange.models import Import
from exchange.reading.faults import Unreadable
from tests.twinning.filled import filled, holder, logged_in, restoring
from tests.twinning.forms import Caller, Data, Upload
from tests.twinning.house import House
from tests.twinning.matrix import last_event
from tests.twinning.ready import (
    ADDED,
    ALONE,
    PDF_FILE,
    TEXTS,
    csv_of,
    make_ready,
    model_of,
    page_of,
    text_of,
)
from tests.twinning.trespasses import trespasses
from tests.volume import share

FORGED = re.compile(r"^admin:\w+_(change|add|attach|shift|sheet)$")  # what is begun with
ALIEN = {"leader": ("foreign",), "both": ("other", "foreign")}  # whose rows are not the person's
Forged = Iterator[tuple[str, Data]]  # what was forged, and the request


class Intruder:
    """One person who tries; `written` are the honest requests that wrote something."""

    def __init__(self, house: House, who: str) -> None:
        self.house, self.who = house, who
        house.alien = ALIEN[who]
        self.caller: Caller = logged_in(house.person(who))
        self.tried = 0
        self.written: set[str] = set()
        self.told: list[str] = []

    def honest(self, name: str, where: str, data: Data) -> bool:
        """Whether the request writes before anything of it is forged."""
        if self._writes(name, where, data, "as it is"):
            self.written.add(name)
        return name in self.written

    def forged(self, name: str, where: str, requests: Forged) -> None:
        for what, data in share(list(requests), f"{self.who} {name}", of=4):
            self.tried += 1
            self._writes(name, where, data, what)

    def _writes(self, name: str, where: str, data: Data, what: str) -> bool:
        with transaction.atomic():
            make_ready(self.house, name, "own", self.house.person(self.who))
            before = last_event()
            status = self.caller.ask("POST", where, data).status_code
            written = last_event() != before
            if written and (wrong := trespasses(self.house, self.who, before)):
                self.told.append(f"{name}, {what}: {status}, {', '.join(wrong)}")
            transaction.set_rollback(True)
        if status >= 500:
            self.told.append(f"{name}, {what}: {status}")
        return written


def beyond(house: House, who: str) -> Intruder:
    """Everything that `who` can forge."""
    intruder = Intruder(house, who)
    for model in sorted({model for model, which in house.rows if which == "own"}):
        page, row = page_of(house, model), house.rows[model, "own"]
        label = f"admin:{row._meta.app_label}_{model}"
        for kind, args in (("change", [row.pk]), ("add", [])):
            name = f"{label}_{kind}"
            where = reverse(name, args=args)
            data = _read(house, name, where)
            if intruder.honest(name, where, data):
                intruder.forged(name, where, _references(house, type(row), data))
                intruder.forged(name, where, _inlines(house, page, data))
                if kind == "add" and model not in ALONE:
                    intruder.forged(name, where, _elsewhere(house, name, where))
        if hasattr(page, "resource"):
            _imported(intruder, model, label)
            _taken_back(intruder, row, page)
        _restored(intruder, row)
    for name, requests in _special(house).items():
        row = house.rows[model_of(name), "own"]
        where = reverse(name, args=[row.pk])
        if intruder.honest(name, where, _read(house, name, where)):
            intruder.forged(name, where, iter(requests))
    return intruder


def _read(house: House, name: str, where: str) -> Data:
    with transaction.atomic():
        make_ready(house, name, "own", house.holder)
        data = filled(house, holder(house), name, "own", where)
        transaction.set_rollback(True)
    return data


def _targets(house: House, model: Any) -> Iterator[tuple[str, str, str]]:
    """Each reference of a table with what is not the person's: field, whose, key."""
    for field in model._meta.concrete_fields:
        for whose in house.alien if field.is_relation else ():
            if row := house.rows.get((field.related_model._meta.model_name, whose)):
                yield field.name, whose, str(row.pk)


def _elsewhere(house: House, name: str, where: str) -> Forged:
    """A new row that is whole, and not the person's."""
    for whose in house.alien:
        if (model_of(name), whose) in house.rows:
            yield f"as of {whose}", filled(house, holder(house), name, whose, where)


def _references(house: House, model: Any, data: Data) -> Forged:
    for field in model._meta.concrete_fields:
        if field.is_relation and field.null and data.get(field.name):
            yield f"{field.name} none", {**data, field.name: ""}
    for name, whose, key in _targets(house, model):
        yield f"{name} {whose}", {**data, name: key}


def _inlines(house: House, page: ModelAdmin[Any], data: Data) -> Forged:
    """Rows of the page that name what is not the person's, or that are not the person's."""
    for inline in page.inlines:
        child = inline.model
        parent: Any = _get_foreign_key(page.model, child)
        prefix = parent.remote_field.get_accessor_name(model=child)
        if f"{prefix}-TOTAL_FORMS" not in data:
            continue
        number, model = int(data[f"{prefix}-TOTAL_FORMS"][0]), child._meta.model_name
        like = _like(house, model, prefix, number)
        one_more: Data = {**data, **like, f"{prefix}-TOTAL_FORMS": str(number + 1)}
        yield f"{prefix} one more", one_more
        for name, whose, key in _targets(house, child):
            yield f"{prefix} {name} {whose}", {**one_more, f"{prefix}-{number}-{name}": key}
        yield from _adopted(house, model, prefix, {**data, **like})


def _like(house: House, model: str, prefix: str, number: int) -> Data:
    row = house.rows[model, "own"]
    names = [field.name for field in row._meta.concrete_fields if not field.primary_key]
    values = {name: text_of(row, name) for name in names} | ADDED.get(model, {})
    return {f"{prefix}-{number}-{name}": value for name, value in values.items()}


def _adopted(house: House, model: str, prefix: str, data: Data) -> Forged:
    """Somebody else's row as if it stood on the page."""
    for whose in house.alien:
        if row := house.rows.get((model, whose)):
            said = {name: "x" for name in TEXTS if hasattr(row, name)}
            cells = {"id": str(row.pk), "seen": str(row.version), "DELETE": "on", **said}
            forged = {f"{prefix}-0-{name}": value for name, value in cells.items()}
            counts = {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "1"}
            yield f"{prefix} row {whose}", {**data, **forged, **counts}


def _imported(intruder: Intruder, model: str, label: str) -> None:
    """Files with a row of somebody else beside an own one, or own rows that would move there."""
    house, name = intruder.house, f"{label}_import"
    own = cells_of(house, model, "own")
    references = [column.key for column in page_of(house, model).resource.columns if column.to]
    for whose in house.alien:
        if (model, whose) not in house.rows:
            continue
        alien = cells_of(house, model, whose)
        touched = next((text for text in TEXTS if text in own), "")
        files = [[own, {**alien, touched: "x"}]] if touched else []
        files += [
            [{**own, column: alien[column]}]
            for column in references
            if column in own and alien[column] != own[column]
        ]
        files += [[{**own, column: "[clear]"}] for column in references if own.get(column)]
        for rows in share(files, f"{intruder.who} {name} {whose}", of=3):
            _carried_out(intruder, name, whose, rows)


def cells_of(house: House, model: str, which: str) -> dict[str, str]:
    csv_of(house, model, which=which)
    head, row = house.offered["csv", model, which][:2]
    return dict(zip(head, row, strict=True))


def _carried_out(intruder: Intruder, name: str, whose: str, rows: list[dict[str, str]]) -> None:
    """Upload, preview, and carry out what the preview offers."""
    head = list(rows[0])
    lines = [",".join(f'"{row[cell]}"' for cell in head) for row in rows]
    content = "\n".join([",".join(head), *lines]).encode()
    caller = intruder.caller
    intruder.tried += 1
    with transaction.atomic():
        before = last_event()
        job = caller.ask("POST", reverse(name), {"file": Upload("rows.csv", content)})
        if job.status_code == 302:
            data = filled(intruder.house, caller, f"{name}_job", "own", job.headers["Location"])
            caller.ask("POST", job.headers["Location"], data)
        if wrong := trespasses(intruder.house, intruder.who, before):
            intruder.told.append(f"{name}, {whose}: {', '.join(wrong)}")
        transaction.set_rollback(True)


def _restored(intruder: Intruder, row: models.Model) -> None:
    """An own row that stood with somebody else once, to be put back there."""
    house = intruder.house
    nobody: list[tuple[str, str, str | None]] = [
        (field.name, "none", None)
        for field in row._meta.concrete_fields
        if field.is_relation and field.null and getattr(row, field.attname)
    ]
    targets = [*_targets(house, type(row)), *nobody]
    for name, whose, key in share(targets, f"{intruder.who} {row._meta.label}", of=3):
        column = row._meta.get_field(name).attname  # type: ignore[union-attr]
        rows = type(row)._base_manager.filter(pk=row.pk)
        intruder.tried += 1
        with transaction.atomic():
            try:
                with transaction.atomic():
                    rows.update(**{column: key})
                    rows.update(**{column: getattr(row, column)})
            except DatabaseError:
                continue  # the database itself lets no row of this kind stand there
            before = last_event()
            intruder.caller.ask("POST", reverse("admin:restore"), restoring(row, column))
            if wrong := trespasses(house, intruder.who, before):
                intruder.told.append(f"restore {name} {whose}: {', '.join(wrong)}")
            transaction.set_rollback(True)


def _taken_back(intruder: Intruder, row: models.Model, page: ModelAdmin[Any]) -> None:
    """An import of the person's own that brought a row from somebody else, to be taken back."""
    house, model = intruder.house, str(row._meta.model_name)
    own = cells_of(house, model, "own")
    rows = type(row)._base_manager.filter(pk=row.pk)
    targets = list(_targets(house, type(row)))
    for name, whose, key in share(targets, f"{intruder.who} undo {model}", of=3):
        column = row._meta.get_field(name).attname  # type: ignore[union-attr]
        if name not in own or name in page.resource.key:  # type: ignore[attr-defined]
            continue
        intruder.tried += 1
        with transaction.atomic():
            try:
                with transaction.atomic():
                    rows.update(**{column: key})
                    job = _applied(house, page, intruder.house.person(intruder.who), own)
            except (DatabaseError, Unreadable, Refused):
                continue  # no row of this kind comes from there
            before = last_event()
            label = f"admin:{row._meta.app_label}_{model}_import_undo"
            intruder.caller.ask("POST", reverse(label, args=[job.token]))
            if wrong := trespasses(house, intruder.who, before):
                intruder.told.append(f"undo {model}.{name} {whose}: {', '.join(wrong)}")
            transaction.set_rollback(True)


def _applied(house: House, page: Any, user: Any, cells: dict[str, str]) -> Import:
    """An import of these cells as somebody who may do all would carry it out."""
    cells = {name: cell for name, cell in cells.items() if name != "version"}
    lines = [",".join(f'"{cell}"' for cell in row) for row in (cells, cells.values())]
    resource = page.resource()
    kept = Import.objects.create(
        made_at=timezone.now(), made_by=user, table=resource.table, name="x.csv",
        sha256="0" * 64, content="\n".join(lines).encode(),
    )  # fmt: skip
    return apply.apply(kept, resource, importing.TableIntake(resource).plan(kept), by=user)


def _special(house: House) -> dict[str, list[tuple[str, Data]]]:
    """The forms that are no rows: what they take from elsewhere."""
    found: dict[str, list[tuple[str, Data]]] = {
        name: []
        for name in (
            "admin:deliverables_deliverable_attach",
            "admin:deliverables_workplan_shift",
            "admin:experts_mission_sheet",
        )
    }
    attach, shift, sheet = found.values()
    for whose in house.alien:
        said: Data = {"uploads": PDF_FILE, "shows_lv": "x", "shows_en": "x"}
        key = {model: str(house.rows[model, whose].pk) for model in
               ("file", "deliverable", "activity", "expert", "mission")}  # fmt: skip
        attach.append((f"kept {whose}", {**said, "kept": key["file"]}))
        attach.append((f"others {whose}", {**said, "others": key["deliverable"]}))
        seen = house.offered.get(("admin:deliverables_workplan_shift", "own"), {}).get("seen", "")
        moved: Data = {"seen": seen, "number": "1", "unit": "7", "activity": key["activity"]}
        shift += [(f"{do} {whose}", {**moved, "do": do}) for do in ("shift", "repeat")]
        version = str(house.rows["mission", "own"].version)
        sheet.append((f"days {whose}", {"seen": version, f"country-{key['expert']}": "2026-05-04"}))
    return found
