"""make bench: the list of results beside Django's own of the same table, first and last page.

300 projects with 333 results each (RESULTS=1000000 in the environment: that many in all), laid down
by SQL. Prints a table for docs/measurements.md. Not part of `make test`: it asserts no times.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.contrib.admin import AdminSite
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.db.models import Model
from django.test import Client, RequestFactory

from accounts.models import User
from audit.bases import AnyAdmin
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Component, Project
from tests.bench.pages import median
from tests.make import make_component, make_deliverable, make_project

pytestmark = pytest.mark.django_db
PROJECTS = 300
EACH = int(os.environ.get("RESULTS", "100000")) // PROJECTS


def copied(model: type[Model], row: Model, numbers: str, **own: str) -> None:
    """More rows like one, one for each of `numbers`, by SQL and without triggers; `own` is what
    differs."""
    made = [f for f in model._meta.concrete_fields if not (f.generated or f.column in own)]
    names = [f.column for f in made if not f.primary_key]
    columns = ", ".join(f'"{name}"' for name in [*names, *own])
    values = ", ".join([*(f'a."{name}"' for name in names), *own.values()])
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} a, {numbers} "
            "WHERE a.id = %s",
            [row.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(f"ANALYZE {table}")


def laid() -> None:
    project = make_project("tw-0", publishing="by_hand")
    component = make_component(project)
    result = make_deliverable(component)
    copied(
        Project, project, f"generate_series(1, {PROJECTS - 1}) n",
        slug="'tw-' || n", reference="'TW ' || n",
    )  # fmt: skip
    others = f"(SELECT id n FROM deliverables_project WHERE id <> {project.pk}) p"
    copied(Component, component, others, project_id="n")
    places = (
        f"(SELECT id c, project_id p FROM deliverables_component) p, generate_series(2, {EACH}) n"
    )
    copied(
        Deliverable, result, places,
        project_id="p.p", component_id="p.c", code="'D1.' || n",
    )  # fmt: skip


class Stock(AnyAdmin):
    """What Django gives for the same columns and filters, if nothing else is said."""

    list_display = ("code", "title_en", "rung", "due_original", "component")
    list_filter = ("project", "rung", "active")
    list_select_related = ("project", "component")
    search_fields = ("code", "title_en")


def of_django(stock: Stock, user: User, query: str) -> Any:
    request: Any = RequestFactory().get(f"/admin/deliverables/deliverable/{query}")
    request.user, request.session = user, {}
    request._messages = CookieStorage(request)
    return stock.changelist_view(request).render()  # type: ignore[attr-defined]


def test_lists(capsys: pytest.CaptureFixture[str]) -> None:
    laid()
    root = User.objects.create_superuser("root")
    client = Client()
    client.force_login(root)
    rows = Deliverable.objects.count()
    of_one = Deliverable.objects.filter(project__slug="tw-7").count()
    stock, lines = Stock(Deliverable, AdminSite()), []
    for name, page in (("first", 1), ("last", -1)):
        query = f"?p={-(-rows // stock.list_per_page) if page < 0 else 1}"
        assert b"D1." in of_django(stock, root, query).content
        theirs = median(lambda q=query: of_django(stock, root, q))  # type: ignore[misc]
        for where, count in (("/admin", rows), ("/desk/tw-7/admin", of_one)):
            query = f"?p={-(-count // 50) if page < 0 else 1}"
            address = f"{where}/deliverables/deliverable/{query}"
            assert b"D1." in client.get(address).content
            ours = median(lambda page=address: client.get(page))  # type: ignore[misc]
            lines.append(f"| {name} | {where} | {theirs:.0f} | {ours:.0f} | {ours / theirs:.2f} |")
    with capsys.disabled():
        title = f"\n{rows} results of {PROJECTS} projects\n"
        print("\n".join([title, "| page | list | Django's, ms | ms | ratio |", *lines]))  # noqa: T201
