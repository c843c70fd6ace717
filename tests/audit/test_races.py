"""Two savers at the same moment, many times: one saves, the other is told."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from deliverables.ladder.models import Deliverable
from tests.make import make_component, make_deliverable, make_item, make_member, make_project
from tests.office.test_admin import typed
from tests.volume import volume

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow("waits for others, as races do"),
]
ROUNDS = volume(200, least=20)


class Saver(threading.Thread):
    """Posts the forms it is given, each when the other one is ready, too."""

    def __init__(self, client: Client, address: str, barrier: threading.Barrier) -> None:
        super().__init__()
        self.client, self.address, self.barrier = client, address, barrier
        self.forms: list[dict[str, Any]] = []
        self.answers: list[int] = []

    def run(self) -> None:
        try:
            for form in self.forms:
                self.barrier.wait(30)
                self.answers.append(self.client.post(self.address, form).status_code)
        finally:
            connection.close()


def race(rounds: int) -> tuple[Counter[tuple[int, ...]], list[str]]:
    """The pairs of answers, and the value after each round."""
    project = make_project(publishing="by_hand")
    row = make_deliverable(make_component(project))
    barrier, values = threading.Barrier(2), []
    address = f"/admin/deliverables/deliverable/{row.pk}/change/"
    clients = [Client(), Client()]
    for client, name in zip(clients, ("anna", "bruno"), strict=True):
        client.force_login(make_member(row.component, "coordinator", name))
    pairs: Counter[tuple[int, ...]] = Counter()
    for number in range(rounds):
        row.refresh_from_db()
        savers = [Saver(client, address, barrier) for client in clients]
        for who, saver in enumerate(savers):
            saver.forms = [typed(row, title_en=f"{number} by {who}")]
            saver.start()
        for saver in savers:
            saver.join(60)
        pairs[tuple(sorted(saver.answers[0] for saver in savers))] += 1
        winner = [saver.answers[0] for saver in savers].index(302)
        values.append(f"{number} by {winner}")
        row.refresh_from_db()
        values[-1] = "" if row.title_en == values[-1] else f"{row.title_en}, not {values[-1]}"
    return pairs, [value for value in values if value]


def test_of_two_savers_one_saves_and_one_is_told_each_time() -> None:
    pairs, lost = race(ROUNDS)

    assert pairs == {(302, 409): ROUNDS}
    assert lost == []


def test_without_the_guard_edits_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: it shows that the test above can fail."""
    monkeypatch.setattr("audit.rows.conflicts.current", lambda row, seen: True)

    pairs, _lost = race(10)

    assert pairs == {(302, 302): 10}


def test_rows_locked_in_opposite_order_are_no_failure() -> None:
    """One saves the page with its items, the other the items' own pages."""
    project = make_project(publishing="by_hand")
    row = make_deliverable(make_component(project))
    items = [make_item(row, f"D1.1.{number}") for number in (1, 2)]
    barrier = threading.Barrier(2)
    savers: list[Saver] = []
    each = volume(25, least=5)
    for name in ("anna", "bruno"):
        client = Client()
        client.force_login(make_member(row.component, "coordinator", name))
        address = f"/admin/deliverables/deliverable/{row.pk}/change/"
        saver = Saver(client, address, barrier)
        order = items if name == "anna" else items[::-1]
        for number in range(each):
            form = typed(row, note_en=f"{name} {number}")
            form |= {"items-TOTAL_FORMS": 2, "items-INITIAL_FORMS": 2}
            for place, item in enumerate(order):
                cells = {"id": item.pk, "code": item.code, "kind": "output", "title_lv": "x",
                         "title_en": f"{name} {number}", "seen": 1}  # fmt: skip
                form |= {f"items-{place}-{key}": value for key, value in cells.items()}
            saver.forms.append(form)
        savers.append(saver)
        saver.start()
    for saver in savers:
        saver.join(120)

    answers = Counter(savers[0].answers + savers[1].answers)
    assert answers == {302: 1, 409: 2 * each - 1}
    assert Deliverable.objects.get().version == 2
