"""Files as LibreOffice 7.4 saved them, from an export of the rows that `make_rows` makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Component
from tests.exchange.files import Session
from tests.make import make_component, make_deliverable, make_member, make_project

pytestmark = pytest.mark.django_db
SAVED = Path(__file__).with_name("saved")


def make_rows(component: Component) -> None:
    """The rows of the export that LibreOffice opened."""
    make_deliverable(
        component, "D1.1", title_lv="Pārbaužu vadlīnijas", title_en='=HYPERLINK("http://x")',
        due_original="2026-05-31", note_en="a\nb",
    )  # fmt: skip
    make_deliverable(component, "D1.2", due_original="2026-05", active=False, weight=3)
    make_deliverable(component, "D2.10", achievements=["developed", "adopted"])


@pytest.fixture(autouse=True)
def bruno(client: Client) -> None:
    component = make_component(make_project(publishing="by_hand"))
    make_rows(component)
    client.force_login(make_member(component.project, name="bruno"))


@pytest.mark.parametrize("name", ["libreoffice.xlsx", "libreoffice.csv"])
def test_an_untouched_file_changes_nothing(client: Client, name: str) -> None:
    session = Session(client).upload((SAVED / name).read_bytes(), name)

    assert session.counts == {"new": 0, "changed": 0, "unchanged": 3, "conflicts": 0}


def test_an_edited_file_changes_the_edited_cells(client: Client) -> None:
    session = Session(client).upload((SAVED / "libreoffice-edited.xlsx").read_bytes(), "x.xlsx")
    (row,) = session.page.context["page"]
    assert [(change.column, change.new) for change in row.changes] == [
        ("title_en", "Edited in LibreOffice"),
        ("due_current", "2026-06-30"),
    ]
    session.apply()

    assert Deliverable.objects.get(code="D1.2").title_en == "Edited in LibreOffice"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("libreoffice.ods", "it is no XLSX (an ODS or a DOCX, perhaps)"),
        ("libreoffice.xls", "a workbook of the old kind (.xls)"),
    ],
)
def test_other_formats_are_refused_in_a_sentence(client: Client, name: str, sentence: str) -> None:
    session = Session(client).upload((SAVED / name).read_bytes(), name)

    assert sentence in session.faults[0]
