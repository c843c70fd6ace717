from __future__ import annotations

import pytest

from releases.document import dates, numbers


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (numbers.whole(1234567, "lv"), "1\u202f234\u202f567"),
        (numbers.whole(550, "en"), "550"),
        (numbers.whole(-1234, "lv"), "\u22121\u202f234"),
        (numbers.millions("-300000.00", "lv"), "\u22120,3\u00a0milj.\u00a0EUR"),
        (numbers.percent("-11.1", "en"), "\u221211.1\u00a0%"),
        (numbers.money("-2200000.00", "lv"), "\u22122\u202f200\u202f000\u00a0EUR"),
        (numbers.money("2200000.00", "lv"), "2\u202f200\u202f000\u00a0EUR"),
        (numbers.money("0.50", "en"), "EUR\u00a01"),
        (numbers.millions("2200000.00", "lv"), "2,2\u00a0milj.\u00a0EUR"),
        (numbers.millions("2500000.00", "en"), "EUR\u00a02.5\u00a0million"),
        (numbers.percent("88.0", "lv"), "88\u00a0%"),
        (numbers.percent("84.3", "lv"), "84,3\u00a0%"),
        (numbers.percent("84.3", "en"), "84.3\u00a0%"),
        (dates.shown("2019-02-21", "lv"), "21.02.2019."),
        (dates.shown("2019-02-21", "en"), "21\u00a0Feb\u00a02019"),
        (dates.shown("2016-03", "lv"), "2016. gada marts"),
        (dates.shown("2016-03", "en"), "March 2016"),
        (dates.shown("2016", "en"), "2016"),
        (dates.shown("2016", "lv"), "2016. gads"),
        (dates.shown("", "lv"), ""),
    ],
)
def test_numbers_and_dates_as_people_read_them(shown: str, text: str) -> None:
    assert shown == text
