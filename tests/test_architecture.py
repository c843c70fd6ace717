"""Rules of docs/architecture.md that a machine can keep."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from public.machines.urls import urlpatterns as machines
from public.urls import urlpatterns
from tests.sources import APPS, ROOT, SOURCES, TEMPLATES, TESTS, TREES, calls, name

# Longer than 300 lines, each for its reason.
LONGER = {
    "releases/packs/check.py": 330,  # one file that strangers run
    "twinning/settings.py": 350,  # one file, as Django has it
}


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_source_file_has_at_most_300_lines_and_a_function_40(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGER.get(name(path), 300)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, node.name


def test_a_folder_has_at_most_15_files_at_one_level() -> None:
    files = Counter(path.parent for path in SOURCES if path.name != "__init__.py")

    assert max(files.values()) > 5
    assert [name(folder) for folder, count in files.items() if count > 15] == []


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_a_test_file_has_at_most_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


INLINE = (
    r"""\sstyle=|<style|\son\w+=|javascript:|\|\s*safe\b|autoescape off|<script(?![^>]* src=)"""
)


@pytest.mark.parametrize(
    "text",
    ['<a style="x">', "<style>", "<b\nonclick='x'>", "{{ a|safe }}", "<script>", "<script defer>"],
)
def test_what_is_inline_is_found(text: str) -> None:
    assert re.findall(INLINE, text)
    assert re.findall(INLINE, '<script src="a.js" defer> styles on= {{ a|safely }}') == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_at_most_120_lines_of_120_columns_and_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert len(lines) <= 120
    assert [line for line in lines if len(line) > 120] == []
    assert path.suffix == ".txt" or re.findall(INLINE, text) == []


def in_the_light(sheet: str) -> str:
    return re.sub(r"@media[^{]*color-scheme: dark\) \{.*?\n\}\n", "", sheet, flags=re.DOTALL)


def test_the_stylesheet_of_the_back_office_has_the_tokens_of_the_public_one() -> None:
    """What both name has one value; a colour with a name is called by it."""
    sheets = [ROOT / "static" / name for name in ("public/public.css", "twinning/admin.css")]
    public, office = (
        dict(re.findall(r"(--[\w-]+): ([^;]+);", in_the_light(path.read_text("utf-8"))))
        for path in sheets
    )
    both = public.keys() & office.keys()
    assert both >= {"--blue", "--deep", "--pale", "--red"}
    assert {name: office[name] for name in both} == {name: public[name] for name in both}
    literals = re.findall(r"#[0-9a-f]{3,6}\b", sheets[1].read_text("utf-8"), re.IGNORECASE)
    named = {value for value in office.values() if re.fullmatch(r"#[0-9a-f]{3,6}", value)}
    assert {value for value in named - {"#fff"} if literals.count(value) > 1} == set()


def test_a_view_of_the_public_pages_has_at_most_15_lines() -> None:
    views = {entry.callback.__name__ for entry in urlpatterns} | {"answer"}
    found: dict[str, int] = {}
    for module in {entry.callback.__module__ for entry in urlpatterns} | {"public.views"}:
        path = ROOT / (module.replace(".", "/") + ".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name in views:
                found[node.name] = (node.end_lineno or 0) - node.lineno + 1
    assert set(found) >= views - {"answer"}
    assert {view: lines for view, lines in found.items() if lines > 15} == {}


DRAWERS = {"utils", "helpers", "common", "core", "misc"}


def test_there_is_no_drawer_for_everything() -> None:
    parts = {part.removesuffix(".py") for path in SOURCES for part in Path(name(path)).parts}
    assert "querysets" in parts
    assert parts & DRAWERS == set()


SIGNALS = re.compile(r"\bsignals\b.* import\b|\bimport\b.*\b(signals|receiver|Signal)\b")


def test_there_are_no_signals_of_our_own() -> None:
    for line in (
        "from django.db.models.signals import post_save", "from allauth.account import signals",
        "from django.dispatch import receiver",
    ):  # fmt: skip
        assert SIGNALS.search(line)
    assert [name(path) for path in SOURCES if SIGNALS.search(path.read_text("utf-8"))] == []


# An app that is ready imports what needs its tables.
IMPORTS_LATE = {f"{app}/apps.py" for app in APPS}


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_import_escapes_a_circle_and_nothing_of_django_is_reached_into(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"site\._registry|request\.__dict__", text)
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    late = [n for f in functions for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert not late or name(path) in IMPORTS_LATE


def test_an_optional_reference_is_made_in_one_place() -> None:
    """`fields.optional`, for all that name rows of the register."""
    optional = {("on_delete", "models.PROTECT"), ("null", "True"), ("blank", "True")}
    own = [
        ast.unparse(call)
        for module, tree in TREES.items()
        if module.partition(".")[0] in ("deliverables", "experts", "budget")
        for call in calls(tree)
        if optional <= {(one.arg, ast.unparse(one.value)) for one in call.keywords}
    ]
    assert own == []


WITHOUT_TABLES = {"public", "steps", "office", "demo", "tryout", "twinning"}


def test_every_table_has_constraints() -> None:
    own = [
        model
        for model in apps.get_models()
        if model._meta.app_label in APPS and not model._meta.proxy
    ]
    assert {model._meta.app_label for model in own} == set(APPS) - WITHOUT_TABLES
    assert [model._meta.label for model in own if not model._meta.constraints] == []


def test_every_constraint_has_a_sentence_for_a_name_and_a_message() -> None:
    by_machine = {
        "accounts.LastCode",
        "deliverables.Change",
        "releases.Edition",
        "releases.Listing",
        "releases.Release",
        "releases.Pack",
        "releases.SearchEntry",
        "releases.SearchWord",
        *(
            f"audit.{name}"
            for name in (
                *("Balance", "Batch", "Book", "Event", "Line", "Notice", "Seal", "Timestamp"),
            )
        ),
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
    for file in ("requirements.in", "requirements-dev.in", "requirements-bench.in"):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        named = [line for line in lines if line and not line.startswith(("#", "-r"))]
        assert named, file
        assert [line for line in named if not re.search(r" {2,}# .*\w{2}", line)] == []


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


NO_LANGUAGE = ("home", "healthz", "heads_json", "heads_tsr", *(str(e.name) for e in machines))
OPEN = [entry for entry in patterns(get_resolver()) if entry.name in NO_LANGUAGE[:2]]
OPEN += machines
OPEN += [entry for entry in patterns(get_resolver()) if str(entry.name).startswith("heads_")]
TAKES_A_POST = ("verify", "heads_confirm", "heads_leave")
READ_ONLY = {
    str(entry.name): entry for entry in (*urlpatterns, *OPEN) if entry.name not in TAKES_A_POST
}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("name", READ_ONLY)
def test_public_pages_answer_get_and_head_only(name: str, method: str) -> None:
    """The database is out of reach here: what is refused has asked nothing."""
    answer = ask(READ_ONLY[name], method)

    assert (answer.status_code, answer.headers.get("Allow")) == (405, "GET, HEAD")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("name", TAKES_A_POST)
def test_what_takes_a_post_takes_nothing_more(name: str, method: str) -> None:
    (entry,) = [entry for entry in urlpatterns if entry.name == name]
    answer = ask(entry, method)

    assert (answer.status_code, answer.headers.get("Allow")) == (405, "GET, HEAD, POST")


def ask(entry: URLPattern, method: str) -> HttpResponse:
    given = dict.fromkeys(entry.pattern.regex.groupindex, "x") | entry.default_args
    if entry.name not in NO_LANGUAGE:
        given["lang"] = "en"
    answer: HttpResponse = entry.callback(RequestFactory().generic(method, "/"), **given)
    return answer


def test_every_public_address_is_one_of_those_that_are_never_renamed() -> None:
    project = "projects/<str:slug>/"
    of_project = (
        "", "components/<str:number>/", "deliverables/", "deliverables/<str:code>/", "plan/",
        "experts/", "budget/", "about/", "data/", "files/<str:sha256>/", "release.json",
        "datapackage.json", "all.zip", "release.about.json", "release.proof.json",
        "charts/<str:chart>.svg", "charts/<str:chart>.png", "headline.png",
        "<str:table>.csv", "<str:table>.excel.csv", "<str:table>.xlsx", "<str:table>.jsonl",
    )  # fmt: skip
    releases = f"{project}releases/"
    assert {str(entry.pattern) for entry in urlpatterns} == {
        "", "search/", "projects.csv", "verify/", "verify/check.py", "verify/check_release.py",
        "heads/",
        "heads/mail/<str:token>/", "heads/mail/<str:token>/off/", "definitions/",
        "definitions/queries/",
        "definitions/queries.csv", "codes/", "accessibility/", releases,
        "api/", f"{project}releases.atom", f"{project}results.atom", f"{project}due.ics",
        f"{project}embed/",
        f"{releases}<str:first>..<str:second>/",
        f"{releases}<str:first>..<str:second>.json",
        *(f"{project}{page}" for page in of_project),
        *(f"{releases}<str:release>/{page}" for page in of_project),
    }  # fmt: skip


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of a machine and no host of a registry in what is committed."""
    forbidden = ("/" + "work/", "/" + "root/", "py" + "pi.org", "npm" + "js.", "file" + ":///")
    folders = [*APPS, "docs", "locale", "seed", "static", "templates", "tests", ".ci"]
    kept = [*ROOT.glob("*"), *(path for folder in folders for path in (ROOT / folder).rglob("*"))]
    texts = [path for path in kept if path.is_file() and path.suffix not in (".png", ".pyc", ".mo")]
    assert {"Makefile", ".env.example", "django.po", "run"} <= {path.name for path in texts}
    for path in texts:
        text = path.read_text(encoding="utf-8", errors="ignore")
        assert [word for word in forbidden if word in text] == [], name(path)
