"""What was planned and spent in each quarter, as columns on one scale. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from public.charts import geometry as charts
from releases.published import Absorption, dates, quarter_name

THOUSANDS = Decimal(10_000)  # from here on, amounts on the chart are in thousands
WIDE, NARROW = 0.76, 0.44  # of the room of a quarter: what is planned, what is spent


@dataclass(frozen=True, slots=True)
class Column:
    """A quarter: its middle and its two columns, as per cent of the field, from its top."""

    name: str
    middle: str
    planned: charts.Upright
    spent: charts.Upright
    top: str
    number: Decimal | None  # spent, in the unit of the chart; None where it has no label


@dataclass(frozen=True, slots=True)
class Spending:
    """Columns of all quarters from the first to the last. `unit` is what 1 on the scale is in EUR;
    `most` the quarter with the most spent, "" where nothing is; `over` how many went beyond."""

    columns: list[Column]
    names: list[tuple[str, str]]
    rules: list[tuple[int, str]]
    unit: int
    most: str
    spent: str
    over: int


def spending(parts: Iterable[tuple[str | int, Absorption]]) -> Spending | None:
    """Of the sums by quarter; None where no quarter has any."""
    sums = {str(name): total for name, total in parts if name}
    amounts = {name: (_of(total, "planned"), _of(total, "spent")) for name, total in sums.items()}
    top = max((amount for pair in amounts.values() for amount in pair), default=Decimal())
    if top <= 0:
        return None
    unit = 1000 if top >= THOUSANDS else 1
    names = _all(min(amounts), max(amounts))
    room = 100 / len(names)
    most = max(amounts, key=lambda name: amounts[name][1])
    return Spending(
        columns=[
            _column(name, (at + 0.5) * room, room, amounts.get(name), top, unit, len(names))
            for at, name in enumerate(names)
        ],
        names=charts.named((name, f"{(at + 0.5) * room:.2f}%") for at, name in enumerate(names)),
        rules=charts.rules(float(top / unit)),
        unit=unit,
        most=most if amounts[most][1] > 0 else "",
        spent=str(amounts[most][1]),
        over=sum(spent > planned for planned, spent in amounts.values()),
    )


def _of(total: Mapping[str, object], kind: str) -> Decimal:
    return Decimal(str(total[kind] or 0))


def _all(first: str, last: str) -> list[str]:
    """Each quarter from the first to the last, those without an entry, too."""
    names, name = [first], first
    while name < last:
        day = dates.next_quarter(dates.first(f"{name[:4]}-{3 * int(name[-1]) - 2:02}"))
        names.append(name := quarter_name(day))
    return names


def _column(
    name: str,
    middle: float,
    room: float,
    amounts: tuple[Decimal, Decimal] | None,
    top: Decimal,
    unit: int,
    count: int,
) -> Column:
    planned, spent = amounts or (Decimal(), Decimal())
    return Column(
        name,
        f"{middle:.2f}%",
        charts.upright(middle, room * WIDE, float(planned / top)),
        charts.upright(middle, room * NARROW, float(spent / top)),
        charts.place(float(top - max(planned, spent)), 0, float(top)),
        spent / unit if spent and count <= charts.NAMED else None,
    )
