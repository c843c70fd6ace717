"""make bench: a list of 100,000 rows beside Django's own of the same table, first and last page.

Prints a table for docs/measurements.md. Not part of `make test`: it asserts nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin import AdminSite
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.test import Client, RequestFactory

from accounts.models import User
from audit.bases import AnyAdmin
from deliverables.plan.models import Activity
from tests.bench.pages import median
from tests.make import make_activity, make_component, make_project

pytestmark = pytest.mark.django_db
ROWS, PAGE = 100_000, 50
LAID = """
    INSERT INTO deliverables_activity ({columns})
    SELECT {values} FROM deliverables_activity a, generate_series(1, %s) AS n WHERE a.id = %s
"""


def laid() -> None:
    """Activities of one project, by SQL and without triggers."""
    row = make_activity(make_component(make_project("tw-1", publishing="by_hand")))
    own = {
        "code": "'B' || n / 1000 || '.' || n %% 1000",
        "code_order": "ARRAY[n / 1000, n %% 1000]",
    }
    made = [f for f in Activity._meta.concrete_fields if not (f.primary_key or f.generated)]
    names = [str(field.column) for field in made]
    values = [own.get(name, f'a."{name}"') for name in names]
    sql = LAID.format(columns=", ".join(f'"{n}"' for n in names), values=", ".join(values))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, [ROWS, row.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE deliverables_activity")


class Stock(AnyAdmin):
    list_display = ("code", "title_en", "project")
    list_filter = ("project",)
    search_fields = ("code", "title_en")
    list_per_page = PAGE


def test_lists(capsys: pytest.CaptureFixture[str]) -> None:
    laid()
    root = User.objects.create_superuser("root")
    client = Client()
    client.force_login(root)
    stock, factory = Stock(Activity, AdminSite()), RequestFactory()

    def of_django(query: str) -> None:
        request: Any = factory.get(f"/admin/deliverables/activity/{query}")
        request.user, request.session = root, {}
        request._messages = CookieStorage(request)
        assert stock.changelist_view(request).render().status_code == 200  # type: ignore[attr-defined]

    last = f"?p={-(-(ROWS + 1) // PAGE)}"
    lines = []
    for name, query in (("first", ""), ("last", last)):
        theirs = median(lambda query=query: of_django(query))  # type: ignore[misc]
        for where in ("/admin", "/desk/tw-1/admin"):
            page = f"{where}/deliverables/activity/{query}"
            assert client.get(page).status_code == 200
            ours = median(lambda page=page: client.get(page))  # type: ignore[misc]
            lines.append(f"| {name} | {where} | {theirs:.0f} | {ours:.0f} | {ours / theirs:.2f} |")
    with capsys.disabled():
        print("\n".join(["", "| page | list | Django's, ms | ms | ratio |", *lines]))  # noqa: T201
