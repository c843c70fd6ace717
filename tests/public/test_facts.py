from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import translation

from public.pages import budget as money
from public.pages import experts as facts
from public.pages.about import about
from public.pages.data import data
from releases.document import tables
from releases.document.tables import DOWNLOADS, PUBLISHED
from releases.reading.reading import Reading


def reading(**tables: Any) -> Reading:
    empty: Any = {table: [] for table in PUBLISHED}
    return Reading(empty | tables, "", 1, None, dt.date(2026, 3, 31), {})


def held(code: str, note: str = "", function: str = "short_term_expert") -> dict[str, Any]:
    return {"expert": code, "function": function, "note_lv": note, "note_en": note}


def test_experts_are_counted_by_institution_and_a_shared_note_stands_once() -> None:
    totals = {
        "by_country": [{"country": "LV", "count": 3}],
        "by_institution": [
            {"country": "LV", "institution": "LV-1", "count": 2},
            {"country": "LV", "institution": "", "count": 1},
        ],
    }
    found = facts.experts(
        reading(
            totals={"experts": totals},
            experts=[{"code": code} for code in ("E1", "E2", "E3")],
            assignments=[
                held("E1", "same"),
                held("E2", "same"),
                held("E3"),
                held("", function="rta"),
            ],
            partnerships=[
                {"country": "SE", "role": "contributing"},
                {"country": "LV", "role": "lead"},
                {"country": "XK", "role": "beneficiary"},
            ],
        ),
        {},
    )
    ((country, parts),) = found["countries"]
    assert country["count"] == 3
    assert [marks[0].key for _part, marks in parts] == ["stated", "unstated"]
    assert [len(marks) for _part, marks in parts] == [2, 1]
    assert found["uncounted"] == ["SE"]
    assert [parts[0][1] for _expert, parts in found["people"]] == [1, 1, None]
    assert [number for number, _row in found["notes"]] == [1]
    assert found["functions"].paginator.count == 1


def entry(line: str, kind: str, amount: str) -> dict[str, Any]:
    code = f"{kind}{amount}"
    return {
        "line": line, "code": code, "kind": kind, "amount": amount, "rounded_to": None, "on": "",
        "change": "", "corrects": "",
    }  # fmt: skip


def test_a_budget_line_is_the_sum_of_its_own_entries() -> None:
    whole = {"percent": None, "left": "89.00"}
    found = money.budget(
        reading(
            totals={"budget": whole},
            budget_lines=[
                {"code": code, "heading": "", "component": "", "partner": ""}
                for code in ("B1", "B2", "B3")
            ],
            budget_entries=[
                entry("B1", "planned", "100.00"),
                entry("B1", "planned", "20.00"),
                entry("B1", "spent", "30.00"),
                entry("B2", "spent", "1.00"),
            ],
        ),
        {},
    )
    names = ("planned", "spent", "left", "percent")
    sums = [tuple(total[name] for name in names) for _row, total, _money in found["sums"]]
    assert sums == [
        ("120.00", "30.00", "90.00", "25.0"), (None, "1.00", "-1.00", None),
        (None, None, None, None),
    ]  # fmt: skip
    assert found["entries"].paginator.count == 4


def test_only_evidence_on_the_whole_project_is_on_the_page_of_sources() -> None:
    found = about(
        reading(
            statements=[{"kind": "note"}, {"kind": "unknown"}],
            titles=[{"component": 0}, {"component": ""}],
            partnerships=[],
            evidence=[{"deliverable": "D1"}, {"deliverable": ""}],
        ),
        {},
    )
    assert list(found["statements"]) == ["note", "unknown"]
    assert found["titles"] == [{"component": ""}]
    assert list(found["list"]) == [{"deliverable": ""}]


def test_each_download_has_its_size_and_digest_and_empty_tables_stand_apart() -> None:
    rows: dict[str, Any] = {table: [] for table in PUBLISHED if table != "projects"}
    blank = {
        name: dict.fromkeys((column.key for column in PUBLISHED[name].public_columns()), "")
        for name in ("experts", "projects")
    }
    rows["experts"] = [blank["experts"] | {"code": code} for code in ("E1", "E2")]
    project = blank["projects"] | {"slug": "tw-1"}
    found = data(reading(schema="twinning-release-3", project=project, **rows))
    listed = [(file["table"], file["rows"], file["kilobytes"]) for file in found["downloads"]]
    assert listed == [("experts", 2, 1), ("projects", 1, 1)]
    assert found["empty"][:3] == ["components", "deliverables", "budget_entries"]
    named = [*found["empty"], "experts", "projects"]
    assert sorted(named) == sorted(PUBLISHED) == sorted(DOWNLOADS)
    assert len(found["release"]["sha256"]) == 64
    assert found["schema"] == "releases/release-3.schema.json"


def test_each_download_says_in_its_own_words_what_its_rows_are() -> None:
    with translation.override("en"):
        told = [tables.what(download) for download in DOWNLOADS]

    assert len(set(told)) == len(told)
