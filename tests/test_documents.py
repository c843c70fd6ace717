"""What the documents name is there, and the numbers in them are those of the code."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import get_commands, load_command_class
from django.urls import NoReverseMatch, Resolver404, resolve
from django.utils import translation

from accounts.access import limits as tries
from accounts.access import sessions
from budget.contract.models import Ruleset
from deliverables.evidence import inspecting
from deliverables.evidence.pages import MOST
from deliverables.fields.columns import PartialDateField
from deliverables.ladder.status import SIDE_EXITS, Rung
from demo.management.commands import load_seed
from exchange.exports import exporting
from exchange.exports.extracts import FORMATS
from exchange.imports import intake as importing
from exchange.tables import limits
from exchange.tables.widgets import BooleanWidget, DateWidget, MoneyWidget
from office import findings
from releases.document.tables import DOWNLOADS
from tests.sources import APPS, ROOT, SOURCES, name
from tryout import bodies, ports
from tryout.management.commands import serve

# docs/addresses.md and docs/data-dictionary.md are written by the code, and compared with it.
WRITTEN = {"addresses.md", "data-dictionary.md"}
PAGES = [
    path
    for pattern in ("*.md", "docs/*.md", "docs/adr/*.md", "seed/*.md")
    for path in sorted(ROOT.glob(pattern))
    if path.name not in WRITTEN | {"CHANGELOG.md"}
]
TEXTS = {name(path): path.read_text(encoding="utf-8") for path in PAGES}
FOLDERS = [*APPS, "docs", "locale", "seed", "static", "templates", "tests"]
A_PATH = re.compile(rf"(?<![\w/.])(?:{'|'.join(FOLDERS)})/[\w./*{{}}-]*[\w*]")
A_FILE = re.compile(r"`([\w.-]+\.(?:py|toml|sql|in|sh))`")
A_NAME = re.compile(rf"`((?:{'|'.join(APPS)})\.[A-Za-z_][\w.]*)")


def spans() -> Iterator[tuple[str, str]]:
    """Each page with each piece of code on it."""
    for page, text in TEXTS.items():
        for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL):
            yield from ((page, line) for line in block.splitlines())
        for span in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
            yield page, span


def test_the_documents_are_read() -> None:
    assert len(PAGES) >= 20
    assert {"README.md", "SECURITY.md", "docs/architecture.md"} <= TEXTS.keys()
    assert sum(1 for _span in spans()) > 150


@pytest.mark.parametrize("document", TEXTS)
def test_every_link_of_a_document_leads_to_a_file(document: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)", TEXTS[document])
    near = [target for target in targets if "://" not in target]

    assert [
        target for target in near if not (ROOT / document).parent.joinpath(target).exists()
    ] == []


FILES = {one.name for folder in APPS for one in (ROOT / folder).rglob("*")}
FILES |= {one.name for one in (*ROOT.glob("*"), *ROOT.glob("tests/**/*.py"))}
ELSEWHERE = {"bagit.py"}  # a program of others


def not_there(text: str) -> list[str]:
    """Paths and file names that lead nowhere; docs/adr/0001 is the file that begins so."""
    text = re.sub(r"\w+://\S+", "", text)
    paths = [found.rstrip(".") for found in A_PATH.findall(text)]
    return [one for one in paths if not any(ROOT.glob(f"{one}*"))] + [
        one for one in A_FILE.findall(text) if one not in FILES | ELSEWHERE
    ]


@pytest.mark.parametrize("document", TEXTS)
def test_every_file_that_a_document_names_is_there(document: str) -> None:
    assert not_there(TEXTS[document]) == []


def test_every_file_that_a_docstring_names_is_there() -> None:
    told = {
        name(path): "\n".join(re.findall(r'"""(.*?)"""', path.read_text("utf-8"), re.DOTALL))
        for path in SOURCES
    }

    assert len([text for text in told.values() if A_PATH.search(text)]) > 10
    assert {path: gone for path, text in told.items() if (gone := not_there(text))} == {}
    assert not_there("see docs/nothing.md and `nothing.py`") == ["docs/nothing.md", "nothing.py"]


@pytest.mark.parametrize("document", TEXTS)
def test_every_name_of_the_code_that_a_document_uses_exists(document: str) -> None:
    assert [one for one in A_NAME.findall(TEXTS[document]) if not exists(one)] == []


def exists(dotted: str) -> bool:
    """A module, something in it, or a model of an app: deliverables.Membership."""
    parts = dotted.rstrip(".").split(".")
    if len(parts) == 2 and parts[1].lower() in apps.all_models[parts[0]]:
        return True
    for cut in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part, None)
        return found is not None
    return False


def test_every_command_that_a_document_names_takes_the_options_that_it_gives() -> None:
    asked = [(page, *found) for page, span in spans()
             for found in re.findall(r"manage\.py ([a-z_]+)([^`]*)", span)]  # fmt: skip
    commands, wrong = get_commands(), []
    for page, command, rest in asked:
        app = commands.get(command)
        if app is None:
            wrong.append((page, command))
            continue
        parser = load_command_class(str(app), command).create_parser("manage.py", command)
        known = set(parser._option_string_actions)
        wrong += [
            (page, option) for option in re.findall(r"--[a-z-]+", rest) if option not in known
        ]

    assert {"worker", "verify_audit", "audit_pack", "person"} <= {one[1] for one in asked}
    assert wrong == []


def test_every_make_target_test_and_setting_that_a_document_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    known = set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE))
    known |= set(re.findall(r"\$\(([A-Z]+_[A-Z]+)\)", makefile))
    made = {target for _page, span in spans() for target in re.findall(r"\bmake ([a-z-]+)", span)}
    asked = {one for page in ("README.md", "SECURITY.md", "docs/operations.md")
             for one in re.findall(r"\b([A-Z]+_[A-Z_]+)\b", TEXTS[page])}  # fmt: skip

    assert {"run", "test", "check"} <= made <= targets
    assert {"DATABASE_URL", "TRUSTED_PROXIES"} <= asked <= known
    for _page, span in spans():
        if selected := re.search(r"pytest (tests/[\w/]+\.py) -k (\w+)", span):
            assert re.search(rf"def test_\w*{selected[2]}", (ROOT / selected[1]).read_text("utf-8"))


def test_every_address_that_a_document_names_leads_to_a_page() -> None:
    asked = {span.replace("…", "demo") for _page, span in spans() if re.match(r"/[\w/]*\S*$", span)}
    asked = {re.sub(r"^/desk/[^/]+/", "/", address) for address in asked}  # accounts/desks.py

    assert {"/admin/", "/audit/heads.json", "/lv/verify/", "/admin/preview/"} <= asked
    assert [address for address in asked if not leads(address)] == []


def leads(address: str) -> bool:
    """To a page, or to pages below it."""
    for more in ("", "en/"):
        try:
            resolve(address.partition("?")[0] + more)
        except (Resolver404, NoReverseMatch):
            continue
        return True
    return False


def mega(size: int) -> int:
    return size // 1024 // 1024


NUMBERS = {
    "docs/exchange.md": [
        f"More than {exporting.AT_ONCE} at once per person are refused with 429",
        f"more than {mega(limits.UPLOAD)} MB, {limits.ROWS:,} rows, {limits.COLUMNS} columns, "
        f"{limits.CELL:,} characters in a cell",
        f"After {'an hour' if importing.HOUR.total_seconds() == 3600 else '?'} it is not carried",
        "one table: " + ", ".join(str(one.name) for one in FORMATS.values()),
    ],
    "docs/threat-model.md": [
        f"import {mega(limits.UPLOAD)} MB, evidence {mega(limits.EVIDENCE)} MB a file, a request "
        f"{mega(limits.REQUEST)} MB, {limits.ROWS:,} rows",
        f"more than {tries.HERE} guesses of a name from one address in {tries.WINDOW // 60} "
        f"minutes are hashed, or more than {tries.BY_ADDRESS} without a pause",
    ],
    "docs/operations.md": [
        f"{'Five' if tries.HERE == 5 else '?'} wrong passwords of a name from one address are "
        f"followed by a pause of {tries.WINDOW // 60} minutes",
        f"A name alone, after {'ten' if tries.BY_NAME == 10 else '?'}, and an address alone, after "
        f"{'twenty' if tries.BY_ADDRESS == 20 else '?'}, wait longer after each further one, up to "
        f"{'half a minute' if tries.PAUSE == 30 else '?'} ({tries.PAUSE_OF_CODES // 60} minutes "
        "for codes",
        f"within {bodies.GRACE} seconds, and one more for each {bodies.PACE // 1024} kB that have "
        f"come (else 408), up to {mega(limits.REQUEST)} MB (else 413, before it is read), each "
        f"process {bodies.AT_ONCE} at once, "
        f"{'ten' if bodies.LARGE_AT_ONCE == 10 else '?'} of them larger than "
        f"{bodies.IN_MEMORY // 1024} kB",
        f"ended after {inspecting.SECONDS} seconds and, on Linux, at {mega(inspecting.MEMORY)} MB",
    ],
    "README.md": [
        f"bodies to {mega(limits.REQUEST)} MB ({'four' if MOST == 4 else MOST} files of evidence",
        f"on http://{ports.HOST}:8000",
    ],
    "SECURITY.md": [f"over plain HTTP on {ports.HOST}"],
    "docs/arithmetic.md": [
        f"from the warning ({Ruleset._meta.get_field('reallocation_warning').default} per cent of "
        "the limit"
    ],
    "docs/measurements.md": [
        f"come {'fifty' if findings.PAGE == 50 else '?'} to a page",
        f"the digests of its {len(DOWNLOADS) * len(FORMATS)} files",
        f"two workers of {'four' if serve.THREADS == 4 else '?'} threads",
    ],
    "accounts/access/sessions.py": [
        f"lasts {settings.SESSION_COOKIE_AGE // 3600} hours, and ends after "
        f"{sessions.IDLE // 60} minutes without a request"
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("document", "sentence"), [(one, told) for one, all_ in NUMBERS.items() for told in all_]
)
def test_a_number_in_a_document_is_that_of_the_code(document: str, sentence: str) -> None:
    with translation.override("en"):
        assert (
            sentence.casefold() in " ".join((ROOT / document).read_text("utf-8").split()).casefold()
        )


def test_the_ladder_of_the_glossary_is_that_of_the_code() -> None:
    table = TEXTS["docs/glossary.md"].split("## The ladder")[1]
    told = [[cell.strip() for cell in line.split("|")[1:3]] for line in table.splitlines()
            if line.startswith("| ")][1:]  # fmt: skip
    rungs = [rung for rung in Rung if rung not in SIDE_EXITS]

    assert told == [[in_language(rung, "en"), in_language(rung, "lv")] for rung in rungs]
    assert ", ".join(in_language(rung, "en") for rung in SIDE_EXITS) in table


def in_language(rung: Rung, language: str) -> str:
    with translation.override(language):
        return str(rung.label).lower()


def test_the_seed_is_what_its_page_says() -> None:
    text = " ".join(TEXTS["seed/README.md"].split())
    told = re.search(r"load in this order: ([\w, ]+)\.", text)
    story = {path.stem: list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
             for path in (ROOT / "seed/demo/story").glob("*.csv")}  # fmt: skip
    missions = story["missions"]
    counted = [len([row for row in missions if row[how]]) for how in ("cancelled", "returned")]

    assert told
    assert told[1].split(", ") == list(dict.fromkeys(load_seed.ORDER))
    assert {path.stem for path in (ROOT / "seed").glob("*/*.csv")} == set(load_seed.ORDER)
    assert f"{len(missions)} missions with their days (one is cancelled, one report is retu" in text
    assert counted == [1, 1]
    assert [row["kind"] for row in story["contract_changes"]] == ["side_letter"] * 2
    assert "two side letters" in text


def day(text: str) -> str:
    return str(PartialDateField().clean(DateWidget().clean(text), None))


READ: dict[str, tuple[Callable[[str], Any], list[str]]] = {
    "31.12.2026": (day, ["03/04/2026", "46387"]),
    "1 234 567,89": (MoneyWidget().clean, ["1.234", "5 USD", "-1"]),
    "jā": (BooleanWidget().clean, ["maybe"]),
}


@pytest.mark.parametrize("first", READ)
def test_the_cells_of_the_docs_are_read_or_refused_as_they_say(first: str) -> None:
    read, refused = READ[first]
    rows = TEXTS["docs/exchange.md"].splitlines()
    (line,) = [row for row in rows if row.startswith(f"| {first}")]
    cells, outcome = (cell.strip() for cell in line.strip("|").split("|"))
    values = re.split(r" · |, ", cells.partition(";")[0])

    assert outcome.startswith("read")
    assert len(values) >= 3
    for value in values:
        assert read(value) not in ("", None), value
    for value in refused:
        with pytest.raises((ValueError, ValidationError), match="“"):
            read(value)


def test_env_example_names_exactly_what_is_read() -> None:
    root = settings.BASE_DIR
    sources = [root / "twinning" / "settings.py", *root.glob("*/management/commands/*.py")]
    read = {
        name
        for source in sources
        for name in re.findall(r'(?:env\.\w+|environ\.get)\(\s*"(\w+)"', source.read_text())
    }
    example = (root / ".env.example").read_text()
    assert read == set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE))
    assert "PORT" in read
    assert "SECRET_KEY" in read
