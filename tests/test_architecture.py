"""Rules of docs/architecture.md that a machine can keep."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

ROOT: Path = settings.BASE_DIR
APPS = [
    "audit",
    "accounts",
    "exchange",
    "deliverables",
    "experts",
    "budget",
    "releases",
    "public",
    "twinning",
]
SOURCES = [
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
]
TESTS = list((ROOT / "tests").rglob("*.py"))
TEMPLATES = list((ROOT / "templates").rglob("*.html"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_source_file_has_at_most_400_lines_and_a_function_40(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, node.name


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_a_test_file_has_at_most_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_at_most_150_lines_and_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    for forbidden in (" style=", "<style", "onclick=", "onchange=", "|safe"):
        assert forbidden not in text
    assert all("src=" in line for line in text.splitlines() if "<script" in line)


def test_a_view_of_the_public_pages_has_at_most_15_lines() -> None:
    tree = ast.parse((ROOT / "public" / "views.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 15, node.name


def test_there_is_no_drawer_for_everything() -> None:
    drawers = {"utils", "helpers", "common", "core", "misc"}
    assert [name(path) for path in SOURCES if path.stem in drawers] == []


def test_there_are_no_signals_of_our_own() -> None:
    used = [name(path) for path in SOURCES if "django.db.models.signals" in path.read_text()]
    assert used == []


def test_every_table_has_constraints() -> None:
    own = [
        model
        for model in apps.get_models()
        if model._meta.app_label in APPS and not model._meta.proxy
    ]
    assert [model._meta.label for model in own if not model._meta.constraints] == []


def test_every_constraint_has_a_sentence_for_a_name_and_a_message() -> None:
    by_machine = {
        "deliverables.Change",
        "releases.Release",
        "audit.Event",
        "audit.Line",
        "audit.Seal",
    }
    for model in apps.get_models():
        if model._meta.app_label not in APPS or model._meta.label in by_machine:
            continue
        for constraint in model._meta.constraints:
            assert constraint.name.count("_") >= 2
            default = models.BaseConstraint.default_violation_error_message
            assert constraint.violation_error_message != default, constraint.name


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", check=True, interactive=False)


def test_every_dependency_says_why_it_is_here() -> None:
    for file in ("requirements.in", "requirements-dev.in"):
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
            assert not line or line.startswith(("#", "-r")) or "  # " in line, line


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def test_public_pages_answer_get_only() -> None:
    from public.urls import urlpatterns

    for entry in urlpatterns:
        wrapped = entry.callback
        assert "require_safe" in repr(getattr(wrapped, "__closure__", "")) or hasattr(
            wrapped, "__wrapped__"
        ), entry.name
    assert sum(1 for _entry in patterns(get_resolver())) > 50


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of a machine and no host of a registry in what is committed."""
    forbidden = ("/" + "work/", "/" + "root/", "py" + "pi.org", "npm" + "js.", "file" + ":///")
    kept = [*SOURCES, *TESTS, *TEMPLATES, *ROOT.glob("*.*"), *(ROOT / "docs").rglob("*.md")]
    for path in kept:
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert [word for word in forbidden if word in text] == [], name(path)
