"""Workbooks of less than 100 kB made to cost time: drawn at random, refused or read within two
seconds of the processor, and never an error of the server."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client

from deliverables.ladder.models import Deliverable
from exchange.reading import sheets
from exchange.reading.faults import Unreadable
from exchange.tables import limits
from exchange.tables.cells import letters
from tests import cost
from tests.exchange.files import Session
from tests.make import make_component, make_deliverable, make_line, make_member, make_project
from tests.volume import volume

pytestmark = pytest.mark.django_db
SMALL = 100_000  # bytes of a file
SECONDS = 2
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TABLES = {
    "deliverable": ("project", "component", "code", "title_lv", "title_en", "note_en", "weight",
                    "due_current", "achievements", "active", "kind", "version"),
    "entry": ("project", "line", "code", "kind", "amount", "units", "on", "corrects",
              "ledger_ref", "note_en", "evidence"),
}  # fmt: skip
BAIT = (
    "a", " ", "a ", "1", "1 ", "(", "((", "[", "]", "=", "-", "0.", "1,", "\u0301", "ā", "_x000A_",
    "_x0041", "#", "%", "'", "€ ", "2026-", "1/", "00:", "\u200b", "\u00a0", "a\n", "😀", "&amp;",
)  # fmt: skip
Book = dict[str, str]


@pytest.fixture(autouse=True)
def project(client: Client) -> None:
    project = make_project(publishing="by_hand")
    make_line(project)
    make_deliverable(make_component(project))
    client.force_login(make_member(project, name="bruno"))


def text_of(chance: random.Random, most: int) -> str:
    bait = chance.choice(BAIT)
    tail = chance.choice(("", "b", "x1", " ", "]"))
    return bait * (chance.randint(1, most) // len(bait)) + tail


def cell(place: str, text: str, kind: str = "inlineStr", style: int = 0) -> str:
    inner = f"<is><t>{text}</t></is>" if kind == "inlineStr" else f"<v>{text}</v>"
    return f'<c r="{place}" t="{kind}" s="{style}">{inner}</c>'


def sheet(header: tuple[str, ...], rows: list[str], after: str = "") -> str:
    head = "".join(cell(f"{letters(n)}1", name) for n, name in enumerate(header))
    return (
        f'<worksheet {MAIN}><sheetData><row r="1">{head}</row>{"".join(rows)}</sheetData>'
        f"{after}</worksheet>"
    )


def row(number: int, cells: list[str]) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def plain(header: tuple[str, ...], number: int) -> dict[str, str]:
    """What finds or makes a row; the other cells are empty."""
    given = {"project": "tw-1", "component": "1", "line": "B1", "code": f"D1.{number}",
             "title_lv": "x", "title_en": "x", "kind": "planned", "amount": "1"}  # fmt: skip
    return {name: given[name] for name in header if name in given}


def with_cells(header: tuple[str, ...], number: int, cells: dict[str, str]) -> str:
    known = plain(header, number) | cells
    return row(number, [
        text if text.startswith("<") else cell(f"{letters(header.index(name))}{number}", text)
        for name, text in known.items()
    ])  # fmt: skip


def long_cells(chance: random.Random, header: tuple[str, ...]) -> Book:
    """A few rows with one long text each."""
    column = chance.choice(header)
    text = text_of(chance, chance.choice((40, 600, 10_000, limits.CELL, 60_000)))
    rows = [with_cells(header, n, {column: text}) for n in range(2, chance.randint(3, 60))]
    return {"sheet": sheet(header, rows)}


def repeated_text(chance: random.Random, header: tuple[str, ...]) -> Book:
    """One shared text in many cells."""
    text = text_of(chance, chance.choice((40, 600, 9_000, limits.CELL)))
    columns = chance.sample(header, chance.randint(1, len(header)))
    rows = [
        with_cells(header, n, {name: cell(f"{letters(header.index(name))}{n}", "0", "s")
                               for name in columns})
        for n in range(2, chance.randint(100, 5_001))
    ]  # fmt: skip
    return {"sheet": sheet(header, rows), "strings": f"<sst {MAIN}><si><t>{text}</t></si></sst>"}


def deep(chance: random.Random, header: tuple[str, ...]) -> Book:
    """Elements in elements."""
    levels, name = chance.randint(100, 400_000), chance.choice(("a", "c", "is", "rPh", "row"))
    return {"sheet": sheet(header, [f"<{name}>" * levels + f"</{name}>" * levels])}


def many(chance: random.Random, header: tuple[str, ...]) -> Book:
    """Elements beside elements: rows, cells, texts, merged ranges, formulas."""
    one = chance.choice(("<row/>", "<row><c/></row>", '<row r="7"><c r="ZZZ9"/></row>',
                         "<row><c><v>1</v></c></row>", "<row><c><f/></c></row>", "<x/>",
                         '<row><c t="e"><v>#N/A</v></c></row>'))  # fmt: skip
    rows = [one] * chance.randint(1_000, 200_000)
    merged = '<mergeCell ref="A1:A2"/>' * chance.choice((0, 20_000))
    return {"sheet": sheet(header, rows, f"<mergeCells>{merged}</mergeCells>")}


def numbers(chance: random.Random, header: tuple[str, ...]) -> Book:
    """Numbers of many digits, under formats of many letters."""
    column = chance.choice(header)
    digits = chance.choice("0123456789") * chance.randint(1, 30_000)
    number = (
        chance.choice(("", "-", "1.", "1e", ".")) + digits + chance.choice(("", "x", "e9", "."))
    )
    code = chance.choice(("0", "#,", "[", "_", "\\", "m", "y", "&quot;", "%", "[h]", "?/"))
    formats = "".join(
        f'<numFmt numFmtId="{200 + n}" formatCode="{code * chance.randint(1, 20_000)}"/>'
        for n in range(chance.randint(1, 40))
    )
    xfs = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(40))
    rows = [
        with_cells(header, n, {column: cell(f"{letters(header.index(column))}{n}", number, "n",
                                            chance.randrange(40))})
        for n in range(2, chance.randint(3, 40))
    ]  # fmt: skip
    styles = f"<styleSheet {MAIN}><numFmts>{formats}</numFmts><cellXfs>{xfs}</cellXfs></styleSheet>"
    return {"sheet": sheet(header, rows), "styles": styles}


def wide_header(chance: random.Random, header: tuple[str, ...]) -> Book:
    """Names of columns that are long, many, or like ours."""
    names = [
        text_of(chance, chance.choice((20, 600, 30_000))) for _n in range(chance.randint(2, 120))
    ]
    return {"sheet": sheet((*header, *names), [with_cells(header, 2, {})])}


def all_wrong(chance: random.Random, header: tuple[str, ...]) -> Book:
    """Rows in each of which every cell is a fault."""
    text = text_of(chance, 30)
    rows = [
        with_cells(header, n, dict.fromkeys(header, text))
        for n in range(2, chance.choice((50, 500, 2_000)))
    ]
    return {"sheet": sheet(header, rows)}


SHAPES: tuple[Callable[[random.Random, tuple[str, ...]], Book], ...] = (
    long_cells, repeated_text, deep, many, numbers, wide_header, all_wrong,
)  # fmt: skip


def packed(book: Book) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        file.writestr(
            "xl/workbook.xml",
            f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Target="sheet.xml"/>'
            "</Relationships>",
        )
        names = {"sheet": "sheet", "strings": "sharedStrings", "styles": "styles"}
        for part, text in book.items():
            file.writestr(f"xl/{names[part]}.xml", text)
    return out.getvalue()


def drawn(seed: int) -> tuple[str, bytes]:
    """The next small enough workbook of this seed, and the table that it is for."""
    chance = random.Random(seed)  # noqa: S311 - files, not secrets
    for _time in range(50):
        table = chance.choice(list(TABLES))
        data = packed(SHAPES[seed % len(SHAPES)](chance, TABLES[table]))
        if len(data) < SMALL:
            return table, data
    raise AssertionError(f"no workbook of {seed} is small")


@pytest.mark.parametrize("seed", range(volume(100, least=21)))
def test_no_small_workbook_costs_more_than_two_seconds(client: Client, seed: int) -> None:
    table, data = drawn(seed)
    session = Session(client, table, "budget" if table == "entry" else "deliverables")
    with cost.seconds() as spent:
        session.upload(data, "t.xlsx")
        assert spent() < SECONDS

    assert session.page.status_code == 200
    assert Deliverable.objects.count() == 1


def corner(place: str) -> str:
    """A header, and one cell far away from it."""
    digits = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return sheet(("project", "code"), [f'<row r="{digits}">{cell(place, "x")}</row>'])


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("XFD1048576", "The file has 16384 columns; at most 100 are read."),
        ("ZZZ2", "The file has 18278 columns; at most 100 are read."),
        ("A3000000000", "The workbook is damaged or cut off."),
    ],
)
def test_a_cell_far_away_costs_nothing(place: str, told: str) -> None:
    """To a library that fills what lies between, 17,000,000,000 cells (docs/adr/0015)."""
    with cost.seconds() as spent, pytest.raises(Unreadable, match=re.escape(told)):
        sheets.read("t.xlsx", packed({"sheet": corner(place)}), "deliverable")
    assert spent() < 0.1


def test_the_files_are_what_they_are_meant_to_be() -> None:
    """Control: each shape is a workbook that the reader opens, and refuses or reads as a table."""
    told: set[str] = set()
    for seed in range(len(SHAPES) * 3):
        table, data = drawn(seed)
        try:
            sheets.read("t.xlsx", data, table)
            told.add("")
        except Unreadable as refusal:
            told.add(str(refusal))
    assert "" in told
    assert any("far more than its size tells" in sentence for sentence in told)
    assert not any("no XLSX" in sentence for sentence in told)
