from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverables.fields import dates
from deliverables.fields.forms import DayForm

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2019-02-21", "2019-02-21"),
        ("21.02.2019", "2019-02-21"),
        ("21.2.2019.", "2019-02-21"),
        ("03.2016", "2016-03"),
        ("2016-03", "2016-03"),
        ("2016", "2016"),
        (" 2016 ", "2016"),
    ],
)
def test_parse_keeps_the_precision_that_was_typed(typed: str, stored: str) -> None:
    assert dates.parse(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "2019-13",
        "2019-02-31",
        "31.02.2019",
        "03/04/2026",
        "1999",
        "2101",
        "soon",
        "46143",
        "20٢6-01",
    ],
)
def test_parse_refuses_what_is_no_date(typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        dates.parse(typed)


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "31.12.1999"])
def test_a_form_refuses_a_day_that_the_register_does_not_know(typed: str) -> None:
    form = DayForm({"on": typed})

    assert not form.is_valid()
    assert "is not a day" in str(form.errors) or "Enter a valid date" in str(form.errors)


@given(DAYS)
def test_parse_gives_back_any_day_in_either_notation(day: dt.date) -> None:
    assert dates.parse(day.isoformat()) == dates.parse(f"{day:%d.%m.%Y}") == day.isoformat()


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2019-02-21", dt.date(2019, 2, 21), dt.date(2019, 2, 21)),
        ("2020-02", dt.date(2020, 2, 1), dt.date(2020, 2, 29)),
        ("2019", dt.date(2019, 1, 1), dt.date(2019, 12, 31)),
    ],
)
def test_first_and_last_are_the_days_it_may_mean(value: str, first: dt.date, last: dt.date) -> None:
    assert (dates.first(value), dates.last(value)) == (first, last)
