"""Indicators as bullet bars: baseline, target and the last approved value. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from public.charts import geometry as charts
from releases.published import (
    IndicatorRow,
    MeasurementRow,
    Reading,
    Share,
    newest,
    plain_number,
    way,
)


@dataclass(frozen=True, slots=True)
class Bullet:
    """Places on the indicator's own scale, as per cent; "" where there is no such number."""

    value: str
    baseline: str
    target: str


@dataclass(frozen=True, slots=True)
class ShownIndicator:
    row: IndicatorRow
    now: MeasurementRow | None
    bullet: Bullet | None
    way: dict[str, str] | None  # percent, part and whole of the way from baseline to target


def of(reading: Reading) -> list[ShownIndicator]:
    """Each indicator with the value in force on the day of reading."""
    document = reading.document
    last = newest(document["measurements"], reading.on.isoformat())
    return [_shown(row, last.get(row["code"])) for row in document["indicators"]]


def _shown(row: IndicatorRow, now: MeasurementRow | None) -> ShownIndicator:
    value = now["value"] if now and now["applies"] else None
    share = way(row["baseline"], row["target"], value)
    return ShownIndicator(row, now, _bullet(row, value), _way(share) if share else None)


def _way(share: Share) -> dict[str, str]:
    part, whole = plain_number(Decimal(share.part)), plain_number(Decimal(share.whole))
    return {"percent": str(share.percent), "part": part, "whole": whole}


def _bullet(row: IndicatorRow, value: str | None) -> Bullet | None:
    numbers = {"value": value, "baseline": row["baseline"], "target": row["target"]}
    known = {name: float(number) for name, number in numbers.items() if number is not None}
    if row["unit"] not in ("number", "percent") or "target" not in known:
        return None
    low = min(0.0, *known.values())
    high = 100.0 if row["unit"] == "percent" else max(known.values())
    return Bullet(**{name: charts.place(known.get(name), low, high) for name in numbers})
