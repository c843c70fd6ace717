from __future__ import annotations

import datetime as dt

import pytest

from public.http import query_string
from public.http.refusals import NotThere, NotUnderstood

TODAY = dt.date(2026, 3, 31)


def test_a_day_is_read_and_an_empty_one_is_none() -> None:
    assert query_string.day({"at": "2026-03-31"}, TODAY) == TODAY
    assert query_string.day({"at": ""}, TODAY) is None
    assert query_string.day({}, TODAY) is None


@pytest.mark.parametrize("text", ["2026-13-01", "2026-02-30", "2026-2-1", "x", "\0", "1999-01-01"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood) as refusal:
        query_string.day({"at": text}, TODAY)
    shown = "\ufffd" if text == "\0" else text
    assert str(refusal.value) == (
        f"“{shown}” is not a day. Write year, month and day, as ?at=2026-03-31, "
        "to read the register as it stood that day."
    )


def test_a_day_to_come_is_refused() -> None:
    sentence = (
        "2026-04-01 is still to come, so nothing is known of it. "
        "Ask for a day up to today, 2026-03-31."
    )
    with pytest.raises(NotThere) as refusal:
        query_string.day({"at": "2026-04-01"}, TODAY)
    assert str(refusal.value) == sentence


def test_a_filter_takes_known_values_only() -> None:
    assert query_string.one_of({"rung": "planned"}, "rung", ["planned"]) == "planned"
    assert query_string.one_of({}, "rung", ["planned"]) == ""
    with pytest.raises(NotUnderstood) as refusal:
        query_string.one_of({"rung": "x" * 500}, "rung", ["planned", "accepted"])
    assert str(refusal.value) == (
        f"“{'x' * 79}…” is not a value of the filter “rung”. It can be: planned, accepted."
    )


def test_a_search_is_short_text() -> None:
    assert query_string.search({"q": "  migr "}) == "migr"
    with pytest.raises(NotUnderstood) as long:
        query_string.search({"q": "x" * 201})
    assert str(long.value) == (
        "The text to look for has 201 characters. "
        "Look for 200 characters or fewer; a few words find most."
    )
    with pytest.raises(NotUnderstood) as nul:
        query_string.search({"q": "a\0b"})
    assert str(nul.value) == (
        "“a\ufffdb” holds a character that no text has (NUL). Look for words or a code."
    )


def test_a_list_is_cut_into_pages_of_25() -> None:
    second = query_string.page({"page": "2"}, list(range(60)))
    assert (list(second), second.number) == (list(range(25, 50)), 2)
    assert (second.start_index(), second.end_index(), second.paginator.count) == (26, 50, 60)
    assert list(query_string.page({}, [])) == []


@pytest.mark.parametrize("text", ["0", "4", "abc", "-1", "99999999", "1.0", "²", "1\0"])
def test_a_page_that_is_not_there_is_refused(text: str) -> None:
    with pytest.raises(NotThere) as refusal:
        query_string.page({"page": text}, list(range(60)))
    shown = text.replace("\0", "\ufffd")
    assert str(refusal.value) == (
        f"There is no page “{shown}” of this list: its pages go from 1 to 3."
    )
