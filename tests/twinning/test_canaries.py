"""What is not released reaches no address of somebody who may not read it, by its content."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.twinning.canaries import FAR, NAME, OTHER, WHOLE, Walk, spoil
from tests.twinning.house import House
from tests.twinning.matrix import addresses
from tests.volume import ALL, share

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow("asks every address for each of three people"),
]
# Where a leader has to find what another component has not published: the walk would see it.
SHOWN = {
    "admin:autocomplete", "admin:deliverables_deliverable_change",
    "admin:deliverables_deliverable_changelist",
    "admin:deliverables_deliverable_history", "admin:deliverables_evidence_changelist",
    "admin:deliverables_membership_changelist", "admin:releases_release_changes",
    "admin:transaction", "admin:standing", "admin:budget_move_changelist",
    "admin:budget_contractchange_change",
    "/admin/preview/en/projects/tw-1/deliverables/", "/admin/preview/lv/projects/tw-1/",
    "/admin/preview/en/projects/tw-1/release.json",
    "/admin/preview/en/projects/tw-1/deliverables.csv",
    "/admin/preview/en/projects/tw-1/deliverables.xlsx",
    "/admin/preview/en/projects/tw-1/activities.jsonl",
    "/admin/preview/en/projects/tw-1/components/0/",
    "/admin/preview/en/projects/tw-1/components/4/",
}  # fmt: skip
FILES = {
    name + prepared
    for name in ("admin:extracts", "admin:deliverables_deliverable_export")
    for prepared in ("", ", prepared")
}
UNASKED = {"admin:login", "admin:logout", "home", "language", "reminders_off"}


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[House, set[str]]]:
    """Built once; the walks write nothing but records of exports, which are taken back."""
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        made = House()
        columns = spoil(made)
        yield made, columns
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


def walk(house: House, who: str, names: Collection[str] = ()) -> Walk:
    person = house.person(who)
    assert person
    made = Walk(house, person)
    with transaction.atomic():
        made.everything(files=who != "auditor", names=names)
        transaction.set_rollback(True)
    assert made.failed == []
    return made


def test_the_canaries_sit_in_every_table(house: tuple[House, set[str]]) -> None:
    made, columns = house
    wordless = {"activitydeliverable", "plannedactivity", "expertday", "missionexpert", "rate",
                "assignment", "measurement"}  # fmt: skip
    models = {model for model, which in made.rows if which == "other"} - wordless

    assert {column.partition(".")[0] for column in columns} >= models - {"deliverable_gone"}
    assert len(columns) > 90


def test_a_coordinator_reads_nowhere_what_others_have_not_published(
    house: tuple[House, set[str]],
) -> None:
    made = walk(house[0], "coordinator")

    assert made.found[OTHER] == set()
    assert made.found[FAR] == set()
    released_only = re.compile("preview|changes|standing")
    assert [where for where in made.found[WHOLE] if released_only.search(where)] == []
    names = {name for name, _keys in addresses() if name.startswith(("admin:", "preview:"))}
    assert names - made.asked <= UNASKED


def test_a_leader_reads_it_where_it_belongs(house: tuple[House, set[str]]) -> None:
    """The control: the same walk finds what is there to be found; by default on few pages."""
    few = {*SHOWN, *FILES, "admin:experts_expert_change"}
    made = walk(house[0], "leader", () if ALL else few)

    assert made.found[OTHER] >= SHOWN | FILES
    assert made.found[WHOLE] >= {
        "/admin/preview/en/projects/tw-1/",
        "admin:releases_release_changes",
    }
    assert made.found[NAME] >= {"admin:experts_expert_change"}
    assert made.found[FAR] == set()


def test_an_auditor_reads_no_name_of_an_expert(house: tuple[House, set[str]]) -> None:
    names = share(sorted({name for name, _keys in addresses()}), "auditor", of=4)
    made = walk(house[0], "auditor", SHOWN.union(names))

    assert made.found[NAME] == set()
    assert made.found[FAR] == set()
    assert made.found[OTHER] >= SHOWN
