"""Uploading files through the real pages, and making the files that people and programs make."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from html import unescape
from re import sub
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook


class Session:
    """One person's import into one table, or of a whole project, page by page."""

    def __init__(self, client: Client, table: str = "deliverable", app: str = "deliverables"):
        self.client, self.base = client, f"admin:{app}_{table}".removesuffix("_")
        self.page: Any = None

    def upload(self, data: str | bytes, name: str = "table.csv") -> Session:
        content = data.encode() if isinstance(data, str) else data
        file = SimpleUploadedFile(name, content)
        self.page = self.client.post(reverse(f"{self.base}_import"), {"file": file}, follow=True)
        return self

    @property
    def where(self) -> str:
        return str(self.page.request["PATH_INFO"])

    @property
    def text(self) -> str:
        """The page without its marks, spaces as one."""
        return " ".join(unescape(sub(r"<[^>]+>", " ", self.page.content.decode())).split())

    @property
    def counts(self) -> dict[str, int]:
        """new, changed, unchanged and conflicts of a preview."""
        context = self.page.context
        names = ("new", "changed", "unchanged")
        return {name: context[name] for name in names} | {"conflicts": len(context["conflicts"])}

    @property
    def faults(self) -> list[str]:
        return [str(fault) for fault in (self.page.context or {}).get("faults", [])]

    def apply(self, **given: Any) -> Session:
        seen = {"seen": self.page.context["seen"]} if "seen" in self.page.context else {}
        self.page = self.client.post(self.where, seen | given, follow=True)
        return self

    def undo(self) -> Session:
        self.page = self.client.post(f"{self.where}undo/", follow=True)
        return self

    def said(self) -> list[str]:
        return [str(message) for message in self.page.context["messages"]]


def exported(
    client: Client,
    format_: str,
    table: str = "deliverable",
    app: str = "deliverables",
    query: str = "",
) -> bytes:
    where = reverse(f"admin:{app}_{table}_export") + query
    response = client.post(where, {"format": format_})
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def workbook_of(rows: Sequence[Sequence[Any]], title: str = "Sheet") -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, change: Any) -> bytes:
    """A workbook with one part changed (a function of its bytes) or added (bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        names = old.namelist()
        for member in names:
            content = old.read(member)
            new.writestr(member, change(content) if member == name else content)
        if name not in names:
            new.writestr(name, change)
    return out.getvalue()
