from __future__ import annotations

from typing import Any

from budget.money.absorption import absorb


def entry(kind: str, amount: str, rounded_to: str | None = None) -> dict[str, Any]:
    return {
        "line": "B1", "code": f"{kind} {amount}", "kind": kind, "amount": amount,
        "rounded_to": rounded_to, "change": "", "corrects": "",
    }  # fmt: skip


def test_absorb_gives_the_range_that_published_roundings_leave() -> None:
    entries = [
        entry("planned", "2500000.00", "100000.00"),
        entry("spent", "2200000.00", "100000.00"),
    ]

    assert absorb(entries) == {
        "currency": "EUR",
        "planned": "2500000.00",
        "original": "2500000.00",
        "committed": None,
        "forecast": None,
        "spent": "2200000.00",
        "left": "300000.00",
        "percent": "88.0",
        "percent_low": "84.3",
        "percent_high": "91.8",
        "rounded_to": "100000.00",
    }


def test_absorb_of_exact_amounts_has_no_range() -> None:
    told = absorb([entry("planned", "200.00"), entry("spent", "50.00"), entry("spent", "25.50")])

    assert (told["spent"], told["left"], told["percent"]) == ("75.50", "124.50", "37.8")
    assert (told["percent_low"], told["percent_high"], told["rounded_to"]) == (None, None, None)


def test_absorb_tells_nothing_stated_from_zero() -> None:
    assert absorb([])["spent"] is None
    assert absorb([entry("planned", "100.00")])["percent"] is None
    zero = absorb([entry("planned", "100.00"), entry("spent", "0.00")])
    assert (zero["spent"], zero["percent"]) == ("0.00", "0.0")
    assert absorb([entry("planned", "0.00"), entry("spent", "0.00")])["percent"] is None
