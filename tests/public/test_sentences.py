"""The sentences of the public pages: each of their branches, whole, and one in Latvian."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from public import sentences
from public.charts.curve import LINES
from public.pages import verify
from releases.document.build import BY
from releases.reading.issued_files import Issued
from releases.reading.reading import Timing

AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("state", "days", "rung", "sentence"),
    [
        ("late", 1, "planned", "1 day late"),
        ("late", 12, "planned", "12 days late"),
        ("done_late", 1, "delivered", "delivered 1 day late"),
        ("done_late", 3, "delivered", "delivered 3 days late"),
        ("open", 0, "planned", "due today"),
        ("open", -1, "planned", "due in 1 day"),
        ("open", -30, "planned", "due in 30 days"),
        ("on_time", -2, "accepted", "on time"),
        ("late", 1, "partially_delivered", "the rest is 1 day late"),
        ("late", 31, "partially_delivered", "the rest is 31 days late"),
        ("open", -3, "partially_delivered", "due in 3 days"),
        ("not_planned", None, "planned", ""),
        ("closed", None, "dropped", ""),
        ("done", None, "delivered", ""),
    ],
)
def test_whether_a_result_is_in_time(
    state: str, days: int | None, rung: str, sentence: str
) -> None:
    with override("en"):
        assert sentences.in_time(Timing(state, None, days), rung) == sentence


@pytest.mark.parametrize(
    ("original", "current", "sentence"),
    [
        (1, -5, "1 day after the original date"),
        (40, 10, "40 days after the original date"),
        (10, 10, ""),
        (0, -5, ""),
        (-3, -5, ""),
        (None, None, ""),
    ],
)
def test_how_late_it_is_by_the_first_plan(
    original: int | None, current: int | None, sentence: str
) -> None:
    with override("en"):
        assert sentences.after_the_first_plan(Timing("late", original, current)) == sentence


def test_the_clocks_are_one_sentence() -> None:
    shares = [("time", "61.7 %"), ("results", "46.2 %"), ("days", "40 %"), ("money", "32.3 %")]
    with override("en"):
        assert sentences.compared(shares) == (
            "61.7 % of the time has passed, 46.2 % of the results are accepted, "
            "40 % of the expert-days are delivered, 32.3 % of the money is spent."
        )
        assert sentences.compared(shares[3:]) == "32.3 % of the money is spent."
    with override("lv"):
        assert sentences.compared(shares[:1]) == "Pagājušais laiks – 61.7 %."


def test_each_thing_that_pages_name_has_a_name() -> None:
    sides = [*BY[:3], "quarter"]
    assert {what: list(names) for what, names in sentences.NAMES.items()} == {
        "clock": ["time", "results", "days", "money"],
        "curve": list(LINES),
        "breakdown": sides,
        "chart": ["clocks", "components", "results", "spending"],
        "by": sides,
        "side": sides,
    }


@pytest.mark.parametrize(
    ("issued", "sentence"),
    [
        (
            Issued("head", "", AT, "", seal=7),
            "It is the head of the audit trail under seal 7, made 2 Mar 2026, 11:30.",
        ),
        (
            Issued("check", "check.py", AT, ""),
            "The script that checks audit packs, as it is today.",
        ),
        (
            Issued("release", "release.json", AT, "ks", 3),
            "Release 3 of the project ks, published 2 Mar 2026, 11:30: the whole document.",
        ),
        (
            Issued("released_table", "items.csv", AT, "ks", 3),
            "items.csv of release 3 of the project ks, published 2 Mar 2026, 11:30.",
        ),
        (
            Issued("pack", "data/items.csv", AT, "ks", within="ks.zip"),
            "data/items.csv of the audit pack ks.zip, made 2 Mar 2026, 11:30.",
        ),
        (
            Issued("pack", "ks.zip", AT, "ks", rows=1),
            "The audit pack ks.zip, made 2 Mar 2026, 11:30, 1 row.",
        ),
        (
            Issued("list", "items.xlsx", AT, "ks", rows=2345),
            "The export items.xlsx, made 2 Mar 2026, 11:30, 2\u202f345 rows.",
        ),
    ],
)
def test_what_a_file_is(issued: Issued, sentence: str) -> None:
    with override("en"):
        assert verify.described(issued) == sentence
