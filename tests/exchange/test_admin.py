"""Import and export through the admin's own screens, with real files."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from deliverables.models import Component, Deliverable
from tests.make import make_component, make_deliverable, make_expert, make_member, make_project

pytestmark = pytest.mark.django_db
HEADER = "project,number,title_lv,title_en\n"


@pytest.fixture(autouse=True)
def deliverable(settings: Any, tmp_path: Any) -> Deliverable:
    settings.VAR_DIR = tmp_path
    return make_deliverable(make_component(make_project()))


@pytest.fixture(autouse=True)
def bruno(client: Client, deliverable: Deliverable) -> None:
    client.force_login(make_member(deliverable.project, name="bruno"))


def upload(client: Client, content: str | bytes, *, table: str = "component", kind: int = 0) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(
        reverse(f"admin:deliverables_{table}_import"),
        {"import_file": SimpleUploadedFile("table.csv", data), "format": kind},
    )


def confirm(client: Client, preview: Any, *, table: str = "component") -> Any:
    form = preview.context["confirm_form"]
    return client.post(
        reverse(f"admin:deliverables_{table}_process_import"),
        {name: form.initial[name] for name in form.initial},
        follow=True,
    )


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_import_previews_then_writes(client: Client) -> None:
    preview = upload(client, HEADER + "tw-1,1,Jauns,New\ntw-1,2,Otrā,Second\n")
    assert Component.objects.get().title_en == "Component"
    assert "<ins>" in preview.content.decode()

    done = confirm(client, preview)

    assert said(done) == ["Imported: 1 new, 1 changed, 0 unchanged rows."]
    assert list(Component.objects.values_list("number", "title_en")) == [(1, "New"), (2, "Second")]


def test_confirming_twice_writes_once_and_says_so(client: Client) -> None:
    preview = upload(client, HEADER + "tw-1,2,Otrā,Second\n")
    confirm(client, preview)

    again = confirm(client, preview)

    assert said(again)[-1].startswith("This import was already carried out")
    assert Component.objects.count() == 2


def test_what_changed_before_the_confirmation_writes_nothing(client: Client) -> None:
    """One of two rows no longer fits: the other one is not written either."""
    make_component(Component.objects.get().project, 2)
    preview = upload(
        client,
        "project,component,code,title_lv,title_en\ntw-1,1,D1.2,A,B\ntw-1,2,D2.1,A,B\n",
        table="deliverable",
    )
    Component.objects.filter(number=2).delete()

    done = confirm(client, preview, table="deliverable")

    assert said(done)[-1] == (
        "The data changed between preview and confirmation, and the file no longer fits. "
        "Nothing was written. Upload it again to see what is wrong."
    )
    assert [one.code for one in Deliverable.objects.all()] == ["D1.1"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "project,numbr,title_lv\ntw-1,1,x\n",
            "The column “numbr” is not known. Did you mean “number”?",
        ),
        ("project,number,number\ntw-1,1,2\n", "The column “number” stands there twice."),
        ("number,title_lv\n1,x\n", "The column “project” is missing: rows are recognised by it."),
        (
            HEADER + "tw-1,2,A,B\ntw-1,2,C,D\n",
            "Rows 2 and 3 are the same tw-1 2. Remove one of them.",
        ),
        (HEADER + "tw-1,2,A\n", "Row 2 has 3 of 4 cells; the file may be cut off."),
        (HEADER + "tw-9,2,A,B\n", "“tw-9” is not a known project. Known: tw-1."),
        (HEADER + "tw-1,x,A,B\n", "“x” is not a whole number from 0 to 999 999 999."),
        (HEADER + "tw-1,2,A,\n", "This field cannot be blank."),
        (
            HEADER.encode() + "tw-1,2,Ā,B\n".encode("cp1257"),
            "The file is not UTF-8. In Excel, save it as “CSV UTF-8”, or as XLSX.",
        ),
    ],
)
def test_a_wrong_file_is_told_in_a_sentence_and_writes_nothing(
    client: Client, content: str | bytes, sentence: str
) -> None:
    page = upload(client, content)

    assert sentence in page.content.decode()
    assert "confirm_form" not in page.context
    assert Component.objects.get().title_en == "Component"


@pytest.mark.parametrize("content", ["", "\n\n", HEADER, b"\x89PNG\r\n\x1a\n\0\0"])
def test_files_without_rows_are_refused(client: Client, content: str | bytes) -> None:
    page = upload(client, content)

    assert page.status_code == 200
    assert "confirm_form" not in page.context


def test_the_semicolons_of_a_latvian_spreadsheet_are_read(client: Client) -> None:
    preview = upload(client, "\ufeffproject;number;title_lv;title_en\ntw-1;2;Otrā;Second\n")

    confirm(client, preview)

    assert Component.objects.get(number=2).title_lv == "Otrā"


def test_a_rung_is_not_changed_by_an_import(client: Client) -> None:
    content = "project,code,rung\ntw-1,D1.1,confirmed\n"

    page = upload(client, content, table="deliverable").content.decode()

    assert "an import does not change it to “confirmed”: use the steps on its page." in page


def test_a_new_deliverable_begins_at_the_foot_of_the_ladder(client: Client) -> None:
    content = "project,component,code,title_lv,title_en,rung\ntw-1,1,D1.2,A,B,accepted\n"

    page = upload(client, content, table="deliverable").content.decode()

    assert "A new deliverable begins as planned or in_progress, not as “accepted”" in page


def test_a_code_that_a_spreadsheet_turned_into_a_number_is_refused(client: Client) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["project", "code", "note_en"])
    book.active.append(["tw-1", 2.1, "x"])
    out = io.BytesIO()
    book.save(out)

    page = upload(client, out.getvalue(), table="deliverable", kind=1).content.decode()

    assert "“2.1” is a number or a date, not a code: a spreadsheet changed it." in page


def test_a_file_that_is_too_large_is_refused_before_it_is_read(client: Client) -> None:
    page = upload(client, HEADER + "x" * (5 * 1024 * 1024 + 1)).content.decode()

    assert "The file has 5.0 MB; at most 5 MB can be imported." in page


def test_who_changes_nothing_imports_nothing(client: Client, deliverable: Deliverable) -> None:
    client.force_login(make_member(deliverable.project, "auditor", "viewer"))

    assert upload(client, HEADER + "tw-1,2,A,B\n").status_code == 403


@pytest.mark.parametrize("language", ["lv", "en"])
def test_export_is_the_same_in_both_languages_and_imports_back_unchanged(
    client: Client, language: str
) -> None:
    client.post("/admin/language/", {"language": language})
    export = client.post(
        reverse("admin:deliverables_deliverable_export"), {"format": 0, "resource": ""}
    )

    text = export.content.decode()
    assert text.splitlines()[1].startswith("tw-1,1,D1.1,mandatory_result,Nodevums,Deliverable,")
    preview = upload(client, text, table="deliverable")
    assert preview.context["result"].totals["skip"] == 1
    assert preview.context["result"].totals["update"] == 0


def test_export_to_xlsx_keeps_codes_as_text_and_formulas_as_words(
    client: Client, deliverable: Deliverable
) -> None:
    deliverable.title_en = '=HYPERLINK("http://x")'
    deliverable.save()

    export = client.post(
        reverse("admin:deliverables_deliverable_export"), {"format": 1, "resource": ""}
    )

    sheet = load_workbook(io.BytesIO(export.content)).active
    assert sheet is not None
    header, row = list(sheet.rows)[:2]
    cells = {
        str(name.value): (cell.value, cell.data_type)
        for name, cell in zip(header, row, strict=True)
    }
    assert cells["code"] == ("D1.1", "s")
    assert cells["weight"] == (1, "n")
    assert cells["title_en"] == ('=HYPERLINK("http://x")', "s")


def test_names_are_never_exported(client: Client) -> None:
    make_expert(name="Canary Name")

    export = client.post(reverse("admin:experts_expert_export"), {"format": 0, "resource": ""})

    assert export.content.decode() == "code,country,institution\r\nLV-E01,LV,\r\n"


@pytest.mark.parametrize("name", ["..", ".", "x" * 300, "../secret_key", ""])
def test_only_an_upload_of_our_own_can_be_confirmed(client: Client, name: str) -> None:
    posted = {"import_file_name": name, "original_file_name": "x", "format": 0, "resource": ""}

    response = client.post(
        reverse("admin:deliverables_component_process_import"), posted, follow=True
    )

    assert response.status_code == 200
    assert Component.objects.count() == 1


def test_a_workbook_that_unpacks_to_too_much_is_refused_from_its_directory(client: Client) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (51 * 1024 * 1024))

    page = upload(client, out.getvalue(), kind=1).content.decode()

    assert "The file would unpack to more than 50 MB." in page
