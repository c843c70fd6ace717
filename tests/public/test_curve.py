"""The curve of results, slippage and completeness against a naive count, and against the CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import statistics
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from deliverables.fields import dates
from public import results
from public.charts import curve
from public.charts.curve import LINES
from releases.reading.reading import Reading, Share, Slippage
from tests.public.make import get
from tests.volume import volume

DAY = dt.date(2026, 7, 1)
DATES = st.sampled_from(
    ["", "2026", "2026-03", "2026-06-30", "2026-07-01", "2026-07-02", "2026-12-31", "2025-11-15"]
)
RUNGS = (
    "planned",
    "in_progress",
    "delivered",
    "documented",
    "accepted",
    "partially_delivered",
    "not_delivered",
    "dropped",
)
LADDER = ("delivered", "documented", "accepted", "confirmed")


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for number in range(draw(st.integers(1, 12))):
        rung = draw(st.sampled_from(RUNGS))
        done = rung in ("delivered", "documented", "accepted")
        past = st.sampled_from(["", "2026-05-02", "2026-06", "2025-12-31"])
        found.append(
            {
                "code": f"D1.{number}", "rung": rung, "active": draw(st.integers(0, 5)) > 0,
                "due_original": draw(DATES), "due_current": draw(DATES),
                "delivered_on": draw(past) if done or rung == "partially_delivered" else "",
                "accepted_on": draw(past) if rung == "accepted" else "",
            }
        )  # fmt: skip
    return found


def reading(found: list[dict[str, Any]]) -> Reading:
    project = {"start_actual": "2025-09-15", "start_planned": "", "results_basis": "contract"}
    document: Any = {"project": project, "deliverables": found, "evidence": []}
    document |= {"contract_changes": [], "contract_moves": []}
    return Reading(document, "", 1, None, DAY, {})


def counted(found: Reading) -> list[results.Result]:
    return [result for result in results.of(found) if result.counted]


def due(row: dict[str, Any], line: str) -> str:
    plan = {"original": row["due_original"], "current": row["due_current"] or row["due_original"]}
    if line in plan:
        return str(plan[line])
    return str(row[f"{line}_on"]) if row["rung"] in LADDER[LADDER.index(line) :] else ""


@settings(max_examples=volume(2000))
@given(rows())
def test_the_curve_counts_as_people_count(found: list[dict[str, Any]]) -> None:
    shown = counted(reading(found))
    drawn = curve.curve(reading(found), shown)
    own = [row for row in found if row["active"] and row["rung"] != "dropped"]
    if not any(row["due_original"] or row["due_current"] for row in own):
        assert drawn is None
        return
    assert drawn is not None
    assert drawn.whole == len(own)
    for quarter in drawn.quarters:
        year, number = int(quarter.name[:4]), int(quarter.name[-1])
        end = dates.last(f"{year}-{3 * number:02}")
        for line, count in zip(LINES, quarter.counts, strict=True):
            until = min(end, DAY) if line in curve.ACTUAL else end
            if count is None:
                assert dt.date(year, 3 * number - 2, 1) > DAY
                continue
            days = [due(row, line) for row in own]
            assert count == sum(bool(day) and dates.last(day) <= until for day in days)
            assert count <= drawn.whole
    for _line, path in drawn.paths:
        across = [float(x) for x in re.findall(r"H([\d.]+)", path)]
        heights = [float(y) for y in re.findall(r"V([\d.-]+)", path)]
        assert across == sorted(across)
        assert heights == sorted(heights, reverse=True)
        assert all(0 <= x <= 1000 for x in across)
        assert all(0 <= y <= 100 for y in heights)


@settings(max_examples=volume(2000))
@given(rows(), DATES)
def test_slippage_is_measured_against_the_first_plan_whatever_is_planned_later(
    found: list[dict[str, Any]], later: str
) -> None:
    told = curve.late(counted(reading(found)))
    days = []
    for row in found:
        if not row["active"] or row["rung"] in ("dropped", "not_delivered"):
            continue
        done = row["rung"] in LADDER
        if not row["due_original"] or (done and not row["delivered_on"]):
            continue
        day = dates.first(row["delivered_on"]) if done else DAY
        late = (day - dates.last(row["due_original"])).days
        if done or late > 0:
            days.append(late)
    if not days:
        assert told is None
    else:
        assert told is not None
        median = statistics.median(days)
        assert (told.original.of, float(told.original.median), told.original.most) == (
            len(days), median, max(days),
        )  # fmt: skip
        assert told.in_time.part <= told.in_time.whole <= len(days)
    moved = [row | {"due_current": later} for row in found]
    again = curve.late(counted(reading(moved)))
    assert (told and told.original) == (again and again.original)


def test_what_is_delivered_in_part_is_not_done() -> None:
    row = {
        "active": True, "due_original": "2026-05", "due_current": "", "delivered_on": "2026-05-04",
    }  # fmt: skip
    rungs = ("accepted", "partially_delivered", "planned")
    found = [row | {"rung": rung, "code": rung, "accepted_on": ""} for rung in rungs]

    told = curve.late(counted(reading(found)))

    assert told is not None
    assert (told.in_time.part, told.in_time.whole) == (1, 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("lang", ["lv", "en"])
def test_the_table_of_the_curve_is_added_again_from_the_file(client: Client, lang: str) -> None:
    content = client.get(f"/{lang}/projects/demo/deliverables.csv").content.decode()
    own = [
        row for row in csv.DictReader(io.StringIO(content))
        if row["active"] == "yes" and row["rung"] != "dropped"
    ]  # fmt: skip
    page = client.get(f"/{lang}/projects/demo/").content.decode()
    page = re.sub(r"(20\d\d)\. g\. (\d)\. cet\.", r"\1-Q\2", page)
    table = re.findall(r'<th scope="row">(20\d\d-Q\d)</th>(.*?)</tr>', page, re.DOTALL)
    assert len(table) >= 8
    today = timezone.localdate()
    for name, cells in table:
        first = dt.date(int(name[:4]), 3 * int(name[-1]) - 2, 1)
        end = dates.last(f"{first.year}-{first.month + 2:02}")
        found = re.findall(r"<td.*?>(.*?)</td>", cells, re.DOTALL)
        shown = [re.sub("<.*?>", "", cell).strip() for cell in found]
        for line, cell in zip(LINES, shown, strict=True):
            if line in curve.ACTUAL and first > today:
                assert cell == {"lv": "vēl nav", "en": "not yet"}[lang]
                continue
            until = min(end, today) if line in curve.ACTUAL else end
            number = sum(bool(due(r, line)) and dates.last(due(r, line)) <= until for r in own)
            joined = {"lv": f"{number} no {len(own)}", "en": f"{number} of {len(own)}"}[lang]
            assert cell == joined, (name, line)


TOLD = {
    "lv": (
        r"Salīdzinājumā ar sākotnējo plānu (\d+) .*? mediāna ir (\S+), lielākā ir (\d+)\.",
        r"laikā paveikti (\d+) no (\d+)",
        r"pierādījums ir (\d+) no (\d+)",
    ),
    "en": (
        r"the (\d+) results .*? original plan: (\S+) in the median, (\d+) at most\.",
        r"(\d+) of (\d+) done in time by the original plan",
        r"(\d+) of (\d+) delivered results have evidence",
    ),
}


WAITING = {
    "lv": r"(\d+) sasniegt\w+ rezultāt\w+ vēl nav pieņemt",
    "en": r"(\d+) delivered results? (?:is|are) not accepted yet",
}


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("lang", ["lv", "en"])
def test_slippage_and_completeness_are_added_again_from_the_files(
    client: Client, lang: str
) -> None:
    own = [
        row for row in table(client, lang, "deliverables")
        if row["active"] == "yes" and row["rung"] not in ("dropped", "not_delivered")
    ]  # fmt: skip
    today, days, done = timezone.localdate(), [], []
    for row in own:
        due = dates.last(row["due_original"])
        if row["delivered_on"] and row["rung"] in LADDER:
            done.append((dates.first(row["delivered_on"]) - due).days)
        elif due < today:
            days.append((today - due).days)
    days += done
    proven = {row["deliverable"] for row in table(client, lang, "evidence")}
    reached = [row["code"] for row in own if row["rung"] in LADDER]

    page = re.sub(r"\s+", " ", get(client, f"/{lang}/projects/demo/"))
    slipped, in_time, evidence = (re.search(pattern, page) for pattern in TOLD[lang])

    assert slipped is not None
    assert in_time is not None
    assert evidence is not None
    median = f"{statistics.median(days):g}".replace(".", {"lv": ",", "en": "."}[lang])
    assert slipped.groups() == (str(len(days)), median.replace("-", "\u2212"), str(max(days)))
    assert in_time.groups() == (str(sum(late <= 0 for late in done)), str(len(done)))
    assert evidence.groups() == (str(sum(code in proven for code in reached)), str(len(reached)))
    waiting = sum(row["rung"] in LADDER[:2] for row in own)
    told = re.search(WAITING[lang], page)
    assert told is not None
    assert told[1] == str(waiting)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((3, 7), "Against the current plan, of 2 results: 5 in the median, 7 at most."),
        ((3,), "Against the current plan, of 1 result: 3."),
    ],
)
def test_each_slippage_says_of_how_many_results_it_is(days: tuple[int, ...], told: str) -> None:
    original = Slippage(3, Decimal("4.0"), 9)
    current = Slippage(len(days), Decimal(sum(days)) / len(days), max(days))
    found = curve.Late(original, current, Share(0, 0))

    with translation.override("en"):
        page = {"lang": "en", "namespace": "public", "at": ""}
        text = render_to_string("public/parts/_slippage.html", {"slippage": found} | page)

    assert "the 3 results that are done or overdue slipped against the original plan: 4 in" in text
    assert told in text


def table(client: Client, lang: str, name: str) -> list[dict[str, str]]:
    content = client.get(f"/{lang}/projects/demo/{name}.csv").content.decode()
    return list(csv.DictReader(io.StringIO(content)))


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_the_first_project_gains_no_curve_and_no_share(client: Client) -> None:
    page = get(client, "/en/projects/ks-14-jb-jh-04/")

    assert 'id="curve"' not in page
    assert "How complete the data are" not in page
    assert "slipped" not in page
