"""Each constraint: a valid row passes and one that breaks this rule alone does not, in a form,
where it is said in words, and past every form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import NON_FIELD_ERRORS

from tests.breaches import budget, deliverables, experts, machine, plan
from tests.breaches.rows import another, broken_by, filled, insert, of_fields, refusal, said
from tests.breaches.table import Breach, Rules

pytestmark = pytest.mark.django_db
TABLES: dict[str, Rules] = {}
for room in (machine, deliverables, plan, experts, budget):
    TABLES |= room.RULES


@dataclass(frozen=True)
class Case:
    label: str
    name: str
    breach: Breach

    def rows(self) -> tuple[Any, Any]:
        """A valid row beside the first one, and one that breaks the rule."""
        rules = TABLES[self.label]
        first = (self.breach.row or rules.row)()
        own = filled({**rules.apart, **self.breach.given}, first)
        return another(first, own), another(first, own | filled(self.breach.writes, first))


def cases() -> Iterator[Any]:
    for label, rules in TABLES.items():
        for name, told in rules.breaches.items():
            for number, one in enumerate(told if isinstance(told, list) else [told]):
                breach = one if isinstance(one, Breach) else Breach(one)
                yield pytest.param(Case(label, name, breach), id=f"{name}-{number}")


@pytest.mark.parametrize("case", list(cases()))
def test_a_rule_is_kept_and_told(case: Case) -> None:
    valid, broken = case.rows()

    assert said(valid) == {}
    assert refusal(lambda: insert(valid)) is None
    refused = refusal(lambda: insert(broken))
    assert refused is not None, f"The database writes the row in spite of {case.name}."
    assert refused.constraint_name == case.name
    assert_told(case, broken)


def assert_told(case: Case, row: Any) -> None:
    """In the table's own words; else the field refuses the value first; else the constraint."""
    found, breach = said(row), case.breach
    if breach.unseen:
        assert found == {}
    elif breach.told:
        assert found == {name: [str(told)] for name, told in breach.told.items()}
    elif field_errors := of_fields(row):
        assert found == field_errors
        assert found.keys() <= breach.writes.keys()
        assert broken_by(row) == [case.name]
    else:
        constraint = next((one for one in row._meta.constraints if one.name == case.name), None)
        assert constraint, f"{case.label} does not declare {case.name}: nothing tells it in a form."
        ((name, messages),) = found.items()
        assert messages == [str(constraint.get_violation_error_message())]
        assert name == NON_FIELD_ERRORS or (name in breach.writes and broken_by(row) == [case.name])
