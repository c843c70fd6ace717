"""docs/queries.csv has a query for pandas and one for DuckDB for each figure of the public pages.

Each is run over the released files of the fictitious project. What both give has to be one thing,
and the numbers of the pages, without the texts and codes that stand in the rows, have to be among
what the queries of their page give. (That no number comes onto a page unnoticed: test_readded.py.)
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from django.test import Client
from django.utils import timezone

from releases.document.tables import DOWNLOADS
from releases.reading.issued_files import QUERIES
from tests.playing import Played
from tests.twinning.readded import Files, num, plain, said, shown
from tests.twinning.test_readded import stages

pytestmark = pytest.mark.django_db
PLACES = {"EUR": "1", "%": "0.1"}
# What a page says beside its figures: ends of a scale, days that are soon, places in a list.
BESIDE = {"overview": {"0", "50", "100%", "60"}, "budget": {"1", "25", "26", "50", "51"}}


@dataclass(frozen=True)
class Query:
    """A row of the file: what two ways to ask give, on which pages."""

    part_en: str
    part_lv: str
    figure_en: str
    figure_lv: str
    pages: str
    running: str
    unit: str
    pandas: str
    duckdb: str

    def values(self, files: Asked) -> list[str]:
        """Numbers and days; both ways have to agree."""
        first, second = (sorted(map(told, found)) for found in files.ask(self))
        assert first == second, self.figure_en
        return first

    def written(self, value: str) -> set[str]:
        """As pages write it."""
        if re.match(r"\d{4}-\d\d-", value):
            return {value, value[:7]}
        number = Decimal(value)
        if self.unit in PLACES:
            number = number.quantize(Decimal(PLACES[self.unit]), ROUND_HALF_UP)
        shown = num(number)
        return {f"{shown}%"} if self.unit == "%" else {shown, f"{shown}%"} if self.unit else {shown}


def queries() -> list[Query]:
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return [Query(**row) for row in csv.DictReader(file)]


class Asked:
    """The files of a project in a folder, to be asked in two ways."""

    def __init__(self, folder: Path, day: Any) -> None:
        self.day, self.base = pd.Timestamp(day), duckdb.connect()
        self.tables = {path.stem: pd.read_csv(path) for path in folder.glob("*.csv")}
        self.base.execute(f"SET file_search_path = '{folder}'")
        self.base.execute(f"SET VARIABLE day = DATE '{day}'")

    def ask(self, query: Query) -> Iterator[list[Any]]:
        space = {"t": lambda name: self.tables[name].copy(), "pd": pd, "day": self.day}
        found: Any = eval(query.pandas, space)  # noqa: S307 - a row of our own file
        if isinstance(found, pd.Series | pd.DataFrame):
            named = found.index.names[0] is not None
            keyed = found.reset_index() if named else pd.DataFrame(found)
            yield flat(row for _place, row in keyed.astype(object).iterrows())
        else:
            yield [found]
        yield flat(self.base.execute(query.duckdb).fetchall())


def flat(rows: Iterable[Iterable[Any]]) -> list[Any]:
    """Without texts and quarters, which only name a row, and without what is not stated."""
    cells = [cell for row in rows for cell in row]
    return [cell for cell in cells if not isinstance(cell, str | pd.Period) and not pd.isna(cell)]


def told(value: Any) -> str:
    if hasattr(value, "year"):
        return f"{value:%Y-%m-%d}"
    return num(round(Decimal(float(value)), 9))


@stages
def test_each_figure_of_the_pages_is_what_a_documented_query_gives(
    client: Client, played: Played, tmp_path: Path
) -> None:
    for name in DOWNLOADS:
        answer = client.get(f"/en/projects/demo/{name}.csv")
        (tmp_path / f"{name}.csv").write_bytes(answer.content)
    files, asked = Files(client, "en"), Asked(tmp_path, timezone.localdate())
    given = {query: query.values(asked) for query in queries()}
    rows = Rows(files)

    for page, texts in pages(client, files):
        known, needed = BESIDE.get(page, set()).copy(), dict[str, set[str]]()
        for query, values in given.items():
            if page in query.pages.split(", "):
                ways = [query.written(value) for value in values]
                known.update(*ways)
                if len(ways) == 1 and values != ["0"] and (files.runs or not query.running):
                    needed[query.figure_en] = ways[0]
        found = {token for text in texts for token in said(rows.without(text), "en")}
        assert {token for token in found - known if not rows.names(token)} == set(), page
        assert {name for name, ways in needed.items() if not ways & found} == set(), page


class Rows:
    """What the rows of the files say without being a figure: texts, days and codes."""

    def __init__(self, files: Files) -> None:
        found = [row for name in DOWNLOADS for row in files.table(name)]
        told = ("reference", "contract_number", "url")
        texts = {
            one_line(cell) for row in found for key, cell in row.items()
            if cell and (key.endswith("_en") or key in told)
        }  # fmt: skip
        self.texts = sorted(texts, key=len, reverse=True)
        cells = {cell for row in found for cell in row.values()}
        tokens = {one for cell in cells for one in said(cell, "en")}
        self.tokens = tokens | {files.today.isoformat()}

    def without(self, text: str) -> str:
        """A text of a page without those of its rows."""
        text = one_line(text)
        for one in self.texts:
            text = text.replace(one, " ")
        return text

    def names(self, token: str) -> bool:
        """Whether it is a quarter, or a day or a code of a row."""
        is_number = re.fullmatch(r"[-+]?[\d.]+%?", token)
        return "-Q" in token or (token in self.tokens and not is_number)


def one_line(text: str) -> str:
    """Numbers keep their own spaces, and what stands apart stays apart."""
    return re.sub(r"[ \r\n\t]{2,}|[\r\n\t]", "  ", text).strip()


def pages(client: Client, files: Files) -> Iterator[tuple[str, list[str]]]:
    """Each kind of page of the project, with the texts of those that there are."""
    entry = re.split(r"<article\b", shown(client, "en", ""))[2]
    yield "portfolio", [re.sub(r"Release \d+ of", "", plain(f"<article{entry}"))]
    own = {
        "overview": [""], "deliverables": ["deliverables/"], "plan": ["plan/"],
        "experts": ["experts/"],
        "component": [f"components/{row['number']}/" for row in files.table("components")],
        "result": [f"deliverables/{row['code']}/" for row in files.table("deliverables")],
        "budget": [f"budget/?by={by}" for by in ("heading", "component", "partner", "quarter")],
    }  # fmt: skip
    for page, addresses in own.items():
        yield page, [plain(shown(client, "en", f"projects/demo/{one}")) for one in addresses]
