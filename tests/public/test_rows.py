from __future__ import annotations

import datetime as dt

import pytest
from django.test import RequestFactory

from public import rows, source
from public.http.refusals import NotThere
from releases.document import dates


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024", dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
        ("2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("2019-02-21", dt.date(2019, 2, 21), dt.date(2019, 2, 21)),
    ],
)
def test_a_partial_date_means_a_first_and_a_last_day(
    value: str, first: dt.date, last: dt.date
) -> None:
    assert (dates.first(value), dates.last(value)) == (first, last)


def test_groups_and_indexes_keep_the_order_of_the_document() -> None:
    parts = [{"code": "b", "of": 1}, {"code": "a", "of": 1}, {"code": "c", "of": 0}]
    assert list(rows.index(parts)) == ["b", "a", "c"]
    assert rows.group(parts, "of") == {1: parts[:2], 0: parts[2:]}


@pytest.mark.parametrize("text", ["", "A", "ks_14", "ks-14\n", "a" * 61, "\0"])
def test_what_is_no_slug_is_never_asked_of_the_database(text: str) -> None:
    """The database is out of reach here, and a slug that is one does reach for it."""
    with pytest.raises(NotThere):
        source.read(RequestFactory().get("/"), text)
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        source.read(RequestFactory().get("/"), "ks-14")


@pytest.mark.parametrize("text", ["", "d1", "1.2", "D1\0", "D1/2", "D" * 41])
def test_what_is_no_code_is_refused(text: str) -> None:
    assert not rows.is_code(text)
