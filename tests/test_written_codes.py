"""A code stands as a literal in its enum alone: whoever compares or sets a column names the enum.

Two kinds of modules cannot: pure ones, which read documents, name no enum that stands with tables;
and what the enum's own module is built on would import in a circle.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from tests.sources import TREES, imported

ENUMS = {"TextChoices", "StrEnum"}
NO_CODES = {"Language"}  # what the world calls them
# A Meta does not see the enums of the class that it is in.
EXCEPT = {"accounts.models"}
LOOKUPS = {"in", "exact"}


@dataclass(frozen=True)
class Enum:
    name: str
    module: str
    codes: frozenset[str]


def last(node: ast.AST | None) -> str:
    """What a name, an attribute or a key is called."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def enums_of(module: str, tree: ast.AST) -> Iterator[Enum]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.ClassDef)
            and node.name not in NO_CODES
            and ENUMS & set(map(last, node.bases))
        ):
            values = [line.value for line in node.body if isinstance(line, ast.Assign)]
            firsts = [value.elts[0] if isinstance(value, ast.Tuple) else value for value in values]
            yield Enum(node.name, module, frozenset(code for one in firsts for code in texts(one)))


def texts(node: ast.AST) -> Iterator[str]:
    """The literals of a value, one or several."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        for one in node.elts:
            yield from texts(one)


def columns_of(tree: ast.AST, enums: dict[str, Enum]) -> Iterator[tuple[str, Enum]]:
    """Which column takes which enum: `kind = CharField(choices=Kind.choices)`, `kind: Kind`."""
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    for node in (line for one in classes for line in one.body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                given = [*call.args, *(one.value for one in call.keywords)]
                named = [last(one.value) for one in given if isinstance(one, ast.Attribute)]
                yield from ((name, enums[one]) for one in named if one in enums)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind) if last(kind) in enums:
                yield name, enums[last(kind)]


def written(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Column and literal, where the one is compared with the other or set to it."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others):
                sides = [left, *others]
                pairs = [*zip(sides, others, strict=False), *zip(others, sides, strict=False)]
            case ast.keyword(arg=str(name), value=value):
                pairs = [(ast.Name(name), value)]
            case ast.Dict(keys=keys, values=values):
                pairs = [
                    (ast.Name(key.value), value)
                    for key, value in zip(keys, values, strict=True)
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                ]
            case ast.Assign(targets=targets, value=value):
                pairs = [(one, value) for one in targets if not isinstance(one, ast.Name)]
            case _:
                continue
        for to, value in pairs:
            path = [part for part in last(to).split("__") if part not in LOOKUPS]
            yield from ((path[-1] if path else "", text) for text in texts(value))


OWN = {module: {one.name: one for one in enums_of(module, tree)} for module, tree in TREES.items()}
ALL = {name: one for enums in OWN.values() for name, one in enums.items()}
COLUMNS: dict[str, set[Enum]] = defaultdict(set)
for its_module, its_tree in TREES.items():
    for column, taken in columns_of(its_tree, ALL | OWN[its_module]):
        COLUMNS[column].add(taken)
PURE = {
    module
    for module, tree in TREES.items()
    if re.search(r"\bPure\b", ast.get_docstring(tree) or "")
}


@cache
def built_on(module: str) -> frozenset[str]:
    """All modules without which this one cannot be imported."""
    known, waiting = set[str](), [module]
    while waiting:
        named = {
            one
            for what in imported(TREES[waiting.pop()])
            for one in (what, what.rpartition(".")[0])
        }
        new = (named & TREES.keys()) - known
        known |= new
        waiting += new
    return frozenset(known)


def can_name(module: str, enum: Enum) -> bool:
    if module == enum.module:
        return True
    pure = module not in PURE or enum.module in PURE
    return pure and module not in built_on(enum.module)


def written_out(module: str, tree: ast.AST) -> list[str]:
    """The codes that a module writes out and could take from their enums."""
    found = []
    for name, text in written(tree):
        takers = [enum for enum in COLUMNS.get(name, ()) if text in enum.codes]
        if takers and all(can_name(module, enum) for enum in takers):
            found.append(f"{name} {text}: {' or '.join(sorted(enum.name for enum in takers))}")
    return found


@pytest.mark.parametrize("module", sorted(TREES.keys() - EXCEPT))
def test_a_code_comes_from_its_enum(module: str) -> None:
    assert written_out(module, TREES[module]) == []


def test_the_exceptions_are_needed() -> None:
    assert [module for module in EXCEPT if not written_out(module, TREES[module])] == []


def test_a_code_that_is_written_out_is_found() -> None:
    code = (
        "if row.rung == 'accepted' or row.state == 'begun': row.rung = 'dropped'\n"
        "rows.filter(line__entries__kind__in=['spent', 'other'], kind=EntryKind.SPENT)\n"
    )
    at_all = ["rung accepted: Rung", "rung dropped: Rung"]

    assert sorted(written_out("office.front", ast.parse(code))) == [
        "kind spent: EntryKind",
        *at_all,
    ]
    # a pure module names the ladder, and not the kinds of a table; an enum's own base names it not
    assert sorted(written_out("public.results", ast.parse(code))) == at_all
    assert sorted(written_out("budget.money.querysets", ast.parse(code))) == at_all
