"""What the tables of breaches are made of.

Values may be functions of the first row: what is written into the second one often is a row, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deliverables.projects.models import Project
from deliverables.projects.models.belonging import SAME_PROJECT
from tests.make import make_project

Values = Mapping[str, Any]
Told = Mapping[str, Any]  # what full_clean says of each field, "__all__" being the row


@dataclass(frozen=True)
class Breach:
    """A rule broken: `given` makes a valid row, then `writes` breaks this rule alone.

    `told` is what full_clean says where it is not the constraint's own message, and `unseen` why
    it says nothing: the database alone keeps the rule.
    """

    writes: Values
    given: Values = field(default_factory=dict)
    row: Callable[[], Any] | None = None  # the first row, where it is not that of the table
    told: Told | None = None
    unseen: str = ""


@dataclass(frozen=True)
class Rules:
    """A table's valid row, what a second one has of its own, and its rules by name."""

    row: Callable[[], Any]
    apart: Values
    breaches: Mapping[str, Breach | Values | list[Breach | Values]]


@dataclass(frozen=True)
class Refusal:
    """A trigger that refuses: `row` may still be written, and no more once it is `settled`.

    A row without `settled` is final from its first day. `writes` are updates that it refuses, and
    `allows` one that it lets pass; `apart` is what a second row has of its own. `says` is what the
    database says, where it is not the trigger's name.
    """

    row: Callable[[], Any]
    writes: list[Values]
    settled: Callable[[Any], object] | None = None
    allows: Values = field(default_factory=dict)
    apart: Values = field(default_factory=dict)
    told: Told | None = None
    unseen: str = ""
    says: str = ""

    def __post_init__(self) -> None:
        assert bool(self.told) != bool(self.unseen), "A form tells it, or the table says why not."


def same(name: str, told: str = "") -> Breach:
    """The second row has the value of the first one."""
    return Breach({name: lambda first: getattr(first, name)}, told={name: told} if told else None)


def another_project(_first: Any = None) -> Project:
    return make_project("another")


def elsewhere(
    name: str,
    make: Callable[[Project], Any],
    given: Values | None = None,
    row: Callable[[], Any] | None = None,
    unseen: str = "",
) -> Breach:
    """The second row points at what belongs to another project."""
    return Breach(
        {name: lambda _first: make(another_project())},
        given=given or {},
        row=row,
        told=None if unseen else {name: SAME_PROJECT},
        unseen=unseen,
    )
