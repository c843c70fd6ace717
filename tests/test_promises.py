"""What the documents and docstrings promise of the code as a whole, read from the code."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.migrations import AddField, CreateModel, Migration, RemoveField
from django.db.migrations.loader import MigrationLoader
from django.db.models import GeneratedField, Model, TextField

from audit.events.triggers import audited_tables
from exchange.tables.resources import TableResource
from experts.people.resources import InstitutionResource
from releases.document import live
from releases.document.tables import PUBLISHED, RESOURCES
from tests.sources import APPS, ROOT, SOURCES, TEMPLATES, TREES, calls, imported, name

ARCHITECTURE, WAYS = (
    (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("architecture.md", "ways.md")
)


def rows_below(heading: str, document: str = ARCHITECTURE) -> list[list[str]]:
    """The cells of the first table after a text of a document, without its head."""
    lines = document.split(heading)[1].split("\n|", 1)[1].split("\n\n")[0].split("\n|")
    return [[cell.strip() for cell in line.strip("| \n").split("|")] for line in lines[2:]]


def test_the_rooms_of_the_docs_are_the_packages_that_import_linter_watches() -> None:
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    linter = settings["tool"]["importlinter"]
    watched = {part for layer in linter["contracts"][0]["layers"] for part in layer.split(" | ")}
    told = [cells[0].strip("`/") for cells in rows_below("## The rooms")]
    subjects = {
        contract["containers"][0]: [
            name for layer in contract["layers"] for name in layer.split(" | ")
        ]
        for contract in linter["contracts"][2:]
    }
    order = re.search(r"Imports run downwards only: `([^`]*)`", " ".join(ARCHITECTURE.split()))
    layers = " → ".join(linter["contracts"][0]["layers"])

    assert set(APPS) == set(linter["root_packages"]) == watched == {*told} - {"seed", "stubs"}
    forbidden = set(linter["contracts"][1]["forbidden_modules"])
    above = {"public", "releases", "office", "demo", "tryout", "twinning"}
    assert {module for module in forbidden if "." not in module} == set(APPS) - above
    assert {module for module in forbidden if "." in module} == {
        f"releases.{path.stem}"
        for path in (ROOT / "releases").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    } - {
        f"releases.{name}" for name in ("__init__", "apps", "management", "migrations", "published")
    }
    assert order
    assert order[1] == layers
    for room, text in rows_below("## The rooms"):
        if room != "`public/`":
            named = [
                name
                for name in re.findall(r"`(\w+)`", text)
                if (ROOT / room.strip("`") / name).is_dir()
            ]
            assert named == subjects.get(room.strip("`/"), []), room


# Words of Twinning projects. That a row can belong to a project is all that `exchange` knows.
DOMAIN = r"deliverables?|experts?|missions?|budgets?|indicators?|rungs?|ladder|twinning"


@pytest.mark.parametrize(("room", "least"), [("audit", 10), ("exchange", 10), ("steps", 3)])
def test_the_lower_rooms_have_no_word_of_the_domain(room: str, least: int) -> None:
    own = [ROOT / room, ROOT / "templates" / "admin" / room]
    files = [
        path for folder in own for suffix in ("py", "html") for path in folder.rglob(f"*.{suffix}")
    ]
    more = "" if room == "exchange" else "|projects?"
    words = re.compile(rf"(?<![a-z])({DOMAIN}{more})(?![a-z])", re.IGNORECASE)

    assert len(files) > least
    assert words.search("of the deliverables_deliverable")
    assert [
        (name(path), found) for path in files for found in words.findall(path.read_text("utf-8"))
    ] == []


def test_the_public_pages_have_no_tables_and_nothing_of_a_session() -> None:
    public = [module for module in TREES if module.startswith("public")]
    ready = (
        "public.http.kept"  # makes no page: by its address and what its reader takes, one is sent
    )
    asked = {
        module: {
            node.attr
            for node in ast.walk(TREES[module])
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "request"
        }
        for module in public
    }
    rendered = [
        call
        for module in public
        for call in calls(TREES[module])
        if ast.unparse(call.func) == "render_to_string"
    ]

    assert list(apps.get_app_config("public").get_models()) == []
    assert asked.pop(ready) == {"META", "method", "path", "scheme"}
    assert "COOKIE" not in ast.unparse(TREES[ready])
    assert set().union(*asked.values()) == {
        "GET", "method", "path", "path_info", "resolver_match", "get_full_path", "headers"
    }  # fmt: skip
    # Of the headers, where cookies are, one function looks at Range and If-Range.
    assert [m for m in public if "request.headers" in ast.unparse(TREES[m])] == [
        "public.http.responses"
    ]
    assert len(rendered) >= 4
    assert [call for call in rendered if len(call.args) > 2 or call.keywords] == []


def test_of_the_public_pages_only_verify_a_file_has_a_script() -> None:
    scripts = [name(path) for path in TEMPLATES if "<script" in path.read_text("utf-8")]

    office = ("templates/admin/", "templates/mfa/")
    assert [path for path in scripts if not path.startswith(office)] == [
        "templates/public/verify.html"
    ]
    assert [path.name for path in (ROOT / "static" / "public").glob("*.js")] == ["verify.js"]
    decision = (ROOT / "docs/adr/0005-server-rendered-pages-stock-admin.md").read_text("utf-8")
    ours = {name(path) for path in (ROOT / "static").rglob("*.js")}
    assert set(re.findall(r"`(static/[\w/]+\.js)`", decision)) == ours


WRITES = {
    "save", "create", "create_user", "create_superuser", "bulk_create", "bulk_update", "delete",
    "get_or_create", "update_or_create", "_raw_delete",
}  # fmt: skip
SQL = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\b")
NO_ROWS = ("super()", "store()", "cluster")  # forms, files and the embedded PostgreSQL


def writes(tree: ast.AST) -> bool:
    """Whether a module writes rows: by a model, a query or SQL that it executes."""
    named = [call for call in calls(tree) if isinstance(call.func, ast.Attribute)]
    for call in named:
        assert isinstance(call.func, ast.Attribute)
        if ast.unparse(call.func.value) in NO_ROWS:
            continue
        updates = call.func.attr == "update" and call.keywords and not call.args
        if updates or call.func.attr in WRITES:
            return True
    executes = any(ast.unparse(call.func).endswith(".execute") for call in named)
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return executes and any(isinstance(text, str) and SQL.match(text) for text in texts)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("row.save(update_fields=['a'])", True),
        ("Row.objects.filter(pk=1).update(a=2)", True),
        ("cursor.execute('UPDATE t SET a = 1')", True),
        ("known.update(other); super().save(); cursor.execute('SELECT 1')", False),
    ],
)
def test_a_module_that_writes_is_told_from_one_that_does_not(code: str, found: bool) -> None:
    assert writes(ast.parse(code)) is found


def test_only_the_modules_that_the_docs_name_write_rows() -> None:
    told = {
        f"{room.strip('`/')}.{module}"
        for room, modules in rows_below("only these write rows:", WAYS)
        for module in re.findall(r"`([\w.]+)`", modules)
    }
    found = {
        module.replace("management.commands.", "") for module, tree in TREES.items() if writes(tree)
    }

    assert found - {"tryout.embedded_postgres"} == told


MAKES = ("", "objects.create", "objects.bulk_create", "objects.get_or_create")


def made_in(room: str) -> dict[str, set[str]]:
    """The tables of a room by name, and the modules that make rows of them."""
    names = [model.__name__ for model in apps.get_app_config(room).get_models()]
    made: dict[str, set[str]] = {one: set() for one in names}
    for module, tree in TREES.items():
        there = set(imported(tree))
        known = {one for one in names if f"{room}.models.{one}" in there}
        for call in calls(tree) if known else ():
            maker, _dot, how = ast.unparse(call.func).partition(".")
            if maker in known and how in MAKES:
                made[maker].add(module)
    return made


def test_releases_and_the_trail_are_each_written_in_one_place() -> None:
    assert made_in("releases") == {
        **dict.fromkeys(("Edition", "Listing"), set()),  # by triggers
        "Pack": {"releases.packs.pack"},
        "Release": {"releases.actions"},
        "SearchEntry": {"releases.search.index"},
        "SearchWord": {"releases.search.index"},
        "Withdrawal": {"releases.withdrawing"},
    }
    assert made_in("audit") == {
        "Event": set(), "Batch": set(), "Book": {"audit.seals.books"},
        **dict.fromkeys(("Line", "Balance", "Seal"), {"audit.seals.sealing"}),
        "Notice": {"audit.seals.notices"}, "Timestamp": {"audit.seals.timestamps"},
    }  # fmt: skip


def test_every_class_of_questions_stands_in_querysets() -> None:
    found = {
        (module, node.name)
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith("QuerySet")
    }

    assert len(found) >= 9
    assert [one for one in found if not one[0].endswith(".querysets")] == []


def test_no_own_log_of_django_is_written_and_its_permissions_decide_of_people_alone() -> None:
    pages = {model._meta.label: type(page) for model, page in admin.site._registry.items()}
    stock: Any = ModelAdmin
    asked = {
        label
        for label, page in pages.items()
        for verb in ("view", "change", "add", "delete", "module")
        if getattr(page, f"has_{verb}_permission") is getattr(stock, f"has_{verb}_permission")
    }

    assert asked == {"accounts.User"}
    for log in ("log_addition", "log_change", "log_deletions"):
        assert [
            label for label, page in pages.items() if getattr(page, log) is getattr(stock, log)
        ] == []
    words = re.compile(r"\b(has_perms?|user_permissions|permission_required)\(|\buser\.groups\b")
    assert [name(path) for path in SOURCES if words.search(path.read_text("utf-8"))] == []


def test_every_table_that_a_document_reads_notes_its_changes() -> None:
    """Also those that a column of another table leads to, as a file through its evidence."""
    read: dict[type[Model], str] = {}
    read_by: list[type[TableResource]] = [*live.TABLES, InstitutionResource, *live.OFFICE]
    for resource in read_by:
        paths = [column.path for column in resource.public_columns() if not column.computed]
        if rule := resource.counting:
            paths += [path for path, _values, _wanted in rule.where]
            paths += [f"{rule.newest.at}__id"] if rule.newest and rule.newest.at else []
        for path in paths:
            model = resource.model()
            for part in path.split("__"):
                read[model] = f"{resource.table}.{path}"
                model = getattr(model._meta.get_field(part), "related_model", None) or model
    triggers: dict[str, list[str]] = {
        model._meta.label: [trigger.name for trigger in getattr(model._meta, "triggers", ())]
        for model in read
    }

    assert "deliverables.File" in triggers
    assert [label for label, names in triggers.items() if "notes_change" not in names] == []


def test_single_missions_days_and_rates_are_in_no_release() -> None:
    inside = {resource.table for resource in live.OFFICE}

    assert inside == {"missions", "mission_experts", "expert_days", "rates"}
    assert inside & PUBLISHED.keys() == set()
    assert {"rulesets", "terms", "contract_changes", "contract_moves"} <= PUBLISHED.keys()


def test_every_edited_table_counts_its_versions() -> None:
    for resource in RESOURCES.values():
        options: Any = resource.model()._meta
        assert "version" in {field.name for field in options.fields}, resource.table
        assert "version_counts" in {trigger.name for trigger in options.triggers}, resource.table


def test_of_django_import_export_only_the_description_of_tables_is_used() -> None:
    used = {
        node.module
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("import_export")
    }

    assert used == {"import_export.fields", "import_export.resources", "import_export.widgets"}


@pytest.mark.parametrize(
    "module",
    [
        "tryout.embedded_postgres",
        "tryout.postgres_cluster",
        "tryout.postgres_programs",
        "releases.packs.check",
    ],
)
def test_what_runs_before_or_without_the_register_needs_the_standard_library_alone(
    module: str,
) -> None:
    others = {one.partition(".")[0] for one in imported(TREES[module])} - sys.stdlib_module_names

    assert others <= {"tryout"}


def test_no_migration_asks_for_an_extension_or_an_icu_collation() -> None:
    migrations = [path for app in APPS for path in (ROOT / app / "migrations").glob("*.py")]
    asked = re.compile(r"CREATE EXTENSION|\w+Extension\(|provider *= *.?icu|-x-icu")

    assert len(migrations) > len(APPS)
    assert [name(path) for path in migrations if asked.search(path.read_text("utf-8"))] == []


def altered(migration: Any) -> set[str]:
    """The tables that were there before, and get or lose columns that the trail records."""
    new = {made.name_lower for made in migration.operations if isinstance(made, CreateModel)}
    found = set()
    for made in migration.operations:
        if isinstance(made, AddField | RemoveField) and made.model_name_lower not in new:
            model = apps.get_model(migration.app_label, made.model_name)
            trigger = audited_tables().get(model)
            derived = {f.name for f in model._meta.fields if isinstance(f, GeneratedField)}
            if trigger and made.name not in {*trigger.left_out, *derived}:
                found.add(model._meta.db_table)
    return found


def unrecorded(graph: Any, texts: dict[Any, str]) -> list[Any]:
    """Tables that a migration alters, where none behind it records how the rows are now. The first
    ones, which replace all that was before, alter nothing."""
    needed = {at: set(graph.forwards_plan(at)) for at in texts}
    recorded: dict[str, list[Any]] = {}
    for at, text in texts.items():
        for table in re.findall(r'"(\w+_\w+)"', text) if "record_state(altered=" in text else ():
            recorded.setdefault(table, []).append(at)
    later = [at for at in needed if not graph.nodes[at].replaces]
    return [
        (at, table)
        for at in later
        for table in sorted(altered(graph.nodes[at]))
        if not [one for one in recorded.get(table, []) if at in needed[one]]
    ]


@pytest.fixture
def graph() -> Any:
    return MigrationLoader(None).graph


@pytest.fixture
def texts(graph: Any) -> dict[Any, str]:
    """The text of each of our migrations."""
    ours = [at for at in graph.nodes if at[0] in APPS]
    return {at: (ROOT / at[0] / "migrations" / f"{at[1]}.py").read_text("utf-8") for at in ours}


def test_a_migration_that_alters_an_audited_table_is_followed_by_its_state(
    graph: Any, texts: dict[Any, str]
) -> None:
    """A restored register goes on from the states."""
    assert {at[0] for at in texts} == {path.parent.name for path in ROOT.glob("*/migrations")}
    assert unrecorded(graph, texts) == []


class More(Migration):
    operations = [
        AddField("expert", "nickname", TextField()),
        AddField("expert", "code_order", TextField()),  # derived: it is in no event
        RemoveField("mission", "place"),
        CreateModel("Journey", []),
        AddField("journey", "place", TextField()),
    ]


def test_one_that_is_not_followed_is_found(graph: Any, texts: dict[Any, str]) -> None:
    first, at = ("experts", "0001_tables"), ("experts", "0002_more")
    made = More(at[1], at[0])
    graph.add_node(at, made)
    graph.add_dependency(made, at, first)

    found = unrecorded(graph, {**texts, at: 'record_state(altered="experts_mission")'})
    assert found == [(at, "experts_expert")]
    assert unrecorded(graph, {**texts, first: "x", at: ""})[1:] == [(at, "experts_mission")]
