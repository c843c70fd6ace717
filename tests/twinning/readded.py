"""A page as the numbers that it says, and a project's CSV files as the numbers that it should."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from django.test import Client
from django.utils import timezone

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "lv": "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris "
    "novembris decembris",
}
TOKEN = re.compile(
    r"\d{4}-\d\d-\d\d|\d{4}-\d\d(?!\d)|\d{4}-Q\d"  # days, months, quarters
    r"|\b[A-Z]{1,3}\d(?:[\w.]*\w)?"  # codes
    r"|[-+]?\d+(?:\u202f\d{3})*(?:[.,]\d+)?(?:\s%)?"
)
LADDER = ("delivered", "documented", "accepted", "confirmed")
Row = dict[str, str]


def said(text: str, lang: str) -> list[str]:
    """Numbers, dates and codes of a text in order; dates as ISO, numbers as plain decimals."""
    for number, month in enumerate(MONTHS[lang].split(), 1):
        if lang == "lv":
            text = re.sub(rf"(\d{{4}})\. gada {month}\b", rf"\1-{number:02}", text)
            continue
        short = rf"(?:{month}|{month[:3]})"
        day = rf"\b(\d{{1,2}})\s{short}\s(\d{{4}})"
        text = re.sub(day, lambda m, n=number: f"{m[2]}-{n:02}-{int(m[1]):02}", text)  # type: ignore[misc]
        text = re.sub(rf"\b{short}\s(\d{{4}})", rf"\1-{number:02}", text)
    text = re.sub(r"(\d{4})\. g\. (\d)\. cet\.", r"\1-Q\2", text)
    text = re.sub(r"(?<!\d)(\d\d)\.(\d\d)\.(\d{4})\.?", r"\3-\2-\1", text)
    text = text.replace("\u2212", "-")
    return [_plain(token) for token in TOKEN.findall(text)]


def _plain(token: str) -> str:
    number = re.sub(r"[\u202f\s%]", "", token).replace(",", ".")
    if not re.fullmatch(r"[-+]?\d+(\.\d+)?", number):
        return token
    return f"{num(number)}%" if token.endswith("%") else num(number)


def num(value: Any) -> str:
    """A number without the zeros that say nothing."""
    return f"{Decimal(value).normalize():f}"


def euro(value: Any) -> str:
    """Whole EUR, half up."""
    return num(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP))


def share(part: Any, whole: Any) -> str:
    """Per cent with one decimal, half up."""
    percent = Decimal(part) * 100 / Decimal(whole)
    return num(percent.quantize(Decimal("0.1"), ROUND_HALF_UP)) + "%"


def numbers(client: Client, lang: str, page: str = "") -> dict[str, list[str]]:
    """What each section of a page says; a section begins with an h2 and is called by its id."""
    main = shown(client, lang, f"projects/demo/{page}")
    parts = re.split(r"<h2(?: id=\"(\w+)\")?[^>]*>", main)
    named = zip(["top", *parts[1::2]], parts[::2], strict=True)
    return {name: read(part, lang) for name, part in named}


def shown(client: Client, lang: str, address: str) -> str:
    """The markup of what a page is about."""
    answer = client.get(f"/{lang}/{address}").content.decode()
    return answer.split("<main", 1)[1].split("</main>")[0].split(">", 1)[1]


def read(markup: str, lang: str) -> list[str]:
    """The numbers of a piece of a page."""
    return said(plain(markup), lang)


def plain(markup: str) -> str:
    """What a person reads in a piece of a page, without its drawings and its forms."""
    words = re.sub(r"<(svg|form)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", words))


@dataclass
class Files:
    """The CSV files of the project, and what a person with a calculator finds in them."""

    client: Client
    lang: str
    slug: str = "demo"

    def __post_init__(self) -> None:
        self.today = timezone.localdate()
        self._kept: dict[str, list[Row]] = {}

    def table(self, name: str) -> list[Row]:
        if name not in self._kept:
            answer = self.client.get(f"/{self.lang}/projects/{self.slug}/{name}.csv")
            assert answer.status_code == 200, name
            self._kept[name] = list(csv.DictReader(io.StringIO(answer.content.decode())))
        return self._kept[name]

    def text(self, row: Row, name: str = "title") -> list[str]:
        return said(row[f"{name}_{self.lang}"], self.lang)

    @cached_property
    def project(self) -> Row:
        (row,) = self.table("projects")
        return row

    @property
    def runs(self) -> bool:
        return self.project["status"] == "running"

    @property
    def end(self) -> str:
        return self.project["end_current"] or self.project["end_planned"]

    # Results

    @cached_property
    def results(self) -> list[Row]:
        rows = self.table("deliverables")
        return [row for row in rows if row["active"] == "yes" and row["rung"] != "dropped"]

    def reached(self, rung: str, rows: list[Row] | None = None) -> int:
        rungs = LADDER[LADDER.index(rung) :]
        return sum(row["rung"] in rungs for row in (self.results if rows is None else rows))

    def days_late(self, row: Row, name: str) -> int | None:
        """Days after the day due, below zero before it; None where there is nothing to compare."""
        due = row["due_original"] if name == "original" else row["due_current"]
        due = due or row["due_original"]
        if row["rung"] == "not_delivered" or not due:
            return None
        done = row["rung"] in LADDER
        day = dt.date.fromisoformat(row["delivered_on"]) if done else self.today
        return (day - dt.date.fromisoformat(due)).days

    def open(self, row: Row) -> bool:
        return row["rung"] in ("planned", "in_progress", "partially_delivered")

    def overdue(self, rows: Iterable[Row]) -> int:
        return sum(self.open(row) and (self.days_late(row, "current") or 0) > 0 for row in rows)

    def soon(self, row: Row) -> bool:
        late = self.days_late(row, "current")
        return self.open(row) and late is not None and -60 <= late <= 0

    # Expert-days

    def days(self, name: str, rows: list[Row] | None = None) -> int:
        return sum(int(row[name]) for row in (self.table("person_days") if rows is None else rows))

    # Money

    @cached_property
    def entries(self) -> list[Row]:
        """Those that no other one corrects."""
        rows = self.table("budget_entries")
        corrected = {(row["line"], row["corrects"]) for row in rows if row["corrects"]}
        return [row for row in rows if (row["line"], row["code"]) not in corrected]

    def money(self, kind: str, rows: list[Row] | None = None) -> Decimal | None:
        """Their sum in EUR; None where there are none, which is not zero."""
        found = [
            Decimal(row["amount"])
            for row in (self.entries if rows is None else rows)
            if row["kind"] == kind
        ]
        return sum(found, Decimal(0)) if found else None

    def unreported(self, rows: list[Row]) -> Iterator[str]:
        """What is planned and committed of a quarter of which no spending is reported."""
        amounts = (self.money(kind, rows) for kind in ("planned", "committed"))
        yield from (euro(amount) for amount in amounts if amount is not None)

    def row_of_money(self, rows: list[Row], *kinds: str) -> Iterator[str]:
        """Its kinds, what is left, and the share that is spent."""
        planned, spent = self.money("planned", rows), self.money("spent", rows)
        if planned is not None and spent is None and self.money("spent") is not None:
            spent = Decimal(0)  # nothing yet
        for kind in kinds:
            amount = spent if kind == "spent" else self.money(kind, rows)
            yield from [] if amount is None else [euro(amount)]
        yield from [euro((planned or 0) - (spent or 0))] if (planned, spent) != (None, None) else []
        yield from [share(spent, planned)] if planned and spent is not None else []
