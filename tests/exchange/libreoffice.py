"""Each table opened and saved again by LibreOffice, as XLSX, by way of ODS, and as CSV.

Not part of `make test`, which installs no office: `pytest tests/exchange/libreoffice.py` where
there is one (`apt-get install libreoffice-calc`).
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from releases.document.tables import RESOURCES
from tests.audit.rows import ROWS
from tests.exchange.files import Session, exported
from tests.exchange.test_own_exports import unchanged
from tests.twinning.ready import TEXTS

pytestmark = pytest.mark.django_db
CSV = 'csv:"Text - txt - csv (StarCalc)":44,34,76,1,,0,false,true,false'  # as it is shown


def office(file: Path, to: str) -> Path:
    """The file as LibreOffice saves it in another format."""
    out = (
        file.with_suffix(f".{to}") if file.suffix != f".{to}" else file.parent / "again" / file.name
    )
    subprocess.run(  # noqa: S603 - a file of ours
        ["soffice", "--headless", f"-env:UserInstallation=file://{file.parent}/profile",  # noqa: S607
         "--convert-to", CSV.replace('"', "") if to == "csv" else to,
         "--outdir", str(out.parent), str(file)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return out


@pytest.mark.parametrize("table", RESOURCES)
def test_a_table_comes_back_from_an_office(client: Client, table: str, tmp_path: Path) -> None:
    resource = RESOURCES[table]
    ROWS[resource.model()._meta.label][0]()
    client.force_login(User.objects.create_superuser("root", password="x"))
    app, name = resource.model()._meta.label_lower.split(".")
    given = tmp_path / f"{table}.xlsx"
    given.write_bytes(exported(client, "xlsx", name, app))

    found: dict[str, Any] = {}
    for way in ("xlsx", "ods", "csv"):
        saved = office(given, way)
        saved = office(saved, "xlsx") if way == "ods" else saved
        session = Session(client, name, app).upload(saved.read_bytes(), saved.name)
        found[way] = session.faults or session.counts

    assert found == dict.fromkeys(found, unchanged(resource))


def test_one_edited_cell_is_one_change(client: Client, tmp_path: Path) -> None:
    ROWS["deliverables.Deliverable"][0]()
    client.force_login(User.objects.create_superuser("root", password="x"))
    given = tmp_path / "t.xlsx"
    given.write_bytes(exported(client, "xlsx"))
    book = load_workbook(office(given, "xlsx"))
    sheet: Any = book.worksheets[0]
    column = next(cell.column for cell in sheet[1] if cell.value in TEXTS)
    sheet.cell(row=2, column=column).value = "Edited"
    book.save(given)
    session = Session(client).upload(office(given, "xlsx").read_bytes(), "t.xlsx")

    (row,) = session.page.context["page"]
    assert [change.new for change in row.changes] == ["Edited"]
