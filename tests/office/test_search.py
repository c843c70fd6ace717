"""Words are found however they are typed: in lists, in choices and on the public page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from deliverables.evidence.models import Source
from releases import actions
from tests.make import make_component, make_deliverable, make_project
from tests.office.test_order_of_lists import columns, office, root

__all__ = ["office", "root"]
pytestmark = pytest.mark.django_db
WORDS = {
    "title_lv": "Kosovas “Migrācijas” pārvaldes—iestāžu\u00a0stiprināšana (D'Arc)",
    "title_en": "Strengthening Kosovo’s institutions",
}
FINDS = [
    "migracijas", "\"migrācijas\"", "„Migrācijas”", "'migracijas'", "parvaldes-iestazu",
    "PĀRVALDES–IESTĀŽU", "iestazu stiprinasana", "iestāžu\u00a0stiprināšana", "iestāžu\u2009stipr",
    "stiprināšana kosovas", "d'arc", "d’arc", "dʼarc", "d`arc", "kosovo's", "kosovo’s strength",
    "migrā\u200bcijas", "migra\u0304cijas",
]  # fmt: skip
MISSES = ["migrācijas nothing", "stiprināšanas", "x", "d-arc"]


def searches(client: Client) -> Iterator[tuple[str, Any]]:
    """The ways to look for a result by words: a list, a choice, the public page."""
    yield (
        "list",
        lambda q: columns(
            client.get(
                reverse("admin:deliverables_deliverable_changelist"), {"q": q}
            ).content.decode(),
            "code",
        ),
    )
    offered = {"app_label": "deliverables", "model_name": "item", "field_name": "deliverable"}
    yield (
        "choice",
        lambda q: client.get(reverse("admin:autocomplete"), {**offered, "term": q}).json()[
            "results"
        ],
    )
    yield (
        "public",
        lambda q: re.findall(
            r"deliverables/D1\.1/",
            client.get("/en/projects/tw-1/deliverables/", {"q": q}).content.decode(),
        ),
    )


def test_words_are_found_however_they_are_typed(office: Client) -> None:
    row = make_deliverable(make_component(make_project()), "D1.1", **WORDS)
    actions.publish(row.project, by=None)
    for way, found in searches(office):
        assert {q for q in FINDS if not found(q)} == set(), way
        assert {q for q in MISSES if found(q)} == set(), way


def test_columns_without_a_folded_copy_are_searched_alike(office: Client) -> None:
    Source.objects.create(
        project=make_project(), code="S1", language="lv", title_lv="x", title_en="x",
        publisher_lv="x", publisher_en="x", publisher_short="Pilsonības “Lieta”",
    )  # fmt: skip
    where = reverse("admin:deliverables_source_changelist")
    for q in ("pilsonibas", "LIETA pilsonības", '"lieta"'):
        page = office.get(where, {"q": q}).content.decode()
        assert len(columns(page, "code")) == 1, q
