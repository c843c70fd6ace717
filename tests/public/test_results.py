from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
from typing import Any

import pytest
from django.test import Client

from public import results
from public.http.refusals import NotThere
from public.pages.component import component
from public.pages.deliverable import deliverable, ladder
from public.pages.results import deliverables
from public.templatetags.register import as_printed
from releases.reading.reading import Reading
from tests.public.make import get, make_released

TODAY = dt.date(2026, 3, 31)
NO_DATES = dict.fromkeys(
    ("due_original", "due_current", "delivered_on", "accepted_on", "adopted_on"), ""
)


def row(code: str = "D1.1", **given: Any) -> dict[str, Any]:
    plain = {
        "code": code, "component": 1, "kind": "mandatory_result", "rung": "planned",
        "active": True, "parent": "", "entered_from": "",
        "title_lv": f"Rokasgrāmata {code}", "title_en": f"Handbook {code}",
    }  # fmt: skip
    return plain | NO_DATES | given


def reading(*rows: dict[str, Any], basis: str = "contract", **tables: Any) -> Reading:
    empty: Any = {
        "items": [], "figures": [], "evidence": [], "terms": [], "sources": [],
        "contract_changes": [], "contract_moves": [],
    }  # fmt: skip
    project = {"reference": "TW 1", "results_basis": basis}
    components = [{"number": number} for number in (0, 1, 2)]
    document = {"project": project, "components": components, "deliverables": list(rows)}
    return Reading(empty | document | tables, "", 1, None, TODAY, {})


def codes(found: dict[str, Any]) -> list[str]:
    return [result.row["code"] for result in found["list"]]


@pytest.mark.parametrize(
    ("rung", "basis", "due", "delivery", "acceptance"),
    [
        ("planned", "contract", "not_planned", "not_yet", "not_yet"),
        ("delivered", "contract", "not_planned", "not_stated", "not_yet"),
        ("delivered", "published", "not_stated", "not_stated", "not_stated"),
        ("accepted", "contract", "not_planned", "not_stated", "not_stated"),
        ("dropped", "contract", "not_planned", "does_not_apply", "does_not_apply"),
        ("partially_delivered", "contract", "not_planned", "not_stated", "does_not_apply"),
    ],
)
def test_a_missing_date_says_why_it_is_missing(
    rung: str, basis: str, due: str, delivery: str, acceptance: str
) -> None:
    (result,) = results.of(reading(row(rung=rung), basis=basis))
    assert (result.no_due, result.no_delivery, result.no_acceptance) == (due, delivery, acceptance)


def test_lateness_is_told_against_both_plans() -> None:
    overdue = row("D1", due_original="2026-01-31", due_current="2026-03-01")
    moved = row("D2", due_original="2026-02", due_current="2026-05-30")
    done = row("D3", due_original="2026-01-31", rung="delivered", delivered_on="2026-02-10")
    far = row("D4", due_original="2026-06-01")
    kinds = {
        name: codes(deliverables(reading(overdue, moved, done, far), {"late": name}))
        for name in results.LATE
    }
    assert kinds == {
        "now": ["D1"],
        "current": ["D1", "D3"],
        "original": ["D1", "D2", "D3"],
        "soon": ["D2"],
    }


def test_a_due_date_that_was_moved_after_it_had_passed_is_marked() -> None:
    signed = [
        {"code": "SL1", "signed_on": "2026-02-28"},
        {"code": "SL2", "signed_on": "2026-03-01"},
    ]
    moves = [
        {"change": "SL1", "deliverable": "D1", "old_to_on": "2026-02", "to_on": "2026-05-30"},
        {"change": "SL2", "deliverable": "D2", "old_to_on": "2026-02", "to_on": "2026-05-30"},
        {"change": "SL2", "deliverable": "D3", "old_to_on": "", "to_on": "2026-05-30"},
        {"change": "SL2", "deliverable": "", "old_to_on": "2026-01-01", "to_on": "2026-05-30"},
    ]
    rows = (row("D1"), row("D2"), row("D3"))
    known = results.of(reading(*rows, contract_changes=signed, contract_moves=moves))
    assert [result.moved and result.moved["code"] for result in known] == [None, "SL2", None]


def test_the_list_counts_what_the_figures_count() -> None:
    everything = reading(row("D1"), row("D2", rung="dropped"), row("D3", active=False))
    found = deliverables(everything, {})
    assert (codes(found), found["whole"], found["uncounted"]) == (["D1"], 1, 2)
    assert codes(deliverables(everything, {"counted": "no"})) == ["D2", "D3"]
    assert codes(deliverables(everything, {"rung": "dropped"})) == ["D2"]


def test_filters_and_search_narrow_the_list_together() -> None:
    everything = reading(
        row("D0.1", component=0),
        row("D1.1", rung="accepted"),
        row("D1.2", title_lv="Mērķsadarbība"),
        items=[{"deliverable": "D1.1", "code": "D1.1.1", "title_lv": "Šķēde", "title_en": ""}],
    )

    def asked(**query: str) -> list[str]:
        return codes(deliverables(everything, query))

    assert asked(component="0") == ["D0.1"]
    assert asked(component="1", rung="accepted") == ["D1.1"]
    assert asked(q="MERKSADARB") == ["D1.2"]
    assert asked(q="skede") == ["D1.1"]
    assert asked(q="d1.1.1", component="0") == []


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_the_file_of_a_filtered_list_has_its_rows_and_names_its_filters(client: Client) -> None:
    here = "/en/projects/demo/deliverables"
    filters = "component=1&rung=&late=&q=food+law"
    page = client.get(f"{here}/?{filters}").content.decode()
    link = re.search(r'href="([^"]*deliverables\.csv[^"]*)">CSV of these rows<', page)
    assert link is not None
    answer = client.get(html.unescape(link[1]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    listed = re.findall(r'<td class="code">([^<]+)</td>', page)
    assert [row["code"] for row in rows] == listed
    assert 0 < len(rows) < 13
    assert "_component-1_q-food-law.csv" in answer.headers["Content-Disposition"]
    whole = client.get(f"{here}.csv")
    assert 'deliverables_release-1.csv"' in whole.headers["Content-Disposition"]
    assert len(list(csv.DictReader(io.StringIO(whole.content.decode())))) == 14
    assert client.get(f"{here}.csv?component=9").status_code == 400


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_evidence_of_an_item_stands_once_and_quotes_have_no_marks(client: Client) -> None:
    page = client.get("/lv/projects/ks-14-jb-jh-04/deliverables/D1.2/").content.decode()
    assert page.count("uzturēšanās atļauju izsniegšana") == 1
    assert "PMLP, 33. rinda" in " ".join(page.split())
    assert re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", page) == [
        "Izstrādāti administratīvie norādījumi un noteikumi saskaņā ar ES standartiem šādās jomās:"
    ]
    assert as_printed("- *a* <b> *c*;") == "<em>a</em> &lt;b&gt; <em>c</em>;"


def test_the_ladder_has_passed_steps_one_here_and_steps_ahead() -> None:
    (result,) = results.of(reading(row(rung="documented", delivered_on="2026-01")))
    steps = [(step.rung, step.state, step.on, step.absent) for step in ladder(result)]
    assert steps == [
        ("planned", "passed", "", ""),
        ("in_progress", "passed", "", ""),
        ("delivered", "passed", "2026-01", "not_stated"),
        ("documented", "here", "", ""),
        ("accepted", "ahead", "", "not_yet"),
        ("confirmed", "ahead", "", "not_yet"),
    ]


def test_a_side_exit_stands_where_the_ladder_was_left() -> None:
    (result,) = results.of(reading(row(rung="not_delivered")))
    steps = ladder(result)
    assert [step.rung for step in steps][:2] == ["planned", "not_delivered"]
    assert {step.absent for step in steps if step.state == "ahead"} == {"does_not_apply"}


def test_a_result_knows_its_neighbours_and_only_its_own_evidence() -> None:
    proofs = [{"deliverable": "D2", "code": "E1"}, {"deliverable": "D1", "code": "E2"}]
    found = deliverable(reading(row("D1"), row("D2"), evidence=proofs), "D2", {})
    assert (found["before"], found["after"]) == ("D1", None)
    assert list(found["list"]) == [proofs[0]]


@pytest.mark.parametrize("code", ["D9", "d1", "\0", "D1 "])
def test_a_code_that_is_not_there_is_refused(code: str) -> None:
    with pytest.raises(NotThere, match="TW 1 has no result with the code"):
        deliverable(reading(row("D1")), code, {})


def test_component_zero_is_a_component() -> None:
    count = {"number": 0, "whole": 1, "by_rung": {"planned": 1}}
    leader = {"component": 0, "function": "component_leader", "code": "A1"}
    found = component(
        reading(
            row("D0.1", component=0),
            row("D1.1"),
            totals={"components": [count]},
            assignments=[leader, {"component": "", "function": "rta", "code": "A2"}],
            titles=[{"component": ""}],
        ),
        "0",
        {},
    )
    assert codes(found) == ["D0.1"]
    assert (found["roles"], found["led"], found["titles"]) == ([leader], True, [])
    assert found["legend"] == [("planned", 1)]


@pytest.mark.django_db
def test_a_list_of_one_result_says_so(client: Client) -> None:
    make_released(1)
    text = get(client, "/en/projects/tw-1/deliverables/?late=soon")
    assert "0 of 1 result matches." in text
    assert "1 of 1 result has a due date (100 %)" in get(client, "/en/projects/tw-1/")


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize(
    ("lang", "late"),
    [
        ("en", r"the rest is \d+ days? late"),
        ("lv", r"pārējais kavējas \d+ (?:diena|dienas|dienu)\b"),
    ],
)
def test_a_result_delivered_in_part_is_late_until_the_rest_is_there(
    client: Client, lang: str, late: str
) -> None:
    """D2.4 of the sample came by its date in part; nothing else did."""
    for listed in ("deliverables/", "deliverables/?late=now", "deliverables/?late=current", ""):
        text = get(client, f"/{lang}/projects/demo/{listed}")
        assert len(re.findall(late, text)) == 1, listed
    assert re.search(late, get(client, f"/{lang}/projects/demo/deliverables/D2.4/"))
