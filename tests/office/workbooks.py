"""Workbooks of whole projects: taken out, edited as people do, taken in."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from exchange.tables.columns import Column
from releases.document import build as document
from releases.document.shapes import Document
from releases.document.tables import PUBLISHED, RESOURCES
from tests.exchange.files import Session
from tests.make import make_user

DEMO, FOUNDED = "demo", "founded"


def administrator() -> Client:
    client = Client()
    known = User.objects.filter(username="boss").first()
    client.force_login(known or make_user("boss", is_superuser=True))
    return client


def taken_out(client: Client, slug: str) -> bytes:
    answer = client.post(reverse("admin:extracts", args=[slug]), {"what": "workbook"})
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def imported(client: Client, data: bytes) -> Session:
    return Session(client, "", "workbook").upload(data, "project.xlsx")


def renamed(column: Column, value: Any) -> Any:
    """The slug changed, and each code made another one."""
    if value in (None, ""):
        return value
    of = column.path.rpartition("__")[2]
    return FOUNDED if of == "slug" else f"{value}9" if of == "code" else value


def by_key(table: str) -> dict[str, Column]:
    return {column.key: column for column in (RESOURCES | PUBLISHED)[table].columns}


def renamed_book(data: bytes) -> bytes:
    book = load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        if sheet.title in RESOURCES:
            columns = [by_key(sheet.title).get(str(cell.value)) for cell in sheet[1]]
            for row in sheet.iter_rows(min_row=2):
                for cell, column in zip(row, columns, strict=True):
                    if column:
                        cell.value = renamed(column, cell.value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def renamed_document(given: Mapping[str, Any]) -> Document:
    tables = {name: given[name] for name in PUBLISHED if name in given}
    tables["projects"] = [given["project"]]
    return document.build({
        name: [
            {key: renamed(by_key(name)[key], value) if key in by_key(name) else value
             for key, value in row.items()}
            for row in rows
        ]
        for name, rows in tables.items()
    })  # fmt: skip


def counts() -> dict[str, int]:
    """Rows of every table but those that say what was done."""
    kept = {"audit", "contenttypes", "exchange", "sessions", "procrastinate"}
    return {
        model._meta.db_table: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.app_label not in kept
    }


def edited(data: bytes, *cells: tuple[str, str, str, Any], rows: Any = ()) -> bytes:
    """The workbook with cells changed (sheet, code of the row, column, value) and rows added."""
    book = load_workbook(io.BytesIO(data))
    for name, code, column, value in cells:
        sheet: Any = book[name]
        head = [str(cell.value) for cell in sheet[1]]
        key = head.index("code" if "code" in head and "numbered" not in head else "number")
        for row in sheet.iter_rows(min_row=2):
            if str(row[key].value) == code:
                row[head.index(column)].value = value
    for name, given in rows:
        sheet = book[name]
        sheet.append([given.get(str(cell.value).removesuffix(" *")) for cell in sheet[1]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FOUNDING: list[tuple[str, dict[str, Any]]] = [
    ("projects", {"slug": "new", "reference": "XX 26 IB OT 01", "title_lv": "Jauns",
                  "title_en": "New", "status": "running", "fictitious": "yes",
                  "beneficiary_country": "XK", "fund": "IPA II"}),
    ("components", {"project": "new", "number": 1, "title_lv": "A", "title_en": "A"}),
    ("deliverables", {"project": "new", "component": 1, "code": "D1.1", "kind": "main_result",
                      "title_lv": "A", "title_en": "A", "rung": "delivered",
                      "delivered_on": "2026-05"}),
]  # fmt: skip


def founding(*rows: Any, without: tuple[str, ...] = ()) -> bytes:
    template = administrator().get(reverse("admin:workbook_import_template")).content
    return edited(template, rows=[*(r for r in FOUNDING if r[0] not in without), *rows])
