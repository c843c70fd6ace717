"""Rules that a page asks of the database and a document of its rows: both say the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import combinations, product
from typing import Any

import pytest
from django.utils import timezone

from accounts.roles import Right
from deliverables.ladder.lateness import timing
from deliverables.ladder.models import Deliverable, SignOff
from deliverables.ladder.status import DONE, Rung, Side, Situation, Turn, Verb, refusal
from tests.make import make_component, make_project, make_user

pytestmark = pytest.mark.django_db
DUE = ("", "2026", "2026-11", "2026-11-24", "2026-12-01")
DAYS = [dt.date(2026, 11, day) for day in (10, 23, 24, 25, 30)] + [
    dt.date(2026, 12, day) for day in (1, 2, 31)
] + [dt.date(2027, 1, 1)]  # fmt: skip
SOON = 14


def made(rows: Iterable[dict[str, object]]) -> list[Deliverable]:
    component = make_component(make_project())
    reasons = {"reason_lv": "Nav", "reason_en": "None"}
    return Deliverable.objects.bulk_create(
        Deliverable(
            project=component.project, component=component, code=f"D1.{number}", title_lv="Viens",
            title_en="One", **{**reasons, **row},
        )
        for number, row in enumerate(rows, 1)
    )  # fmt: skip


def test_late_and_due_soon_are_the_same_in_lists_and_in_documents() -> None:
    made(
        {
            "rung": rung, "active": active, "due_original": original, "due_current": current,
            "delivered_on": "2026-11-24" if rung in DONE else "",
        }
        for rung, active, original, current in product(Rung, (True, False), DUE, DUE)
    )  # fmt: skip
    rows = Deliverable.objects.values(
        "code", "rung", "active", "due_original", "due_current", "delivered_on"
    )

    for day in DAYS:
        known = {row["code"]: timing(row, day) for row in rows if row["active"]}
        late = {code for code, told in known.items() if told.state == "late"}
        soon = {
            code for code, told in known.items()
            if told.state == "open" and -SOON <= (told.days_current or 0) <= 0
        }  # fmt: skip
        assert 0 < len(late | soon) < len(known)
        assert codes(Deliverable.objects.overdue(day)) == late
        assert codes(Deliverable.objects.due_within(day, SOON)) == soon


def codes(rows: Iterable[Deliverable]) -> set[str]:
    return {row.code for row in rows}


SIDES = [set(sides) for number in range(3) for sides in combinations(Side, number)]


def test_it_is_the_turn_of_those_who_could_take_the_next_step() -> None:
    asked = list(product(Rung, (True, False), SIDES))
    rows = made(
        {"rung": rung, "active": active, "delivered_on": "2026-11-24" if rung in DONE else ""}
        for rung, active, _signed in asked
    )
    by, now = make_user("berta"), timezone.now()
    SignOff.objects.bulk_create(
        SignOff(deliverable=row, side=side, digest="0" * 64, by=by, at=now)
        for row, (_rung, _active, signed) in zip(rows, asked, strict=True)
        for side in signed
    )

    found: Any = Deliverable.objects.with_turn()
    turns = {row.code: row.turn for row in found}

    assert turns == {row.code: turn(*case) for row, case in zip(rows, asked, strict=True)}
    assert set(turns.values()) == set(Turn)


def turn(rung: Rung, active: bool, signed: set[Side]) -> Turn:
    """Whose turn it is by the table of steps, for somebody with all rights and clean hands."""
    now = Situation(rung, active, frozenset(Right), 1, 2, 3, 1, frozenset(signed))
    waits = {
        Verb.DELIVER: Turn.WORK, Verb.DOCUMENT: Turn.CHECK, Verb.ACCEPT: Turn.ACCEPT,
        Verb.CONFIRM: Turn.CONFIRM,
    }  # fmt: skip
    for verb, told in waits.items():
        if refusal(verb, now) is None:
            return told
    both = Situation(rung, active, frozenset(Right), 1, 2, 3, 1, frozenset(Side))
    if refusal(Verb.CONFIRM, both) is not None:
        return Turn.NOBODY
    if not signed:
        return Turn.SIGN
    return Turn.SIGN_BC if Side.MS in signed else Turn.SIGN_MS
