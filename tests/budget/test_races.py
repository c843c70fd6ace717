"""Two people sign at once: what the limit allows is given once, and nothing moves twice."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection

from audit.rows.refused import Refused
from budget.money import actions
from budget.money.models import ContractChange, Entry
from tests.make import (
    make_change,
    make_entry,
    make_heading,
    make_line,
    make_member,
    make_move,
    make_project,
    make_ruleset,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(changes: list[ContractChange], by: Any) -> list[str]:
    """What each signature came to, all begun together."""
    ready, told = threading.Barrier(len(changes)), []

    def one(change: ContractChange) -> None:
        try:
            ready.wait()
            actions.sign(change, by=by, seen=change.version, on=dt.date(2026, 6, 1))
            told.append("signed")
        except Refused as refused:
            told.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(change,)) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told, key=lambda word: word != "signed")


@pytest.fixture
def letters() -> list[ContractChange]:
    """Two side letters, each of 15 % of a heading whose limit is 25 %."""
    project = make_project(publishing="by_hand")
    make_ruleset(project, reallocation_limit=25)
    line = make_line(project, heading=make_heading(project))
    make_entry(line, amount="1000.00")
    found = []
    for number in (1, 2):
        change = make_change(project, f"SL{number}")
        make_move(change, line=line, amount=-150)
        found.append(change)
    return found


def test_two_side_letters_share_one_limit(letters: list[ContractChange]) -> None:
    first, second = at_once(letters, make_member(letters[0].project))

    assert first == "signed"
    assert second.startswith("Heading H1 would be moved by 30.0 % of the budget last signed")
    assert Entry.objects.exclude(change=None).count() == 1


def test_a_double_click_signs_once(letters: list[ContractChange]) -> None:
    change = letters[0]
    first, second = at_once([change, change], make_member(change.project))

    assert first == "signed"
    assert second.startswith("Somebody changed it after you opened this page")
    assert Entry.objects.exclude(change=None).count() == 1
