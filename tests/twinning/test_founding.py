"""A project that a workbook founds: what is wrong is told, what is private stays so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from budget.money.models import ContractChange, Entry
from deliverables.projects.models import Component, Project
from exchange.imports import undo
from exchange.models import Import
from experts.missions.models import Mission
from experts.people.models import Expert
from tests.exchange.files import Session
from tests.make import (
    make_assignment,
    make_component,
    make_deliverable,
    make_expert,
    make_institution,
    make_member,
    make_project,
)
from tests.office.workbooks import administrator, founding, imported

pytestmark = pytest.mark.django_db
NEW = {"project": "new"}
ACTIVITY = ("activities", {**NEW, "component": 1, "code": "A1.1", "kind": "mission",
                           "title_lv": "A", "title_en": "A"})  # fmt: skip
MISSION = ("missions", {**NEW, "activity": "A1.1", "code": "M1", "from_on": "2026-03-02",
                        "to_on": "2026-03-06"})  # fmt: skip
EXPERT = ("experts", {"code": "LV-E01", "country": "LV"})
GOES = ("mission_experts", {**NEW, "mission": "M1", "expert": "LV-E01", "days": 2})
DAY = ("expert_days", {**NEW, "mission": "M1", "expert": "LV-E01", "on": "2026-03-03",
                       "kind": "country"})  # fmt: skip


def faults(*rows: Any, without: tuple[str, ...] = ()) -> list[str]:
    return imported(administrator(), founding(*rows, without=without)).faults


def test_a_project_named_with_a_character_that_cannot_be_seen_is_told() -> None:
    row = ("components", {"project": "new\u200e", "number": 2, "title_lv": "A", "title_en": "A"})

    (told,) = faults(row)

    assert told.startswith("Sheet “components”, row 3, column “project”: ")
    assert "U+200E" in told


def test_a_name_that_differs_from_the_registers_is_told_without_it() -> None:
    make_expert("LV-E01", name="Anna Ozola", name_consent=True)

    (told,) = faults(("experts", {"code": "LV-E01", "country": "LV", "name": "Ilze Kalna"}))

    assert "The register has this code already, and says something else of it." in told
    assert "Kalna" not in json.dumps(Import.objects.get().told)


def test_a_mission_with_days_says_its_state() -> None:
    days = (ACTIVITY, MISSION, EXPERT, GOES, DAY)

    (told,) = faults(*days)

    assert told == (
        "Sheet “missions”, row 2, column “state”: The mission has days, so it is no draft. Say its "
        "state: “done”, for instance."
    )


@pytest.mark.parametrize("state", ["confirmed", "done", "reported"])
def test_a_mission_has_the_state_that_its_sheet_says(state: str) -> None:
    mission = ("missions", {**MISSION[1], "state": state, "report_on":
                            "2026-03-20" if state == "reported" else None})  # fmt: skip
    idle = ("missions", {**MISSION[1], "code": "M2"})
    session = imported(administrator(), founding(ACTIVITY, mission, idle, EXPERT, GOES, DAY))

    assert session.faults == []
    session.apply()
    assert dict(Mission.objects.values_list("code", "state")) == {"M1": state, "M2": "draft"}


SIGNED = (
    "contract_changes",
    {**NEW, "code": "SL1", "kind": "side_letter", "state": "signed", "signed_on": "2026-03-02",
     "reason_lv": "A", "reason_en": "A"},
)  # fmt: skip


def test_a_signed_change_says_as_which_one_it_was_signed() -> None:
    (told,) = faults(SIGNED)
    assert told == (
        "Sheet “contract_changes”, row 2, column “number”: A signed change says as which one it "
        "was signed: 1, 2, …"
    )

    session = imported(administrator(), founding(("contract_changes", {**SIGNED[1], "number": 1})))
    session.apply()

    assert ContractChange.objects.get().number == 1


LINE = ("budget_lines", {**NEW, "title_lv": "A", "title_en": "A"})
HEADING = ("budget_headings", {**NEW, "code": "H1", "title_lv": "A", "title_en": "A"})


def entry(line: str, code: str, corrects: str = "") -> tuple[str, dict[str, Any]]:
    said = {"note_lv": "A", "note_en": "A", "corrects": corrects} if corrects else {}
    return (
        "budget_entries",
        {**NEW, "line": line, "code": code, "kind": "spent", "amount": 10, **said},
    )


def test_entries_that_correct_each_other_come_in_turn_whatever_their_codes_elsewhere() -> None:
    lines = [("budget_lines", {**LINE[1], "code": code, "heading": "H1"}) for code in ("B1", "B2")]
    entries = [
        entry("B1", "E3", "E2"), entry("B1", "E2", "E1"), entry("B1", "E1"),
        entry("B2", "E3", "E1"), entry("B2", "E1", "E2"), entry("B2", "E2"),
    ]  # fmt: skip
    session = imported(administrator(), founding(HEADING, *lines, *entries))

    assert session.faults == []
    session.apply()
    assert Entry.objects.count() == 6
    assert Entry.objects.filter(line__code="B2", code="E3", corrects__code="E1").exists()


def test_a_row_that_stands_twice_is_told_also_where_rows_come_in_turn() -> None:
    line = ("budget_lines", {**LINE[1], "code": "B1", "heading": "H1"})

    (told,) = faults(HEADING, line, entry("B1", "E1"), entry("B1", "E2"), entry("B1", "E2", "E1"))

    assert "Rows 3 and 4 are the same E2. Remove one of them." in told


def test_a_project_founded_with_names_of_experts_is_taken_back() -> None:
    session = imported(
        administrator(),
        founding(("experts", {**EXPERT[1], "name": "Anna Ozola", "name_consent": "yes",
                              "consent_on": "2026-01-15", "consent_basis": "signed"})),
    ).apply()  # fmt: skip
    assert Expert.objects.get().name == "Anna Ozola"

    session.undo()

    assert session.said() == []
    assert Expert.objects.count() == Project.objects.count() == 0


def test_a_component_that_names_evidence_is_taken_back_with_it() -> None:
    link = {"kind": "link", "url": "https://example.org/", "title_lv": "A", "title_en": "A"}
    proof = ("evidence", {**NEW, "code": "V1", "deliverable": "D1.1", **link})
    second = (
        "components",
        {**NEW, "number": 2, "title_lv": "A", "title_en": "A", "evidence": "V1"},
    )
    session = imported(administrator(), founding(second, proof)).apply()
    assert Component.objects.get(number=2).evidence is not None

    session.undo()

    assert session.said() == []
    assert Project.objects.count() == 0


def test_a_workbook_without_rows_says_so() -> None:
    without = ("projects", "components", "deliverables")

    assert faults(without=without) == ["No sheet of the workbook has a row that could be imported."]


def test_a_row_that_somebody_holds_keeps_an_import_from_being_taken_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def held(*_given: Any) -> Any:
        raise OperationalError("canceling statement due to lock timeout") from LockNotAvailable()

    session = imported(administrator(), founding()).apply()
    monkeypatch.setattr(undo, "_undo", held)

    session.undo()

    assert "Somebody is writing rows of the file at this moment" in session.said()[0]


def test_who_may_not_see_names_learns_none_from_a_file() -> None:
    """Neither by a row that says what the register has, nor by one that does not."""
    own, far = make_project(), make_project("another")
    make_deliverable(make_component(own))
    expert = make_expert("LV-E01", name="Anna Ozola")
    make_institution("LV-1")
    lea = make_member(own, name="lea")
    make_member(far, "auditor", "lea")
    make_assignment(far, expert=expert)
    client = administrator()
    client.force_login(lea)
    told = [
        Session(client, "expert", "experts").upload(f"code,name\nLV-E01,{name}\n").faults
        for name in ("Anna Ozola", "Ilze Kalna")
    ]

    assert told[0] == told[1] != []
