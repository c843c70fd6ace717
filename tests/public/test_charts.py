from __future__ import annotations

import datetime as dt

import pytest

from deliverables.ladder.status import LADDER
from public.charts import geometry as charts
from releases.document import words


def test_few_results_are_cells_and_many_are_one_rectangle_each_rung() -> None:
    assert charts.rungs({"delivered": 2, "planned": 1}, 4) == [
        charts.Mark("delivered", "0.00%", "24.50%", "12.25%"),
        charts.Mark("delivered", "25.00%", "24.50%", "37.25%"),
        charts.Mark("planned", "50.00%", "24.50%", "62.25%"),
    ]
    assert charts.rungs({"delivered": 600, "planned": 400}, 1000) == [
        charts.Mark("delivered", "0.00%", "59.50%", "29.75%"),
        charts.Mark("planned", "60.00%", "39.50%", "79.75%"),
    ]


def test_every_result_in_force_is_drawn_once_and_the_surest_stand_first() -> None:
    every = {value: 1 for value, _words in words.values("deliverables", "rung")}
    drawn = charts.rungs(every, len(every) - 1)
    assert sorted(mark.key for mark in drawn) == sorted(every.keys() - {"dropped"})
    assert drawn[-1].x == "87.50%"
    climbed = [mark.key for mark in drawn if mark.key in LADDER]
    assert climbed == [str(rung) for rung in reversed(LADDER)]


def test_nothing_planned_draws_nothing_and_dropped_results_are_not_drawn() -> None:
    assert charts.rungs({}, 0) == []
    assert charts.rungs({"dropped": 3}, 3) == []


def test_the_bar_of_money_shows_the_spread_of_rounded_amounts() -> None:
    drawn = charts.money("88.0", "84.3", "91.8")
    assert drawn.spent == charts.Mark("spent", "0%", "88.00%")
    assert drawn.spread == charts.Mark("spread", "84.30%", "7.50%")
    assert drawn.plan == "100.00%"


def test_more_spent_than_planned_moves_the_plan_to_the_left() -> None:
    drawn = charts.money("125.0", None, None)
    assert (drawn.spent.width, drawn.spread, drawn.plan) == ("100.00%", None, "80.00%")


@pytest.mark.parametrize(
    ("on", "now"),
    [
        (dt.date(2024, 9, 15), 0),
        (dt.date(2024, 9, 16), 1),
        (dt.date(2026, 3, 31), 19),
        (dt.date(2026, 8, 31), 24),
        (dt.date(2026, 9, 16), 25),
    ],
)
def test_months_are_counted_as_they_begin(on: dt.date, now: int) -> None:
    months = charts.months(dt.date(2024, 9, 16), dt.date(2026, 8, 31), on)
    assert (months.now, months.whole) == (now, 24)


def test_every_rung_and_status_has_a_shape_of_its_own() -> None:
    rungs = [value for value, _words in words.values("deliverables", "rung")]
    statuses = [value for value, _words in words.values("projects", "status")]
    assert {*rungs, *statuses} <= set(charts.SHAPES)
    assert len({charts.SHAPES[rung] for rung in rungs}) == len(rungs)
