"""No rule of the database without a test that breaks it, and no breach of a rule that is gone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.breaches import database
from tests.breaches.rows import another, broken_by, filled, insert, refusal, run, said
from tests.breaches.test_constraints import TABLES
from tests.breaches.test_refusals import REFUSALS

pytestmark = pytest.mark.django_db
COUNTS = {model._meta.label: found for model in database.OWN if (found := database.counts(model))}


def unmatched() -> list[str]:
    """A sentence for each rule that nothing breaks, and for each breach of no rule."""
    counts = {(label, database.check_of(one)) for label, fields in COUNTS.items() for one in fields}
    keyed = {rule for rule, one in database.constraints().items() if one.keyed}
    kept = {*database.constraints(), *database.triggers()} - counts - keyed
    broken = {(label, name) for label, rules in TABLES.items() for name in rules.breaches}
    broken |= set(REFUSALS)
    return [
        f"No test breaks {name} of {label}: write into tests/breaches what breaks it, and it alone."
        for label, name in sorted(kept - broken)
    ] + [
        f"The database keeps no {name} of {label} any more: take it out of tests/breaches."
        for label, name in sorted(broken - kept)
    ]


def test_every_rule_of_the_database_is_broken_by_a_test() -> None:
    told = unmatched()

    assert not told, "\n".join(told)


COMES = "ALTER TABLE deliverables_title ADD CONSTRAINT title_is_short CHECK (length(title_en) < 9)"
INDEX = "CREATE UNIQUE INDEX title_is_one ON deliverables_title (title_en) WHERE title_en <> ''"
GOES = "ALTER TABLE {} DROP CONSTRAINT {}"


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        (COMES, "No test breaks title_is_short of deliverables.Title"),
        (INDEX, "No test breaks title_is_one of deliverables.Title"),
        (
            GOES.format("budget_rate", "rate_is_not_negative"),
            "The database keeps no rate_is_not_negative of budget.Rate",
        ),
        (
            GOES.format("experts_expertday", "expertday_counts_an_expert_once_a_day"),
            "The database keeps no expertday_counts_an_expert_once_a_day of experts.ExpertDay",
        ),
        (
            "DROP INDEX workplan_has_one_contract",
            "The database keeps no workplan_has_one_contract of deliverables.WorkPlan",
        ),
        (
            GOES.format("budget_move", "move_line_is_of_its_project"),
            "The database keeps no move_line_is_of_its_project of budget.Move",
        ),
        (
            "ALTER TABLE audit_seal DISABLE TRIGGER append_only",
            "The database keeps no append_only of audit.Seal",
        ),
    ],
)
def test_a_rule_that_comes_or_goes_is_named(sql: str, rule: str) -> None:
    run(sql)

    assert [sentence.partition(" any more")[0].partition(":")[0] for sentence in unmatched()] == [
        rule
    ]


def test_a_key_that_nothing_can_break_alone_is_there_to_be_pointed_at() -> None:
    """Unique with the primary key in it: only foreign keys of several columns need that."""
    keys = {rule: one for rule, one in database.constraints().items() if one.keyed}

    assert len(keys) > 10
    assert [rule for rule, one in keys.items() if not one.pointed_at] == []


@pytest.mark.parametrize("label", COUNTS)
def test_a_count_is_never_less_than_zero(label: str) -> None:
    rules = TABLES[label]
    first = rules.row()
    own: dict[str, Any] = filled(rules.apart, first)
    for field in COUNTS[label]:
        row = another(first, {**own, field.name: -1})
        refused = refusal(lambda row=row: insert(row))  # type: ignore[misc]

        assert field.name in said(row)
        assert refused is not None, field.name
        assert refused.constraint_name in {database.check_of(field), *broken_by(row)}
