"""The numbers of the other public pages are added again from the CSV files of the project.

As in test_readded.py: the row of the portfolio, each result, the experts, the sources and the data.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client

from deliverables.fields import dates
from tests.playing import Played
from tests.twinning.readded import Files, Row, euro, num, numbers, read, said, share, shown
from tests.twinning.test_readded import heading, stages, timing, told

pytestmark = pytest.mark.django_db


@stages
@told
def test_the_row_of_the_portfolio(client: Client, played: Played, lang: str) -> None:
    files, real = Files(client, lang), Files(client, lang, "ks-14-jb-jh-04")
    top, *entries = re.split(r"<article\b", shown(client, lang, ""))

    assert len(entries) == 2
    stated = ["1", "1"]  # by one project of one
    spent, planned = (Decimal(real.money(kind) or 0) for kind in ("spent", "planned"))
    assert read(top, lang) == [
        "1", "1", str(real.reached("delivered")), str(len(real.results)), *stated,
        *(num((euros / 1_000_000).quantize(Decimal("0.1"))) for euros in (spent, planned)),
        share(spent, planned), *stated, str(len(real.table("experts"))), *stated, "0",
    ]  # fmt: skip
    assert read("<article" + entries[1], lang) == list(summary(files))


def summary(files: Files) -> Iterator[str]:
    yield from heading(files)
    if files.runs:
        first, last = dates.first(files.project["start_actual"]), dates.last(files.end)
        yield from (str(between(first, files.today)), str(between(first, last)))
    else:
        yield from (files.project["start_actual"], files.project["end_actual"])
    delivered, whole = files.reached("delivered"), len(files.results)
    yield from (str(delivered), str(whole), share(delivered, whole))
    spent, planned = files.money("spent"), files.money("planned")
    assert spent
    assert planned
    yield from (euro(spent), euro(planned), share(spent, planned))
    yield from (str(len(files.table("experts"))), *release(files))


def between(first: dt.date, last: dt.date) -> int:
    """How many months are begun: the second one begins a month after the first day."""
    whole = 12 * (last.year - first.year) + last.month - first.month
    return whole + (1 if last.day >= first.day else 0)


def release(files: Files) -> Iterator[str]:
    """Its number, as in the name of each file, and the day on which it was made."""
    answer = files.client.get(f"/{files.lang}/projects/demo/release.json")
    (number,) = re.findall(r"release-(\d+)\.json", answer.headers["Content-Disposition"])
    yield from (number, files.today.isoformat())


@stages
@told
def test_each_result(client: Client, played: Played, lang: str) -> None:
    files = Files(client, lang)
    rows = files.table("deliverables")
    for place, row in enumerate(rows):
        found = numbers(client, lang, f"deliverables/{row['code']}/")
        neighbours = [rows[n]["code"] for n in (place - 1, place + 1) if 0 <= n < len(rows)]

        (part,) = (one for one in files.table("components") if one["number"] == row["component"])
        named = [row["code"], row["component"], *files.text(part)]
        assert found.pop("top") == [*heading(files), *files.text(row), *named]
        assert found.pop("far") == [*on_the_ladder(row), *files.text(row, "reason")]
        assert found.pop("dates") == list(days(files, row))
        assert found.pop("items", []) == list(items(files, row))
        assert found.pop("notes", []) == files.text(row, "note")
        assert found.pop("evidence") == [*evidence(files, row["code"]), *neighbours]
        assert found == {}


def on_the_ladder(row: Row) -> Iterator[str]:
    yield from [row["delivered_on"]] if row["delivered_on"] else []
    accepted = row["rung"] in ("accepted", "confirmed")
    yield from [row["accepted_on"]] if accepted and row["accepted_on"] else []


def days(files: Files, row: Row) -> Iterator[str]:
    shown = ("due_original", "due_current", "delivered_on", "accepted_on")
    for name in shown:
        yield from [row[name]] if row[name] else []
        if name == "due_current":
            yield from moved_too_late(files, row)
    yield from timing(files, row) if row["rung"] != "dropped" else []
    yield from [*files.text(row, "adopted_by"), row["adopted_on"]] if row["adopted_on"] else []


def moved_too_late(files: Files, row: Row) -> Iterator[str]:
    """The last change that moved the due date when that had passed, and its day."""
    signed = {one["code"]: one["signed_on"] for one in files.table("contract_changes")}
    moves = [one for one in files.table("contract_moves") if one["deliverable"] == row["code"]]
    late = [one["change"] for one in moves if signed[one["change"]] > one["old_to_on"] > ""]
    yield from [late[-1], signed[late[-1]]] if late else []


def items(files: Files, row: Row) -> Iterator[str]:
    own = [one for one in files.table("items") if one["deliverable"] == row["code"]]
    yield from files.text(row, "items_intro")
    for one in own:
        yield from (one["code"], *files.text(one))
        for figure in files.table("figures"):
            if (figure["deliverable"], figure["item"]) == (row["code"], one["code"]):
                yield from (figure["value"], *files.text(figure, "label"))
        yield from files.text(one, "note")
    yield from [str(len(own))] if own else []


def evidence(files: Files, code: str) -> Iterator[str]:
    """The documents on one result, or on the project as a whole; none quotes a source."""
    for row in files.table("evidence"):
        if row["deliverable"] == code:
            assert row["kind"] == "link"
            yield from (*files.text(row), *said(row["url"], files.lang))


@stages
@told
def test_the_experts(client: Client, played: Played, lang: str) -> None:
    files = Files(client, lang)
    found = numbers(client, lang, "experts/")

    assert found.pop("top") == heading(files)
    assert found.pop("where") == list(where(files))
    assert found.pop("functions") == list(functions(files))
    assert found.pop("people") == list(people(files))
    assert found == {}


def where(files: Files) -> Iterator[str]:
    """Experts by country, and by institution within it; the most first."""
    rows = files.table("experts")
    yield str(len(rows))
    for country, count in Counter(row["country"] for row in rows).most_common():
        own = Counter(row["institution"] for row in rows if row["country"] == country)
        yield from (str(count), *(str(n) for _body, n in own.most_common()))


def functions(files: Files) -> Iterator[str]:
    for row in files.table("assignments"):
        if row["function"] != "short_term_expert":
            yield from [row["component"]] if row["component"] else []
            yield from (*said(row["expert"], files.lang), *files.text(row, "note"), *time(row))


def people(files: Files) -> Iterator[str]:
    """Each with the times of all functions; a note stands once, below, under its number."""
    notes: list[list[str]] = []
    for expert in files.table("experts"):
        yield from said(expert["code"], files.lang)
        for row in files.table("assignments"):
            if row["expert"] == expert["code"]:
                yield from time(row)
                if row["note_en"]:
                    notes.append(files.text(row, "note"))
                    yield str(len(notes))
    for number, note in enumerate(notes, 1):
        yield from (str(number), *note)


def time(row: Row) -> list[str]:
    return [row[name] for name in ("from_on", "to_on") if row[name]]


@stages
@told
def test_the_sources(client: Client, played: Played, lang: str) -> None:
    files = Files(client, lang)
    found = numbers(client, lang, "about/")

    project = files.project
    assert found.pop("top") == heading(files)
    assert found.pop("project") == [
        token for name in ("reference", "contract_number") for token in said(project[name], lang)
    ]
    for kind, section in {"objective": "objectives", "note": "notes"}.items():
        assert found.pop(section) == list(statements(files, kind))
    partners = files.table("partnerships")
    assert found.pop("partners") == [
        token for row in partners for token in files.text(row, "detail")
    ]
    assert found.pop("lines") == list(evidence(files, ""))
    assert found == {"sources": [], "unknown": []}


def statements(files: Files, kind: str) -> Iterator[str]:
    """What is said, with the title of the document that it cites."""
    cited = {row["code"]: row for row in files.table("evidence")}
    for row in files.table("statements"):
        if row["kind"] == kind:
            yield from files.text(row, "text")
            yield from files.text(cited[row["evidence"]]) if row["evidence"] else []


@stages
@told
def test_the_files_of_the_data_page(client: Client, played: Played, lang: str) -> None:
    files = Files(client, lang)
    markup = shown(client, lang, "projects/demo/data/")
    section = markup.split('id="downloads"')[1].split("</table>")[0]
    listed = re.findall(r"<th scope=\"row\">\s*(\w+)<br>(.*?)</tr>", section, re.DOTALL)

    assert len(listed) > 20
    for table, row in listed:
        content = client.get(f"/{lang}/projects/demo/{table}.csv").content
        size = -(-len(content) // 1000)
        assert re.findall(r"<code>(\w+)</code>", row) == [hashlib.sha256(content).hexdigest()]
        cells = re.findall(r"<td class=\"n\".*?</td>", row, re.DOTALL)
        numbers_ = [read(cell, lang) for cell in cells]
        assert numbers_ == [[str(len(files.table(table)))], [str(size)]], table
