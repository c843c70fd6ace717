"""The sources of the register, as files and as syntax trees, for tests that read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT: Path = settings.BASE_DIR
WITHOUT_TABLES = ["steps"]  # a room that Django need not know
APPS = [app for app in [*settings.INSTALLED_APPS, *WITHOUT_TABLES] if (ROOT / app).is_dir()]
SOURCES = [
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
]
TESTS = list((ROOT / "tests").rglob("*.py"))
TEMPLATES = [path for path in (ROOT / "templates").rglob("*.*") if path.is_file()]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


MODULES = {
    name(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."): path
    for path in SOURCES
}
TREES = {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in MODULES.items()}


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def imported(tree: ast.AST) -> Iterator[str]:
    """What a module imports, at its top or within: `json`, `releases.reading.reading.Reading`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)
