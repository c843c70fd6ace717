"""The numbers of the public plan and budget are added again from their CSV files.

As in test_readded.py: section by section, in both languages, in their order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.playing import Played
from tests.twinning.readded import Files, Row, euro, num, numbers, share
from tests.twinning.test_readded import following, heading, of_component, pace, stages, told

pytestmark = pytest.mark.django_db


@stages
@told
def test_the_plan(client: Client, played: Played, lang: str) -> None:
    files = Files(client, lang)
    found = numbers(client, lang, "plan/")

    assert found.pop("top") == [*heading(files), *days_of_all(files)]
    assert found.pop("activities") == list(activities(files))
    assert found.pop("versions") == list(versions(files))
    assert found == {}


def days_of_all(files: Files) -> Iterator[str]:
    envelope, contract = files.days("envelope"), files.days("contract")
    for name in ("delivered", "accepted"):
        given = (str(files.days(name)), str(envelope), share(files.days(name), envelope))
        yield from given
    yield from (str(files.days("planned_days")), str(envelope - files.days("planned_days")))
    yield from [str(contract)] if contract != envelope else []
    yield from pace(files)


def activities(files: Files) -> Iterator[str]:
    lines = files.table("planned_activities")
    yield from quarters(lines)
    newest = max(files.table("work_plans"), key=lambda row: (row["approved_on"], row["code"]))
    first = {row["activity"]: row for row in lines if row["plan"] == "P1"}
    now = {row["activity"]: row for row in lines if row["plan"] == newest["code"]}
    days = {row["activity"]: row for row in files.table("person_days")}
    for component in files.table("components"):
        own = of_component(files.table("activities"), component["number"])
        yield from (component["number"], *files.text(component))
        yield from delivered(files, [days[row["code"]] for row in own])
        for row in own:
            yield from activity(files, row, first[row["code"]], now[row["code"]])
            moved = first[row["code"]]["days"] != now[row["code"]]["days"]
            in_contract = first[row["code"]]["days"] if moved else ""
            yield from delivered(files, [days[row["code"]]], in_contract)


def activity(files: Files, row: Row, first: Row, now: Row) -> Iterator[str]:
    yield from (row["code"], *files.text(row))
    serves = [one for one in files.table("activity_deliverables") if one["activity"] == row["code"]]
    yield from (one["deliverable"] for one in serves)
    yield from files.text(row, "reason")
    yield from (now["from_on"], now["to_on"])
    if (first["from_on"], first["to_on"]) != (now["from_on"], now["to_on"]):
        yield from (first["from_on"], first["to_on"])
    actual = (row["started_on"] or now["from_on"], row["ended_on"] or now["to_on"])
    if actual != (now["from_on"], now["to_on"]):
        yield from (row[name] for name in ("started_on", "ended_on") if row[name])
    yield from (one["participants"] for one in (row, now) if one["participants"])


def delivered(files: Files, rows: list[Row], contract: str = "") -> Iterator[str]:
    whole = files.days("envelope", rows)
    if whole:
        yield from (str(files.days("delivered", rows)), str(whole))
        yield from [contract] if contract else []
        yield str(whole - files.days("planned_days", rows))


def quarters(lines: list[Row]) -> Iterator[str]:
    day = min(row["from_on"] for row in lines)
    last = max(row["to_on"] for row in lines)
    while day <= last:
        yield f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"
        day = following(dt.date.fromisoformat(day)).isoformat()


def versions(files: Files) -> Iterator[str]:
    for row in files.table("work_plans"):
        yield from (row["code"], row["approved_on"], *files.text(row, "note"))


@stages
@told
def test_the_budget(client: Client, played: Played, lang: str) -> None:
    files = Files(client, lang)
    for by in ("heading", "component", "partner", "quarter"):
        found = numbers(client, lang, f"budget/?by={by}")
        assert found.pop("top") == [*heading(files), *absorption(files)]
        assert found.pop("sides") == list(sides(files, by))
        assert found.pop("moved") == list(moved(files))
        assert found.pop("changes") == list(changes(files))
        assert found.pop("lines") == list(lines(files))
        assert found.pop("entries") == list(entries(files, 0))
        assert found == {}
    pages = -(-len(files.table("budget_entries")) // 25)
    last = numbers(client, lang, f"budget/?entries={pages}")
    assert last["entries"] == list(entries(files, pages - 1))


def absorption(files: Files) -> Iterator[str]:
    spent, planned = files.money("spent"), files.money("planned")
    assert spent
    assert planned
    yield from (euro(spent), euro(planned), share(spent, planned))
    first = sum(Decimal(row["amount"]) for row in planned_first(files.entries))
    yield from [euro(first), euro(planned)] if first != planned else []
    yield from (euro(files.money(kind)) for kind in ("committed", "forecast"))


def planned_first(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["kind"] == "planned" and not row["change"]]


def sides(files: Files, by: str) -> Iterator[str]:
    """Each group with its sums, in the order of the rows that name the groups; none comes last."""
    of = {row["code"]: row for row in files.table("budget_lines")}
    groups: dict[str, list[Row]] = {}
    for row in files.entries:
        groups.setdefault(quarter(row) if by == "quarter" else of[row["line"]][by], []).append(row)
    kinds = ("planned", "committed", "spent")
    yield from most_spent(groups) if by == "quarter" else ()
    for key, named in names(files, by, groups):
        if key in groups:
            own = groups.pop(key)
            reported = by != "quarter" or not key or any(row["kind"] == "spent" for row in own)
            sums = files.row_of_money(own, *kinds) if reported else files.unreported(own)
            yield from (*named, *sums)
    assert not groups
    yield from files.row_of_money(files.entries, *kinds)


def most_spent(groups: dict[str, list[Row]]) -> Iterator[str]:
    """The finding: the quarter with most spent, and how many went beyond their plan."""

    def total(key: str, kind: str) -> Decimal:
        return sum((Decimal(r["amount"]) for r in groups[key] if r["kind"] == kind), Decimal(0))

    named = [key for key in groups if key]
    most = max(named, key=lambda key: total(key, "spent"))
    over = sum(total(key, "spent") > total(key, "planned") for key in named)
    yield from (most, euro(total(most, "spent")), *([str(over)] if over else []))


def names(files: Files, by: str, groups: Any) -> Iterator[tuple[str, list[str]]]:
    if by == "quarter":
        yield from ((key, [key]) for key in sorted(groups))
        return
    table = {"heading": "budget_headings", "component": "components", "partner": "partnerships"}
    for row in files.table(table[by]):
        key = row["number" if by == "component" else "code"]
        yield key, [key] if by == "partner" else [key, *files.text(row)]
    yield "", []


def quarter(row: Row) -> str:
    return f"{row['on'][:4]}-Q{(int(row['on'][5:7]) + 2) // 3}"


def moved(files: Files) -> Iterator[str]:
    """Against the contract as first signed; no addendum signed it anew."""
    assert {row["kind"] for row in files.table("contract_changes")} == {"side_letter"}
    (rules,) = files.table("rulesets")
    yield num(rules["reallocation_limit"]) + "%"
    of = {row["code"]: row["heading"] for row in files.table("budget_lines")}
    for one in files.table("budget_headings"):
        rows = [row for row in files.entries if of[row["line"]] == one["code"]]
        first = sum(Decimal(row["amount"]) for row in planned_first(rows))
        by = sum(Decimal(row["amount"]) for row in rows if row["change"])
        yield from (one["code"], *files.text(one), euro(first), euro(first))
        yield from (euro(first + by), euro(abs(by)), euro(first), share(abs(by), first))


def changes(files: Files) -> Iterator[str]:
    for row in files.table("contract_changes"):
        yield from (row["code"], row["signed_on"], *files.text(row, "reason"))
        for move in files.table("contract_moves"):
            if move["change"] == row["code"]:
                yield from change(move)


def change(move: Row) -> Iterator[str]:
    """What it names, how it was and how it is."""
    yield from [move["line"] or move["activity"] or move["deliverable"]]
    if move["line"]:
        was, by = Decimal(move["old_amount"]), Decimal(move["amount"])
        yield from (euro(was), euro(was + by), euro(by))
        return
    for side in ("old_", ""):
        yield from (move[side + name] for name in ("from_on", "to_on", "days") if move[side + name])


def lines(files: Files) -> Iterator[str]:
    for row in files.table("budget_lines"):
        yield from (row["code"], *files.text(row), *files.text(row, "note"))
        own = [one for one in files.entries if one["line"] == row["code"]]
        yield from files.row_of_money(own, "planned", "spent")
    yield from files.row_of_money(files.entries, "planned", "spent")


def entries(files: Files, page: int) -> Iterator[str]:
    rows = files.table("budget_entries")
    cited = {row["code"]: row for row in files.table("evidence")}
    shown = rows[25 * page : 25 * page + 25]
    corrected = {(row["line"], row["corrects"]) for row in rows if row["corrects"]}
    for row in shown:
        yield from (row["line"], row["code"])
        if (row["line"], row["code"]) not in corrected and (row["corrects"] or row["change"]):
            yield row["corrects"] or row["change"]
        yield from files.text(cited[row["evidence"]]) if row["evidence"] else []
        yield from (*files.text(row, "note"), euro(row["amount"]), row["on"])
    yield from (str(25 * page + 1), str(25 * page + len(shown)), str(len(rows)))
