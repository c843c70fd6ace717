"""Exports through the admin's own pages, with real files."""

from __future__ import annotations

import base64
import csv
import errno
import hashlib
import io
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import load_command_class
from django.test import Client
from django.urls import resolve, reverse
from openpyxl import load_workbook

from audit.models import Event
from deliverables.ladder.models import Deliverable
from exchange.exports import exporting
from exchange.exports.extracts import FORMATS, Extract
from exchange.models import Export
from exchange.reading import sheets
from exchange.tables.cells import as_csv
from public.urls import urlpatterns
from releases.document.tables import RESOURCES
from tests.exchange.files import exported
from tests.make import (
    make_component,
    make_deliverable,
    make_entry,
    make_expert,
    make_line,
    make_member,
    make_project,
)

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://x")'


@pytest.fixture(autouse=True)
def deliverable(settings: Any, tmp_path: Any, client: Client) -> Deliverable:
    settings.VAR_DIR = tmp_path
    made = make_deliverable(make_component(make_project()), title_en=FORMULA)
    client.force_login(make_member(made.project, name="bruno"))
    return made


def test_a_csv_is_rfc_4180_and_the_same_in_both_languages(client: Client) -> None:
    files = []
    for language in ("lv", "en"):
        client.post("/admin/language/", {"language": language})
        files.append(exported(client, "csv"))

    assert files[0] == files[1]
    (row,) = csv.DictReader(io.StringIO(files[0].decode(), newline=""))
    assert (row["code"], row["title_en"], row["active"], row["version"]) == (
        "D1.1",
        "'" + FORMULA,
        "yes",
        "1",
    )
    assert files[0].endswith(b"\r\n")
    assert files[0].count(b"\r\n") == files[0].count(b"\n") == 2


def test_what_is_sent_has_its_length_digest_and_name_and_is_recorded(
    client: Client, deliverable: Deliverable
) -> None:
    where = reverse("admin:deliverables_deliverable_export") + "?rung__exact=planned&q=no"
    response = client.post(where, {"format": "csv"})
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]

    export = Export.objects.get()
    digest = hashlib.sha256(content)
    assert response.headers["Content-Length"] == str(len(content)) == str(export.size)
    assert response.headers["Repr-Digest"] == (
        f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    )
    assert export.sha256 == digest.hexdigest()
    assert export.name.startswith("tw-1_deliverables_20")
    assert export.name.endswith("Z.csv")
    assert f'filename="{export.name}"' in response.headers["Content-Disposition"]
    assert (export.table, export.project, export.rows) == ("deliverables", "tw-1", 1)
    assert export.filter == "rung: Planned; search: no"
    assert export.files == [{"path": export.name, "sha256": export.sha256}]
    assert Event.objects.get(table="exchange_export").why == "export"


def test_the_record_of_an_export_is_never_changed(client: Client) -> None:
    exported(client, "csv")

    with pytest.raises(Exception, match="Cannot update"):
        Export.objects.update(rows=7)


def test_a_csv_for_excel_has_mark_semicolons_and_decimal_commas(
    client: Client, deliverable: Deliverable
) -> None:
    make_entry(make_line(deliverable.project), amount="1234.50")

    text = exported(client, "excel", table="entry", app="budget").decode("utf-8")

    assert text.startswith("\ufeffproject;line;code;kind;amount;")
    assert ";1234,50;" in text


def test_json_lines_hold_numbers_lists_and_truth(client: Client) -> None:
    lines = exported(client, "jsonl").decode().splitlines()

    (row,) = [json.loads(line) for line in lines]
    assert (row["weight"], row["active"], row["achievements"]) == (1, True, [])
    assert (row["title_en"], row["due_original"]) == (FORMULA, None)


def test_a_workbook_has_typed_cells_no_formula_and_says_what_it_is(client: Client) -> None:
    book = load_workbook(io.BytesIO(exported(client, "xlsx", query="?q=nodevums")))

    sheet = book["deliverables"]
    cells = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert (cells["code"].value, cells["code"].number_format) == ("D1.1", "@")
    assert (cells["title_en"].value, cells["title_en"].data_type) == (FORMULA, "s")
    assert cells["title_en"].quotePrefix
    assert cells["weight"].value == 1
    assert sheet.freeze_panes == "A2"
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in
             sheet.data_validations.dataValidation}  # fmt: skip
    assert lists["D2"] == '"main_result,mandatory_result,sub_result"'
    about = {str(row[0].value): str(row[1].value) for row in book["About"].rows}
    assert (about["Rows"], about["Filter"]) == ("1", "search: nodevums")
    rows = Extract(RESOURCES["deliverables"], Deliverable.objects.all())
    assert about["SHA-256 of the rows as CSV"] == rows.digest()
    every = [cell for one in book for row in one.rows for cell in row]
    assert [cell for cell in every if cell.data_type == "f"] == []


def test_what_xml_cannot_hold_ruins_no_workbook(client: Client) -> None:
    Deliverable.objects.update(note_en="a\x07b\x1b _x0007_")

    book = load_workbook(io.BytesIO(exported(client, "xlsx")))
    table = sheets.read("x.xlsx", exported(client, "xlsx"), "deliverables")

    assert book.active is not None
    at = table.header.index("note_en")
    assert {row.cells[at] for row in table.rows} == {"a\x07b\x1b _x0007_"}


def test_names_are_in_no_file(client: Client) -> None:
    make_expert(name="Canary Name")

    for key in FORMATS:
        content = exported(client, key, table="expert", app="experts")
        assert b"Canary" not in content
    assert exported(client, "csv", table="expert", app="experts") == (
        b"code,country,institution,version\r\nLV-E01,LV,,1\r\n"
    )


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("table", RESOURCES)
def test_every_table_is_copied_as_python_would_write_it(table: str) -> None:
    """The cells that PostgreSQL makes are those that a release's download has."""
    resource = RESOURCES[table]
    extract = Extract(resource, resource.model()._default_manager.all())
    out = io.BytesIO()
    extract.write(out, FORMATS["csv"])

    rows = [
        [column.value(row) if not column.via or not column.path.endswith("x") else None
         for column in extract.columns]
        for row in extract.rows.select_related(*resource.related)
    ]  # fmt: skip
    assert out.getvalue() == as_csv(extract.keys, rows)
    totals = extract.totals()
    assert totals.rows == len(rows)
    for (key, kind), total in totals.counted.items():
        assert total == counted(extract, rows, key, kind), (key, kind)


def counted(extract: Extract, rows: list[list[Any]], key: str, kind: str) -> Any:
    cells = [dict(zip(extract.keys, row, strict=True)) for row in rows]
    found = [row for row in cells if row.get("counts", True) and kind in ("", row.get("kind"))]
    return sum(Decimal(row[key] or 0) for row in found) if key else len(found)


def test_more_than_five_at_once_are_refused_with_a_time_to_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 0)

    response = client.post(reverse("admin:deliverables_deliverable_export"), {"format": "csv"})

    assert (response.status_code, response.headers["Retry-After"]) == (429, "10")
    assert "exports of yours are being written right now" in response.content.decode()
    assert not Export.objects.exists()


def test_a_full_disk_is_a_sentence_and_no_file(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(exporting, "new_file", Full)

    for key in FORMATS:
        response = client.post(reverse("admin:deliverables_deliverable_export"), {"format": key})
        assert response.status_code == 507
        assert "The server has no room to write this file" in response.content.decode()
    assert not Export.objects.exists()


def test_nothing_is_left_behind(client: Client, settings: Any) -> None:
    exported(client, "xlsx")

    assert list((settings.VAR_DIR / "exports").iterdir()) == []


@pytest.mark.parametrize("asked", ["", "pdf"])
def test_an_unknown_format_is_asked_again(client: Client, asked: str) -> None:
    response = client.post(reverse("admin:deliverables_deliverable_export"), {"format": asked})

    assert "Choose a format." in response.content.decode()


def test_the_page_says_what_would_be_exported(client: Client) -> None:
    page = client.get(reverse("admin:deliverables_deliverable_export") + "?q=zzz")

    assert "0 rows, filtered by search: zzz" in " ".join(page.content.decode().split())


def test_every_way_out_offers_every_format(client: Client) -> None:
    page = client.get(reverse("admin:deliverables_deliverable_export")).content.decode()
    command = load_command_class("releases", "export")
    routes = {entry.name for entry in urlpatterns if str(entry.name).startswith("table_")}

    assert re.findall(r'name="format" value="(\w+)"', page) == list(FORMATS)
    assert routes == {one.route for one in FORMATS.values()}
    for format_ in FORMATS.values():
        assert format_.suffix in command.help
        table = resolve(f"/en/projects/tw-1/deliverables{format_.suffix}")
        assert (table.url_name, table.kwargs["table"]) == (format_.route, "deliverables")


def test_an_odd_filter_is_a_sentence(client: Client) -> None:
    where = reverse("admin:deliverables_deliverable_export") + "?project__id__exact=abc"

    page = client.post(where, {"format": "csv"}, follow=True)

    assert [str(message) for message in page.context["messages"]] == [
        "The filter in the address is not one of this list."
    ]
    assert not Export.objects.exists()


def test_a_name_that_was_searched_for_is_in_no_record(client: Client) -> None:
    make_expert("LV-E99", name="Anna Ozola")

    exported(client, "csv", table="expert", app="experts", query="?q=Ozola")

    assert Export.objects.get().filter == "search: …"
    told = Event.objects.filter(table="exchange_export").values_list("after", flat=True)
    assert "Ozola" not in str(list(told))
