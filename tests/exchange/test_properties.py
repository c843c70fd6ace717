"""Properties of import and export over made-up rows."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import random
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deliverables.ladder.models import Achievement, Deliverable
from deliverables.ladder.resources import DeliverableResource
from exchange.exports.extracts import FORMATS, Extract
from exchange.imports.apply import write
from exchange.imports.planned import Plan
from exchange.imports.planner import plan
from exchange.reading import sheets
from exchange.reading.faults import Unreadable, UnsureOfEncoding
from exchange.reading.table import Row, Table
from exchange.tables.widgets import DateWidget, IntegerWidget, MoneyWidget
from tests.make import make_component, make_deliverable, make_project
from tests.volume import volume

pytestmark = [pytest.mark.django_db, pytest.mark.slow("many examples")]
many = settings(
    max_examples=volume(2000),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# What a form lets in, and more: formulas, quotes, breaks, letters of every script.
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
TEXTS = st.one_of(
    st.text(LETTERS, max_size=30),
    st.sampled_from(
        ["=1+1", "'=1", "''", "-5", "@x", "a\nb", "a\r\nb", 'x";,\t"', "[clear]", "#N/A", "2.10",
         "Ä“", "_x000D_", "<b>&amp;</b>", " x ", "TRUE", "1e9", "Pārbaudēm šķīra"]
    ),
)  # fmt: skip
DAYS = st.sampled_from(["", "2019", "2019-02", "2019-02-21", "2100-12-31"])
ROW = st.fixed_dictionaries(
    {
        "title_lv": TEXTS.filter(bool),
        "title_en": TEXTS.filter(bool),
        "note_lv": TEXTS,
        "note_en": TEXTS,
        "weight": st.integers(1, 100),
        "due_original": DAYS,
        "due_current": DAYS,
        "active": st.booleans(),
        "achievements": st.lists(st.sampled_from(Achievement.values), unique=True, max_size=3),
    }
)
WAYS = st.tuples(st.sampled_from(["csv", "excel", "xlsx"]), st.sampled_from(["lv", "en"]))


@pytest.fixture
def codes() -> list[str]:
    component = make_component(make_project(publishing="by_hand"))
    return [make_deliverable(component, f"D1.{number}").code for number in (1, 2, 3)]


def put(codes: list[str], rows: list[dict[str, Any]]) -> None:
    for code, row in zip(codes, rows, strict=False):
        Deliverable.objects.filter(code=code).update(**row)


def out(format_: str) -> bytes:
    file = io.BytesIO()
    Extract(DeliverableResource, Deliverable.objects.all()).write(file, FORMATS[format_])
    return file.getvalue()


def name_of(format_: str) -> str:
    return "x.xlsx" if format_ == "xlsx" else "x.csv"


def planned(data: bytes, name: str) -> Plan:
    return plan(DeliverableResource(), sheets.read(name, data, "deliverables"))


def told(made: Plan) -> dict[str, Any]:
    """What a plan does, in any order of rows and columns."""
    return {
        row.name: sorted((change.column, change.old, change.new) for change in row.changes)
        for row in made.rows
    }


@many
@given(rows=st.lists(ROW, min_size=1, max_size=3), way=WAYS)
def test_an_export_imports_back_without_a_change(
    codes: list[str], rows: list[dict[str, Any]], way: tuple[str, str]
) -> None:
    put(codes, rows)
    with translation.override(way[1]):
        made = planned(out(way[0]), name_of(way[0]))

    assert told(made) == {}
    assert made.unchanged == len(codes)


@many
@given(before=ROW, after=ROW, way=WAYS)
def test_importing_twice_does_nothing_the_second_time(
    codes: list[str], before: dict[str, Any], after: dict[str, Any], way: tuple[str, str]
) -> None:
    put(codes, [after])
    data = out(way[0])
    put(codes, [before])
    Deliverable.objects.filter(code=codes[1]).update(version=1)
    table = sheets.read(name_of(way[0]), data, "deliverables").without("version")
    try:
        first = plan(DeliverableResource(), table)
    except Unreadable:
        return
    write(DeliverableResource(), first)

    second = plan(DeliverableResource(), table)

    assert told(second) == {}


@many
@given(way=WAYS, data=st.data())
def test_a_changed_byte_is_refused_or_changes_only_what_it_hit(
    codes: list[str], way: tuple[str, str], data: Any
) -> None:
    """A workbook carries check sums, so it is refused or means the same. A CSV has none: there, at
    most what the byte hit differs, and the preview shows it."""
    good = out(way[0])
    at = data.draw(st.integers(0, len(good) - 1))
    byte = data.draw(st.integers(0, 255))
    bad = good[:at] + bytes([byte]) + good[at + 1 :]
    try:
        made = planned(bad, name_of(way[0]))
    except (Unreadable, UnsureOfEncoding):
        return
    changed = made.rows
    if way[0] == "xlsx":
        assert changed == []
    else:
        assert len(changed) <= 1, told(made)
        assert sum(len(row.changes) for row in changed if not row.is_new) <= 1, told(made)


def outcome(table: Table) -> Any:
    """What is done, or all that is wrong, in any order."""
    try:
        return told(plan(DeliverableResource(), table))
    except Unreadable as error:
        return sorted(map(str, error.faults))


@many
@given(rows=st.lists(ROW, min_size=3, max_size=3), seed=st.integers(0, 10**6))
def test_the_order_of_rows_and_columns_does_not_matter(
    codes: list[str], rows: list[dict[str, Any]], seed: int
) -> None:
    put(codes, rows)
    table = sheets.read("x.csv", out("csv"), "deliverables").without("version")
    put(codes, [{"title_en": "Other", "note_lv": "", "weight": 1}] * 3)
    chance = random.Random(seed)  # noqa: S311 - it mixes rows
    columns = list(range(len(table.header)))
    chance.shuffle(columns)
    order = list(table.rows)
    chance.shuffle(order)
    mixed = Table(
        "",
        tuple(table.header[at] for at in columns),
        tuple(Row(row.number, tuple(row.cells[at] for at in columns)) for row in order),
    )
    assert outcome(mixed) == outcome(table)


@many
@given(
    cents=st.integers(0, 99_999_999_999),
    group=st.sampled_from(["", " ", "\u00a0", "\u202f", "'"]),
    mark=st.sampled_from([".", ","]),
    around=st.sampled_from(["{}", "{} EUR", "€ {}", " {} "]),
)
def test_money_is_read_as_it_is_written(cents: int, group: str, mark: str, around: str) -> None:
    amount = decimal.Decimal(cents) / 100
    written = f"{amount:,.2f}".replace(",", "G").replace(".", mark).replace("G", group)

    assert MoneyWidget().clean(around.format(written)) == amount


@many
@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31)), st.sampled_from(["{0}", "{0}T00:00"]))
def test_days_are_read_as_they_are_written(day: dt.date, shape: str) -> None:
    assert DateWidget().clean(shape.format(day.isoformat())) == day.isoformat()
    assert DateWidget().clean(day) == day.isoformat()


@many
@given(st.text(max_size=12))
def test_whole_numbers_are_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        value = IntegerWidget(0, 999_999_999).clean(text)
    except ValueError as error:
        value, why = None, str(error)
        if "“" not in why and "control" not in why:
            raise
    assert value is None or 0 <= value < 10**9
