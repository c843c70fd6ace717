"""Every address of the resolver, asked by every role about every kind of object."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from tests.twinning.filled import filled, logged_in
from tests.twinning.forms import Caller, Data
from tests.twinning.house import House
from tests.twinning.ready import TOKEN, WORKBOOK, make_ready, model_of
from tests.twinning.trespasses import trespasses
from tests.volume import ALL, share

ROLES = ("nobody", "nothing", "coordinator", "leader", "auditor", "administrator")
# Without a right anywhere they are turned away before a form is read: theirs are empty.
TURNED_AWAY = ("nobody", "nothing")
WRITERS = ("coordinator", "leader", "administrator")
OBJECTS = ("own", "other", "foreign", "missing")
# Whose rows a role is tried with: one of each that it is to tell apart. At full strength each role
# is tried with all.
TRIED = {
    "nobody": ("own",),
    "coordinator": ("own", "other", "foreign"),
    "administrator": ("own",),
    **dict.fromkeys(("nothing", "leader", "auditor"), ("own", "foreign")),
}
# That foreign rows are as missing ones there is a test of its own.
ROW_PAGES = re.compile(r"^admin:\w+_(change|history|delete)$")
# Every table has these, by one class: a role is tried with those of one table in four, so that
# each table is tried by one of the four roles that have a right somewhere.
OF_TABLES = (
    re.compile(r"_(export|import|import_job|import_plan|import_template|import_undo)$"),
    re.compile(r"_(add|change|changelist|delete|history)$"),
)
PUBLIC = "public:"  # what everybody may ask, a role asks one in four of
NOT_TRIED = "·"
MISSING = 987_654_321
EMPTY = "POST, empty"
Column = dict[tuple[str, str], str]  # (address, verb) -> the answers to one role


def tried(who: str, name: str) -> Collection[str]:
    """Whose rows are tried there as this role; with none, the address is not asked."""
    if ALL:
        return OBJECTS
    table = "" if name.startswith(WORKBOOK) else model_of(name)
    for pages in OF_TABLES:
        if table and pages.search(name) and table not in of_role(tables_with(pages), who):
            return ()
    if who != "nobody" and name.startswith(PUBLIC) and name not in of_role(public(), who):
        return ()
    kinds = TRIED[who]
    return kinds[:-1] if kinds[-1] == "foreign" and ROW_PAGES.search(name) else kinds


def of_role(cases: Sequence[str], who: str) -> Sequence[str]:
    """The role's part of what four roles share."""
    return share(cases, ROLES.index(who), of=4)


@cache
def tables_with(pages: re.Pattern[str]) -> list[str]:
    """The tables that have such pages."""
    return sorted({model_of(name) for name, _keys in addresses() if pages.search(name)})


@cache
def public() -> list[str]:
    return sorted({name for name, _keys in addresses() if name.startswith(PUBLIC)})


def addresses() -> Iterator[tuple[str, frozenset[str]]]:
    """Every pattern of the resolver, as namespace:name, with what it takes."""

    def walk(
        resolver: URLResolver, spaces: tuple[str, ...], taken: frozenset[str]
    ) -> Iterator[tuple[str, frozenset[str]]]:
        for entry in resolver.url_patterns:
            regex: Any = entry.pattern
            keys = taken | set(regex.converters or regex.regex.groupindex)
            if isinstance(entry, URLResolver):
                more = (entry.namespace,) if entry.namespace else ()
                yield from walk(entry, (*spaces, *more), keys)
            else:
                yield ":".join((*spaces, entry.name or str(regex))), keys

    yield from walk(get_resolver(), (), frozenset())


def address(house: House, name: str, keys: frozenset[str], which: str) -> str | None:
    """The address of an object, or None where the table has none of that kind."""
    named: dict[str, Any] = {}
    slug = {"own": "tw-1", "other": "", "foreign": "far", "missing": "none"}[which]
    for key in keys:
        row = house.rows.get((model_of(name), which))
        if key in ("object_id", "pk"):
            if row is None and which != "missing":
                return None
            named[key] = row.pk if row else MISSING
        elif key == "slug":
            if not slug:
                return None
            named[key] = slug
        elif key == "token" and "_import_" in name:
            named[key] = TOKEN
        elif key == "verb" and model_of(name) == "mission":
            named[key] = "report"
        else:
            named[key] = FILLED.get(key, "1")
    return _written(name, named)


def _written(name: str, named: dict[str, Any]) -> str:
    """Django's own addresses without a name are those of static files and of the admin's end."""
    try:
        return reverse(name, kwargs=named)
    except NoReverseMatch:
        return UNNAMED.get(name, f"/admin/{name}")


UNNAMED = {"admin:(?P<url>.*)$": "/admin/nowhere"}


FILLED = {
    "lang": "en", "number": "1", "code": "D1.1", "table": "deliverables", "sha256": "0" * 64,
    "of": "deliverables_figure", "verb": "start", "token": "forged",
    "transaction": MISSING, "app_label": "deliverables",
    "content_type_id": 1, "url": "nowhere", "uidb36": "1", "key": "forged", "path": "nowhere",
    "name": "report", "chart": "components", "release": "1", "first": "1", "second": "1",
}  # fmt: skip
QUERIES = {"admin:autocomplete": "?app_label=deliverables&model_name=item&field_name=deliverable"}
# What is sent there concerns a row, though the address names none.
ABOUT_A_ROW = re.compile(r"_(add|import|import_job|import_plan|import_undo)$|^admin:restore$")


def objects_of(house: House, method: str, name: str, keys: frozenset[str]) -> tuple[str, ...]:
    """The kinds of objects that a request can be about; one where it is about none."""
    if method != "GET" and name.endswith("_history"):
        return OBJECTS[:1]  # a page that is read, and looks at no verb
    if {"object_id", "pk", "slug"} & keys:
        return OBJECTS
    if method != "GET" and ABOUT_A_ROW.search(name) and (model_of(name), "own") in house.rows:
        return OBJECTS[:-1]
    return OBJECTS[:1]


def asked(
    house: House, who: str, caller: Caller, method: str, name: str, which: str, where: str
) -> str:
    """The answer's status, with "!" where something was written; all of it is taken back."""
    with transaction.atomic():
        served = which != "missing" and who not in TURNED_AWAY
        if served and _matters(who, method, name):
            make_ready(house, name, which, house.person(who))
        data: Data | None = None
        if method != EMPTY and which != "missing":
            where += _query(house, name, which)
        if method == "POST" and served:
            data = filled(house, caller, name, which, where)
        before = last_event()
        # The page of one's own row is made; that of another row is the same page.
        answer = caller.ask(method.partition(",")[0], where, data, shown=which == "own")
        status = str(answer.status_code)
        written = last_event() != before
        if written and (told := trespasses(house, who, before)):
            status = f"{status} {told}"
        transaction.set_rollback(True)
    return f"{status}{'!' if written else ''}"


def _matters(who: str, method: str, name: str) -> bool:
    """Imports are the person's own: none wait for who never imports, or for a page that is none."""
    imports = name.endswith(("_import_job", "_import_plan", "_import_undo"))
    return not imports or (who in WRITERS and (method != "GET" or name.endswith(("_job", "_plan"))))


def _query(house: House, name: str, which: str) -> str:
    """What a page wants in its address: a deletion, the version that the person saw."""
    if name.endswith("_delete") and hasattr(row := house.rows[model_of(name), which], "version"):
        row.refresh_from_db(fields=["version"])
        return f"?seen={row.version}"
    if name == "admin:left":
        return f"?activity={house.rows['activity', which].pk}&from_on=2026-05-04&days=1"
    return QUERIES.get(name, "")


def last_event() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM audit_event")
        return int(cursor.fetchone()[0])


def cell(
    house: House,
    who: str,
    caller: Caller,
    method: str,
    name: str,
    keys: Any,
    after: str = "",
    tried: Collection[str] = OBJECTS,
) -> str:
    """Answers for own, other component's, foreign and missing objects; one where there is none.

    `after`: the answers to the filled form, where the empty one is sent to those that wrote.
    """
    kinds, answers = objects_of(house, method, name, keys), []
    for which, before in zip(kinds, after.split() or ["!"] * len(kinds), strict=True):
        if which not in tried:
            answers.append(NOT_TRIED)
            continue
        where = address(house, name, keys, which) if before.endswith("!") else None
        about = (model_of(name), which) in house.rows or which in ("own", "missing")
        if where is None or not (about or keys & {"slug"}):
            answers.append("–")
        else:
            answers.append(asked(house, who, caller, method, name, which, where))
    return " ".join(answers)


def column(house: House, who: str, tried: Callable[[str, str], Collection[str]] = tried) -> Column:
    """All answers to one role. The empty form is sent only where the filled one wrote something."""
    caller = logged_in(house.person(who))
    found: Column = {}
    for name, keys in sorted(set(addresses()), key=lambda pair: pair[0]):
        if not (kinds := tried(who, name)):
            continue
        for method in ("GET", "POST"):
            found[name, method] = cell(house, who, caller, method, name, keys, tried=kinds)
        if "!" in (sent := found[name, "POST"]):
            found[name, EMPTY] = cell(house, who, caller, EMPTY, name, keys, sent, kinds)
    return {asked: said for asked, said in found.items() if said != "–"}
