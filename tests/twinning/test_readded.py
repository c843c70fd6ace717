"""Every number that a running project shows in public is added again from its CSV files.

Section by section and in both languages: the numbers of a page, in their order, are exactly those
that a person with a calculator finds in the files. So no number can be added to a page, no
percentage can lose its "n of m", and no sum can be wrong without a failure here.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pytest
from django.test import Client

from deliverables.fields import dates
from tests.playing import Played
from tests.twinning.readded import Files, Row, euro, num, numbers, said, share

pytestmark = pytest.mark.django_db
told = pytest.mark.parametrize("lang", ["lv", "en"])
stages = pytest.mark.parametrize("played", ["midterm", "closing"], indirect=True)


@stages
@told
def test_the_overview(client: Client, played: Played, lang: str) -> None:
    files = Files(client, lang)
    found = numbers(client, lang)

    assert found.pop("top") == [*heading(files), str(len(files.table("experts")))]
    assert found.pop("clocks") == [*verdict(files), *clocks(files)]
    assert found.pop("details") == list(details(files))
    assert found.pop("components") == list(components(files))
    assert found.pop("curve") == list(curve(files))
    assert found.pop("indicators") == list(indicators(files))
    assert found.pop("next", []) == list(overdue_or_soon(files))
    assert found == {"partners": [], "unknown": []}


def heading(files: Files) -> list[str]:
    return [*said(files.project["reference"], files.lang), *files.text(files.project)]


def verdict(files: Files) -> list[str]:
    late = files.overdue(files.results) if files.runs else 0
    counts = [files.reached("accepted"), len(files.results), *([late] if late else [])]
    return [str(count) for count in counts]


def clocks(files: Files) -> Iterator[str]:
    shown = dict(parts(files))
    if files.runs and (behind := points(shown["time"]) - points(shown["results"])):
        yield num(abs(behind))
    yield from ("0", "50", "100%")
    if not files.runs:
        yield from (files.project["start_actual"], files.project["end_actual"] or files.end)
    reported = min(max(dates.last(row["on"]) for row in spendings(files)), files.today)
    for key, (part, whole) in shown.items():
        on = reported if key == "money" else files.today
        yield from (share(part, whole), euro(part), euro(whole), on.isoformat())
        yield from [share(*passed(files, on))] if files.runs and on < files.today else []


def parts(files: Files) -> Iterator[tuple[str, tuple[Decimal, Decimal]]]:
    """The clocks of the project, each with part and whole."""
    if files.runs:
        yield "time", passed(files, files.today)
    yield "results", (Decimal(files.reached("accepted")), Decimal(len(files.results)))
    yield "days", (Decimal(files.days("delivered")), Decimal(files.days("envelope")))
    spent, planned = files.money("spent"), files.money("planned")
    assert spent
    assert planned
    yield "money", (spent, planned)


def passed(files: Files, day: dt.date) -> tuple[Decimal, Decimal]:
    """The days of the project until a day, and all of them."""
    first, last = dates.first(files.project["start_actual"]), dates.last(files.end)
    begun, whole = (day - first).days + 1, (last - first).days + 1
    return Decimal(min(begun, whole)), Decimal(whole)


def spendings(files: Files) -> list[Row]:
    return [row for row in files.entries if row["kind"] == "spent"]


def points(pair: tuple[Decimal, Decimal]) -> Decimal:
    return Decimal(share(*pair).rstrip("%"))


def pace(files: Files) -> Iterator[str]:
    """The month in which the days run out, if they go on as until today."""
    first = dates.first(files.project["start_actual"])
    passed = Decimal((files.today - first).days + 1)
    left = files.days("envelope") - files.days("delivered")
    if files.runs and left > 0:
        needed = left / (files.days("delivered") / passed)
        day = files.today + dt.timedelta(-int(-needed // 1))
        yield f"{day:%Y-%m}"


def details(files: Files) -> Iterator[str]:
    whole, delivered = len(files.results), files.reached("delivered")
    yield from (str(delivered), str(whole), share(delivered, whole))
    yield from (str(files.reached("documented")), str(files.reached("confirmed")))
    dropped = sum(row["rung"] == "dropped" for row in files.table("deliverables"))
    yield from [str(dropped)] if dropped else []
    waiting = delivered - files.reached("accepted")
    yield from [str(waiting)] if waiting else []
    for row in files.results:
        if row["adopted_by_en"]:
            yield from (row["code"], *files.text(row, "adopted_by"))
            yield from [row["adopted_on"]] if row["adopted_on"] else []
    for row in files.table("components"):
        late = files.overdue(of_component(files.results, row["number"])) if files.runs else 0
        yield from [row["number"], str(late)] if late else []
    for plan in ("current", "original"):
        yield str(sum((files.days_late(row, plan) or 0) > 0 for row in files.results))
    soon = str(sum(files.soon(row) for row in files.results))
    yield from (soon, "60") if files.lang == "en" else ("60", soon)
    shown = ("start_actual", "end_actual", "start_planned", "end_planned", "end_current")
    yield from (files.project[name] for name in shown if files.project[name])
    yield from pace(files)
    yield from experts(files)
    spent, planned = files.money("spent"), files.money("planned")
    assert spent
    assert planned
    yield euro(planned - spent)
    yield from completeness(files)


def experts(files: Files) -> Iterator[str]:
    rows = files.table("experts")
    for name in ("country", "institution"):
        yield from (str(n) for _key, n in Counter(row[name] for row in rows).most_common())


def completeness(files: Files) -> Iterator[str]:
    proven = {row["deliverable"] for row in files.table("evidence")}
    reached = [row for row in files.results if files.reached("delivered", [row])]
    dated = [row for row in files.results if row["due_original"] or row["due_current"]]
    for part, whole in (
        (sum(row["code"] in proven for row in reached), len(reached)),
        (len(dated), len(files.results)),
    ):
        yield from (str(part), str(whole), share(part, whole))
    yield files.today.isoformat()


def of_component(rows: Iterable[Row], number: str) -> list[Row]:
    return [row for row in rows if row["component"] == number]


def components(files: Files) -> Iterator[str]:
    yield from undelivered(files)
    for row in files.table("components"):
        own = of_component(files.results, row["number"])
        yield from (row["number"], *files.text(row))
        yield from (str(files.reached("delivered", own)), str(len(own)))
        yield from (str(files.reached(rung, own)) for rung in ("documented", "accepted"))
        yield str(files.overdue(own))
    yield from legend(files.results)


def undelivered(files: Files) -> Iterator[str]:
    """The finding: how many are left, and the one component that has most of them."""
    left = []
    for row in files.table("components"):
        own = of_component(files.results, row["number"])
        left.append((len(own) - files.reached("delivered", own), row["number"]))
    if total := sum(count for count, _number in left):
        yield from (str(total), str(len(files.results)))
        first, second, *_rest = sorted(left, key=lambda pair: -pair[0])
        yield from [first[1], str(first[0])] if 0 < second[0] < first[0] else []


def legend(rows: Iterable[Row]) -> Iterator[str]:
    """The highest rung first, the side exits after it."""
    order = (
        "confirmed", "accepted", "documented", "delivered", "partially_delivered", "in_progress",
        "planned", "not_delivered",
    )  # fmt: skip
    counted = Counter(row["rung"] for row in rows)
    yield from (str(counted[rung]) for rung in order if counted[rung])


def curve(files: Files) -> Iterator[str]:
    """Names of the quarters, counts at their ends (tests/public/test_curve.py), and slippage."""
    whole = str(len(files.results))
    lines = [[on for row in files.results if (on := dated(row, line))] for line in LINES]
    first = dates.first(files.project["start_actual"] or files.project["start_planned"])
    last = max(dates.last(one) for line in lines for one in line)
    names: list[tuple[dt.date, str]] = []
    while first <= last:
        names.append((first, f"{first.year}-Q{(first.month + 2) // 3}"))
        first = following(first)
    done, due = (sum(dates.last(on) <= files.today for on in lines[n]) for n in (2, 0))
    yield from (files.today.isoformat(), str(done), whole, str(due))
    for day, name in names:
        yield name
        end = following(day) - dt.timedelta(1)
        for line, known in zip(LINES, lines, strict=True):
            actual = line in ("delivered", "accepted")
            if not actual or day <= files.today:
                until = min(end, files.today) if actual else end
                yield from (str(sum(dates.last(one) <= until for one in known)), whole)
    yield from slippage(files)


LINES = ("original", "current", "delivered", "accepted")


def following(day: dt.date) -> dt.date:
    """The first day of the next quarter."""
    month = 3 * ((day.month - 1) // 3) + 4
    return dt.date(day.year + (month > 12), month - 12 * (month > 12), 1)


def dated(row: Row, line: str) -> str:
    if line in ("original", "current"):
        return (
            row["due_original"] if line == "original" else row["due_current"] or row["due_original"]
        )
    ladder = ("delivered", "documented", "accepted", "confirmed")
    return row[f"{line}_on"] if row["rung"] in ladder[ladder.index(line) :] else ""


def slippage(files: Files) -> Iterator[str]:
    done = [row for row in files.results if not files.open(row)]
    for plan in ("original", "current"):
        all_ = {row["code"]: files.days_late(row, plan) for row in files.results}
        known = {code: days for code, days in all_.items() if days is not None}
        ended = {row["code"] for row in done}
        days = [days for code, days in known.items() if code in ended or days > 0]
        yield str(len(days))
        yield from (num(Decimal(str(statistics.median(days)))), str(max(days)))
    kept = [row for row in done if files.days_late(row, "original") is not None]
    in_time = sum((files.days_late(row, "original") or 0) <= 0 for row in kept)
    yield from (str(in_time), str(len(kept)), share(in_time, len(kept)))


def indicators(files: Files) -> Iterator[str]:
    """The newest value of each, its way, and baseline, value and target with their days."""
    for row in files.table("indicators"):
        values = [one for one in files.table("measurements") if one["indicator"] == row["code"]]
        now = max(values, key=lambda one: one["on"], default=None)
        yield from (row["code"], *files.text(row), *(files.text(now, "source") if now else []))
        yield from way(row, now)
        yield from measured(files, row, "baseline", row["unit"])
        yield from [row["baseline_on"]] if row["baseline_on"] else []
        if now:
            yield from measured(files, now, "value", row["unit"]) if now["applies"] == "yes" else []
            yield now["on"]
        yield from measured(files, row, "target", row["unit"])
        yield from [row["target_on"]] if row["target_on"] else []


def way(row: Row, now: Row | None) -> Iterator[str]:
    if now and now["value"] and row["unit"] in ("number", "percent"):
        part = Decimal(now["value"]) - Decimal(row["baseline"])
        whole = Decimal(row["target"]) - Decimal(row["baseline"])
        yield from (share(part, whole), num(part), num(whole))


def measured(files: Files, row: Row, name: str, unit: str) -> Iterator[str]:
    if unit == "text":
        yield from files.text(row, {"value": "words"}.get(name, name))
    elif unit != "yes_no" and row[name]:
        yield num(row[name]) + ("%" if unit == "percent" else "")


def overdue_or_soon(files: Files) -> Iterator[str]:
    rows = [row for row in files.results if files.overdue([row]) or files.soon(row)]
    yield from ["60"] if rows else []  # the heading says within how many days
    for row in sorted(rows, key=lambda row: (dated(row, "current"), row["code"]))[:8]:
        yield from result(files, row)


def timing(files: Files, row: Row) -> Iterator[str]:
    late, first = files.days_late(row, "current"), files.days_late(row, "original")
    if late and (late > 0 or files.open(row)):
        yield str(abs(late))
    if first and first != late and first > 0:
        yield str(first)


@stages
@told
def test_the_components_and_the_list_of_results(client: Client, played: Played, lang: str) -> None:
    files = Files(client, lang)
    for row in files.table("components"):
        found = numbers(client, lang, f"components/{row['number']}/")
        own = of_component(files.results, row["number"])
        named = [*said(files.project["reference"], lang), row["number"], *files.text(row)]
        leads = [one for one in files.table("assignments") if one["component"] == row["number"]]
        leads = [one for one in leads if one["function"] != "short_term_expert"]
        assert found["top"] == [
            *named, str(files.reached("delivered", own)), str(len(own)),
            *(str(files.reached(rung, own)) for rung in ("documented", "accepted")),
            *legend(own), *(token for one in leads for token in said(one["expert"], lang)),
        ]  # fmt: skip
        assert found["results"] == [
            token for one in own for token in (one["code"], *files.text(one))
        ]
    (page,) = numbers(client, lang, "deliverables/").values()
    listed = [token for row in files.results for token in result(files, row)]
    uncounted = len(files.table("deliverables")) - len(files.results)
    assert page[-len(listed) - 2 :] == [str(len(files.results)), str(uncounted), *listed]


def result(files: Files, row: Row) -> Iterator[str]:
    yield from (row["code"], *files.text(row), dated(row, "current"))
    if row["due_current"] and row["due_current"] != row["due_original"]:
        yield row["due_original"]
    yield from timing(files, row)
