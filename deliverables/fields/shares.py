"""A part of a whole, and the percentage made of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: results accepted, euro spent."""

    part: Decimal | int
    whole: Decimal | int

    @property
    def percent(self) -> Decimal | None:
        """Per cent, half up to one decimal. None when nothing was planned: that is not 0 %."""
        if not self.whole:
            return None
        return (Decimal(100) * self.part / self.whole).quantize(TENTH, ROUND_HALF_UP)

    @property
    def complete(self) -> bool:
        """All of it, told from the numbers and never from a rounded 100.0."""
        return bool(self.whole) and self.part >= self.whole
