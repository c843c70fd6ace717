"""The story of the fictitious project, played through the actions, holds its own rules."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from deliverables.models import Activity, Project, Step, WorkPlan
from experts.ledger import SUMMED
from experts.models import Mission, MissionStep
from experts.querysets import with_ledger
from releases.models import Release
from tests.public.make import get

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Played:
    stage: str
    told: str


def play(stage: str) -> Played:
    told = io.StringIO()
    call_command("seed", stage=stage, stdout=told)
    return Played(stage, told.getvalue())


@pytest.fixture(scope="module", params=["inception", "midterm", "closing"])
def played(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Played]:
    """A stage played once for all tests that read it; each is rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield play(request.param)
        transaction.set_rollback(True)


at = pytest.mark.parametrize
midterm = at("played", ["midterm"], indirect=True)
closing = at("played", ["closing"], indirect=True)
STAGES = {"inception": (1, 18), "midterm": (3, 61), "closing": (3, 70)}  # versions, missions


def test_a_stage_is_played_once_and_adds_up_in_public(client: Client, played: Played) -> None:
    versions, missions = STAGES[played.stage]
    found = io.StringIO()
    with contextlib.suppress(CommandError):  # as years go by, what is planned falls overdue
        call_command("check_data", stdout=found)

    assert "was played before." in play(played.stage).told
    assert f"{missions} missions." in played.told
    told = [
        line
        for line in found.getvalue().splitlines()
        if line.startswith(("error: demo", "warning: demo")) and "has no report" not in line
    ]
    near = "near the limit of 25 %."  # two side letters together, as the story wants it
    to_enter = "the rest is not entered yet."  # days of the quarter that is under way
    assert [line for line in told if near not in line and to_enter not in line] == []
    assert sum(near in line for line in told) == (played.stage != "inception")
    assert sum(to_enter in line for line in told) == (2 if played.stage == "midterm" else 0)
    assert WorkPlan.objects.approved().count() == versions
    assert Mission.objects.count() == missions
    live = with_ledger(Activity.objects.all()).values(*SUMMED)
    document = Release.objects.filter(slug="demo").order_by("-number")[0].document
    sums: dict[str, Any] = {name: sum(row[name] for row in live) for name in SUMMED}
    assert {name: document["totals"]["days"][name] for name in SUMMED} == sums
    for lang in ("lv", "en"):
        rows = table(client, lang, "person_days")
        assert {name: sum(int(row[name]) for row in rows) for name in SUMMED} == sums
    page = get(client, "/en/projects/demo/")
    assert f"{sums['delivered']} of {sums['envelope']} expert-days delivered" in page


@midterm
def test_the_first_project_gains_nothing(client: Client, played: Played) -> None:
    project = Project.objects.get(slug="ks-14-jb-jh-04")
    assert not project.activities.exists()
    page = get(client, "/en/projects/ks-14-jb-jh-04/")
    assert "Work plan" not in page
    assert "Expert-days" not in page
    assert "The clocks of the project" not in page


@midterm
def test_the_stage_that_the_files_describe_is_reached_by_actions(
    client: Client, played: Played
) -> None:
    """Played step by step, the results stand where their files say."""
    document = Release.objects.filter(slug="demo").order_by("-number")[0].document
    path = settings.BASE_DIR / "seed" / "demo" / "deliverables.csv"
    with path.open(encoding="utf-8", newline="") as file:
        told = {row["code"]: row for row in csv.DictReader(file)}
    names = (
        "rung", "due_original", "due_current", "delivered_on", "accepted_on", "adopted_on",
        "reason_en", "note_lv",
    )  # fmt: skip
    for row in document["deliverables"]:
        assert {name: row[name] for name in names} == {
            name: told[row["code"]][name] for name in names
        }, row["code"]
    verbs = Step.objects.filter(deliverable__code="D2.2").order_by("pk").values_list("verb", "by")
    assert [verb for verb, _by in verbs] == ["deliver", "send_back", "deliver", "document"]


@midterm
def test_what_goes_wrong_in_a_project_is_in_its_story(client: Client, played: Played) -> None:
    """A mission is cancelled, a report returned, a visit postponed: each says why."""
    steps = MissionStep.objects.filter(verb__in=("cancel", "send_back")).order_by("pk")
    told = list(steps.values_list("mission__state", "mission__activity__code", "verb"))
    assert sorted(told) == [("cancelled", "A2.4", "cancel"), ("settled", "A1.2", "send_back")]
    assert all(step.reason for step in steps)
    for lang, why in (("lv", "brauciens pārcelts uz 2027. gada martu"), ("en", "visit moves to")):
        page = get(client, f"/{lang}/projects/demo/plan/")
        assert why in page
    rows = {row["code"]: row for row in table(client, "en", "activities")}
    assert (rows["A3.4"]["status"], rows["A3.4"]["started_on"]) == ("postponed", "")
    assert rows["A1.4"]["participants"] == "9"
    assert "Participants: 9 (planned: 10)" in page


def counting(client: Client, lang: str) -> list[dict[str, str]]:
    """The entries of the file that no other one corrects."""
    rows = table(client, lang, "budget")
    corrected = {(row["line"], row["corrects"]) for row in rows if row["corrects"]}
    kept = [row for row in rows if (row["line"], row["code"]) not in corrected]
    assert len(rows) - len(kept) == 1
    return kept


def added(rows: list[dict[str, str]]) -> list[int]:
    """Planned, committed and spent in whole EUR, half up."""
    sums = [
        sum((Decimal(row["amount"]) for row in rows if row["kind"] == kind), Decimal(0))
        for kind in ("planned", "committed", "spent")
    ]
    return [int(amount.quantize(Decimal(1), ROUND_HALF_UP)) for amount in sums]


def quarter(row: dict[str, str]) -> str:
    return f"{row['on'][:4]}-Q{(int(row['on'][5:7]) - 1) // 3 + 1}"


@closing
def test_a_closed_budget_is_added_again_from_its_files(client: Client, played: Played) -> None:
    for lang in ("lv", "en"):
        for by in ("heading", "component", "partner", "quarter"):
            each_part_is_its_rows(client, lang, by)
        what_moved_is_its_rows(client, lang)
        what_each_letter_moved_is_its_row(client, lang)


def each_part_is_its_rows(client: Client, lang: str, by: str) -> None:
    rows = counting(client, lang)
    of = {row["code"]: row for row in table(client, lang, "budget_lines")}
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        key = quarter(row) if by == "quarter" else of[row["line"]][by]
        groups.setdefault(key, []).append(row)

    page = client.get(f"/{lang}/projects/demo/budget/?by={by}").content.decode()
    part = page[page.index('id="sides"') : page.index('id="moved"')]
    shown = re.findall(r"<tr><th scope=\"row\">(.*?)</th>\n(.*?)</tr>", part, re.DOTALL)

    assert len(shown) == len(groups)
    for name, cells in shown:
        named = re.sub("<.*?>", " ", name).split()
        key = next((key for key in groups if key and key in named), "")
        euro = re.findall(r"<td class=\"n\".*?>(.*?)</td>", cells)[:3]
        told = [int(re.sub(r"\D", "", re.sub("<.*?>", "", cell)) or 0) for cell in euro]
        assert told == added(groups[key]), name
    (footer,) = re.findall(r"<tfoot>(.*?)</tfoot>", part, re.DOTALL)
    euro = re.findall(r"<td class=\"n\".*?>(.*?)</td>", footer)[:3]
    assert [int(re.sub(r"\D", "", cell)) for cell in euro] == added(rows)


MOVED = {"lv": "47000EURno230000EUR", "en": "47000EURof230000EUR"}
NEAR = {"lv": "tuvurobežai", "en": "nearthelimit"}


def what_moved_is_its_rows(client: Client, lang: str) -> None:
    lines = {row["code"] for row in table(client, lang, "budget_lines") if row["heading"] == "H2"}
    rows = [row for row in counting(client, lang) if row["line"] in lines]
    changed = [Decimal(row["amount"]) for row in rows if row["change"]]
    first = [Decimal(r["amount"]) for r in rows if r["kind"] == "planned" and not r["change"]]

    page = re.sub(r"\s", "", client.get(f"/{lang}/projects/demo/budget/").content.decode())

    assert (sum(changed), sum(first)) == (Decimal(-47000), Decimal(230000))
    assert MOVED[lang] in page
    assert NEAR[lang] in page


def what_each_letter_moved_is_its_row(client: Client, lang: str) -> None:
    """Before, after and the difference of each amount; the amounts of a line follow each other."""
    page = re.sub(r"\s", "", client.get(f"/{lang}/projects/demo/budget/").content.decode())
    part = page[page.index('id="changes"') : page.index('id="lines"')]
    cells = r"(R\d+)</th><td[^>]*>(\d+)EUR</td><td[^>]*>(\d+)EUR<small>\((.\d+)EUR"
    shown = re.findall(cells, part)
    rows = [row for row in table(client, lang, "contract_moves") if row["line"]]
    assert [(line, int(was), int(now)) for line, was, now, _by in shown] == [
        (row["line"], int(Decimal(row["old_amount"])),
         int(Decimal(row["old_amount"]) + Decimal(row["amount"])))
        for row in rows
    ]  # fmt: skip
    assert [by.replace("\u2212", "-") for *_rest, by in shown] == [
        f"{Decimal(row['amount']):+.0f}" for row in rows
    ]


def table(client: Client, lang: str, name: str) -> list[dict[str, str]]:
    content = client.get(f"/{lang}/projects/demo/{name}.csv").content.decode()
    return list(csv.DictReader(io.StringIO(content)))
