"""What a table of steps says against a step, and in which order."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

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
    """The columns of the cycles are named by them, and written by steps.taking alone."""
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
    columns = set(cycles.values())
    rooms = {
        module: tree
        for module, tree in TREES.items()
        if module.partition(".")[0] in ("deliverables", "experts", "budget")
    }
    changed = {(module, what) for module, tree in rooms.items() for what in changes(tree, columns)}

    assert cycles == {
        "_Ladder": "rung", "_Missions": "state", "_Plans": "state", "_Values": "approved_by",
        "_Changes": "state",
    }  # fmt: skip
    # A project that is founded from a workbook brings its missions with their days.
    assert changed == {("experts.missions.resources", "past the row: state")}


PAST_THE_ROW = (".update", ".bulk_update", ".update_or_create")


def changes(tree: ast.AST, columns: set[str]) -> Iterator[str]:
    """Where code writes one of the columns, as an attribute or past the row."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield from {node.attr} & columns
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(PAST_THE_ROW):
            named: set[Any] = {keyword.arg for keyword in node.keywords}
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            parts = (part for argument in given for part in ast.walk(argument))
            named |= {part.value for part in parts if isinstance(part, ast.Constant)}
            yield from (f"past the row: {column}" for column in columns & named)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("row.state = 'signed'", ["state"]),
        ("rows.filter(pk=1).update(state=State.DONE, on=day)", ["past the row: state"]),
        ("rows.update(**{'rung': Rung.DONE})", ["past the row: rung"]),
        ("rows.bulk_update(many, ['on', 'rung'])", ["past the row: rung"]),
        ("rows.update_or_create(pk=1, defaults={'state': 'done'})", ["past the row: state"]),
        ("rows.filter(state='done').filter(**{'rung': 1}).update(on=row.state)", []),
    ],
)
def test_each_way_to_change_a_state_is_seen(code: str, told: list[str]) -> None:
    assert list(changes(ast.parse(code), {"state", "rung"})) == told
