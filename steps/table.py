"""A life cycle as a table of steps, and what the table says against taking one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOT_YOURS = _("Your role does not take this step. See “Roles and rights”.")
State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class StepRule:
    """One row of the table.

    `ends` is where the step leads from each state that it begins at; one of the `rights` is needed;
    `asks` are the fields of its form; `others` are doings after which somebody else has to take it,
    each with the sentence that says so; `says` is what it means.
    """

    ends: Mapping[Any, Any]
    rights: tuple[str, ...]
    asks: tuple[str, ...] = ()
    others: Mapping[Any, str | Promise] = field(default_factory=dict)
    says: str | Promise = ""

    @property
    def dated(self) -> bool:
        return "on" in self.asks

    @property
    def reasoned(self) -> bool:
        return "reason" in self.asks

    @property
    def climbs(self) -> bool:
        """Whether nobody takes it alone."""
        return bool(self.others)


def leading_to(end: State, *begins: State) -> dict[State, State]:
    """`ends` of a step that leads to one state, wherever it begins."""
    return dict.fromkeys(begins, end)


def refusal(
    rule: StepRule,
    state: str,
    rights: Collection[str],
    did: Callable[[Any], bool] = lambda _doing: False,
    *,
    elsewhere: str | Promise,
    not_yours: str | Promise = NOT_YOURS,
) -> str | None:
    """Why the step is not taken from this state by who has these rights and `did` some of what was
    done; None where it is. `elsewhere` is the sentence where it does not begin here.
    """
    if state not in rule.ends:
        return str(elsewhere)
    if not any(right in rights for right in rule.rights):
        return str(not_yours)
    return next((str(sentence) for doing, sentence in rule.others.items() if did(doing)), None)
