"""What a table of steps says against a step, and in which order."""

from __future__ import annotations

import ast

import pytest

from steps.table import NOT_YOURS, StepRule, leading_to, refusal
from tests.sources import TREES

RULE = StepRule(
    leading_to("shut", "open", "ajar"),
    ("close", "lock"),
    ("on", "reason"),
    {"open": "You opened it.", "push": "You pushed it."},
)


@pytest.mark.parametrize(
    ("state", "rights", "did", "told"),
    [
        ("open", {"close"}, set(), None),
        ("ajar", {"lock", "see"}, set(), None),
        ("ajar", {"lock"}, {"paint"}, None),
        ("shut", set(), {"open"}, "It is shut."),
        ("open", {"see"}, {"open"}, str(NOT_YOURS)),
        ("open", {"close"}, {"open"}, "You opened it."),
        ("open", {"close"}, {"push"}, "You pushed it."),
        ("open", {"close"}, {"push", "open"}, "You opened it."),
    ],
)
def test_first_the_state_then_the_right_then_who_did_the_step_before(
    state: str, rights: set[str], did: set[str], told: str | None
) -> None:
    assert refusal(RULE, state, rights, did.__contains__, elsewhere="It is shut.") == told


def test_a_rule_says_what_it_asks_for_and_whether_nobody_takes_it_alone() -> None:
    bare = StepRule({"open": "shut"}, ("close",))

    assert (RULE.dated, RULE.reasoned, RULE.climbs) == (True, True, True)
    assert (bare.dated, bare.reasoned, bare.climbs) == (False, False, False)
    assert dict(RULE.ends) == {"open": "shut", "ajar": "shut"}


def test_nothing_but_a_step_changes_a_state() -> None:
    """The columns of the cycles are named by them, and assigned by steps.taking alone."""
    cycles = {
        node.name: next(
            (
                ast.literal_eval(line.value)
                for line in node.body
                if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "column"
            ),
            "state",
        )
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and "Cycle[" in "".join(map(ast.unparse, node.bases))
    }
    assigned = {
        f"{module}.{node.attr}"
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if module.startswith(("deliverables", "experts", "budget")) and node.attr in cycles.values()
    }

    assert cycles == {
        "_Ladder": "rung", "_Missions": "state", "_Plans": "state", "_Values": "approved_by",
        "_Changes": "state",
    }  # fmt: skip
    assert assigned == set()
