"""A pure module knows no database, no clock and no settings, and builds on pure modules alone."""

from __future__ import annotations

import ast
import importlib
import re
import sys

import pytest

from tests.sources import APPS, MODULES, TREES, imported

PURE = {
    module
    for module, tree in TREES.items()
    if re.search(r"\bPure\b", ast.get_docstring(tree) or "")
}
# What public pages borrow of modules that are not pure: types, and functions of their arguments.
BORROWED = {
    "releases.reading.reading.Reading", "releases.reading.reading.fold",
    "releases.reading.reading.plain_number", "releases.document.tables", "releases.document.words",
}  # fmt: skip
HANDED_ON = {one.rpartition(".")[2]: one for one in imported(TREES["releases.published"])}
OUTSIDE = {
    "django.core.paginator",
    "django.db.models.TextChoices",
    "django.utils.dates",
    "django.utils.functional.Promise",
    "django.utils.translation",
}
IMPURE_NAMES = {"settings", "connection", "transaction", "open", "timezone", "environ"}
CLOCKS = (".today", ".now", ".utcnow", ".localdate", "time.time", ".monotonic", ".perf_counter")
ROWS = {"objects", "_default_manager", "_base_manager", "refresh_from_db"}


def impurities(tree: ast.AST) -> list[str]:
    """What a module knows of database, clock or settings, or takes of a module that is not pure."""
    found = [one for one in imported(tree) if not is_pure(one)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in IMPURE_NAMES:
            found.append(node.id)
        if isinstance(node, ast.Attribute) and node.attr in ROWS:
            found.append(ast.unparse(node))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(CLOCKS):
            found.append(ast.unparse(node))
    return found


def is_pure(what: str) -> bool:
    top, _dot, _rest = what.partition(".")
    if what in PURE or what in BORROWED or what.rpartition(".")[0] in PURE:
        return True
    if top not in APPS:
        standard = top in sys.stdlib_module_names and top != "time"
        return standard or what in OUTSIDE or what.rpartition(".")[0] in OUTSIDE
    module, _dot, last = what.rpartition(".")
    if module == "releases.published":  # hands on what it imports
        return is_pure(HANDED_ON[last])
    if module not in MODULES:
        return False
    thing = getattr(importlib.import_module(module), last)
    return getattr(thing, "__module__", "") in PURE  # handed on from where it is defined


@pytest.mark.parametrize("module", sorted(PURE))
def test_a_pure_module_knows_no_database_no_clock_and_no_settings(module: str) -> None:
    assert impurities(TREES[module]) == []


def test_what_is_impure_is_found() -> None:
    code = (
        "import time\nfrom deliverables.models import Project\nfrom django.conf import settings\n"
        "from deliverables.ladder.progress import Share\n"
        "from releases.reading.reading import source_of\n"
        "def f(): return dt.date.today(), Project.objects, settings.DEBUG\n"
    )
    assert impurities(ast.parse(code)) == [
        "time", "deliverables.models.Project", "django.conf.settings",
        "releases.reading.reading.source_of", "dt.date.today()", "Project.objects", "settings",
    ]  # fmt: skip
    assert {
        "deliverables.ladder.progress", "deliverables.ladder.status", "budget.money.absorption",
        "releases.document.build", "releases.document.changes", "releases.document.dates",
        "public.charts.geometry",
    } <= PURE  # fmt: skip
