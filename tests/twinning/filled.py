"""Requests that would be accepted: the form as its own page offers it, filled in.

A form is read once from its page, as seen by somebody who may do everything; all roles send the
same.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse

from accounts.models import User
from tests.twinning.forms import Caller, Data, Form, form_of
from tests.twinning.house import House
from tests.twinning.ready import (
    ADDED,
    CHANGED,
    STANDS_ON,
    TEXTS,
    TYPED,
    file_for,
    model_of,
    text_of,
)


def filled(house: House, caller: Caller, name: str, which: str, where: str) -> Data:
    """What is sent to an address so that it would be accepted from somebody who may.

    `caller` is the person: a form of the person's own, an import that waits, is read by it.
    """
    kind = name.rpartition("_")[2]
    if kind == "changelist":
        return {"action": "delete_selected", "_selected_action": _keys(house, model_of(name))}
    if kind == "import":
        return {"file": file_for(house, name, which)}
    if kind == "export":
        return {"format": "csv"}
    if name == "admin:restore":
        return restoring(house.rows[model_of(name), which], "title_en")
    if kind == "undo":
        return {}
    if kind == "job":
        return _ticked(_form(caller, where))
    if (name, which) not in house.offered:
        house.offered[name, which] = _offered(house, name, which, where)
    return dict(house.offered[name, which])


def _keys(house: House, model: str) -> list[str]:
    return [str(row.pk) for (known, _which), row in house.rows.items() if known == model]


def restoring(row: models.Model, column: str) -> Data:
    """The newest change of a column, to be put back."""
    from audit.events.history import events_of

    live: Any = type(row)._base_manager.get(pk=row.pk)
    event = events_of(row).filter(operation="update", after__has_key=column).last()
    return {"event": str(event.pk if event else 0), "column": column, "seen": str(live.version)}


def _ticked(form: Form | None) -> Data:
    if form is None:
        return {}
    return {**form.fields, **{k: v for k, v in form.offers.items() if k == "warning"}}


def _offered(house: House, name: str, which: str, where: str) -> Data:
    """Read by the holder of all rights, in the state that was made ready."""
    page, action = where, ""
    if name in STANDS_ON:
        row = house.rows[model_of(name), which]
        page, action = reverse(STANDS_ON[name], args=[row.pk]), where
    model, kind = model_of(name), name.rpartition("_")[2]
    form = _form(holder(house), page, action)
    data: Data = dict(form.fields) if form else {}
    if kind == "add" and form:
        data |= added(house, model, which, form)
    elif kind == "change" and form:
        data |= changed(model, form)
    elif name in TYPED:
        data |= TYPED[name](house, which)
    return data


def _form(caller: Caller, where: str, action: str = "") -> Form | None:
    answer = caller.ask("GET", where)
    html = answer.headers.get("Content-Type", "").startswith("text/html")
    return form_of(answer.content.decode(), action) if html else None


def holder(house: House) -> Caller:
    if ("holder",) not in house.offered:
        house.offered["holder",] = logged_in(house.holder)
    caller: Caller = house.offered["holder",]
    return caller


def logged_in(user: User | None) -> Caller:
    """A log-in that is kept for all requests of a person, also when one of them ends it."""
    caller = Caller(raise_request_exception=False, headers={"accept-language": "en"})
    if user:
        caller.force_login(user)
        caller.get("/admin/roles/")  # the session is written now, and not with each request
    return caller


def added(house: House, model: str, which: str, form: Form) -> Data:
    """A new row like the one that is there, under a code of its own."""
    row = house.rows.get((model, which))
    if row is None:
        return ADDED.get(model, {})
    own = {field.name for field in row._meta.concrete_fields} & form.names
    like = {name: text_of(row, name) for name in own}
    return {**like, **ADDED.get(model, {})}


def changed(model: str, form: Form) -> Data:
    if model in CHANGED:
        return CHANGED[model]
    name = next((name for name in TEXTS if name in form.names), "")
    return {name: form.fields.get(name, [""])[0] + "x"} if name else {}
