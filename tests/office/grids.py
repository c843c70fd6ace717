"""A grid as a browser sends it: its rows as they are shown, with what is typed over them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

Rows = list[dict[str, str]]


class _Page(HTMLParser):
    """The rows of a grid, by the names of the cells, and which of them are only shown."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: Rows = []
        self.page = ""
        self.fixed: list[set[str]] = []
        self._area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if name == "page-id":
            self.page = given["value"]
        if name == "seen":
            self.rows.append({})
            self.fixed.append(set())
        if not self.rows or not name or name not in ("seen", given.get("id", "").split("-")[0]):
            return
        self.rows[-1][name] = given.get("value", "")
        if "readonly" in given:
            self.fixed[-1].add(name)
        self._area = name if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.rows[-1][self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""


@dataclass
class Typing:
    """Somebody at a grid of the desk of tw-1. Saved rows come first, empty ones last."""

    client: Client
    table: str
    query: str = ""
    rows: Rows = field(default_factory=list)
    fixed: list[set[str]] = field(default_factory=list)
    answer: Any = None
    page: str = ""

    @property
    def address(self) -> str:
        return f"/desk/tw-1{reverse(f'admin:{self.table}_grid')}{self.query}"

    def open(self) -> Typing:
        self.answer = self.client.get(self.address)
        assert self.answer.status_code == 200, self.answer.status_code
        self._read()
        return self

    def _read(self) -> None:
        page = _Page(self.answer.content.decode())
        self.rows, self.fixed, self.page = page.rows, page.fixed, page.page

    def add(self, **cells: str) -> None:
        """Type into the first empty row; a new one where there is none."""
        empty = next((row for row in self.rows if not any(row.values())), None)
        if empty is None:
            self.rows.append(empty := dict.fromkeys(self.rows[0], ""))
        empty.update(cells)

    def save(self, **more: str) -> Any:
        sent: dict[str, Any] = {name: [row[name] for row in self.rows] for name in self.rows[0]}
        self.answer = self.client.post(self.address, {**sent, "page-id": self.page, **more})
        if self.answer.status_code != 302:
            self._read()
        return self.answer

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """What is told at the top: row, column, sentence."""
        return [(e.row, e.label, e.sentence) for e in self.answer.context["wrong"]]

    @property
    def told(self) -> list[str]:
        """The messages of the page that follows."""
        page = self.client.get(self.address)
        return [str(message) for message in page.context["messages"]]
