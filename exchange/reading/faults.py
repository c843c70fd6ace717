"""What is wrong with a file: sentences that name sheet, row, column and value."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST = 100  # that are told at once
ENOUGH = 10 * MOST  # of which the first are told: nobody reads more, and each of them costs


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps a file from being imported. Row 0 is the file as a whole."""

    sentence: str
    row: int = 0
    column: str = ""
    value: str = ""
    sheet: str = ""

    def __str__(self) -> str:
        places = [_("sheet “%(name)s”") % {"name": self.sheet}] if self.sheet else []
        if self.row:
            places.append(_("row %(number)s") % {"number": self.row})
        if self.column:
            places.append(_("column “%(name)s”") % {"name": self.column})
        place = ", ".join(places)
        return f"{place[:1].upper()}{place[1:]}: {self.sentence}" if place else self.sentence


class Unreadable(Exception):
    """The file cannot be imported; `faults` say why, at most MOST of them, and `note` what was not
    looked at."""

    def __init__(self, *faults: Fault | str, note: str = "") -> None:
        self.note = note
        self.faults = [fault if isinstance(fault, Fault) else Fault(fault) for fault in faults][
            :MOST
        ]
        super().__init__("\n".join(str(fault) for fault in self.faults))


class NoRows(Unreadable):
    """There is a header, and nothing below it."""


class UnsureOfEncoding(Exception):
    """The text is not UTF-8. `samples` are words as windows-1257 reads them, for a person."""

    def __init__(self, encoding: str, samples: list[str]) -> None:
        self.encoding, self.samples = encoding, samples
        super().__init__(", ".join(samples))
