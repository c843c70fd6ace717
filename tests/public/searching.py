"""Searches that people type and what must come first: searches.md, a line for each thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.test import Client

KS, DEMO = "ks-14-jb-jh-04", "demo"
TABLE = Path(__file__).with_name("searches.md").read_text(encoding="utf-8")


class Listed(NamedTuple):
    """A hit as the page lists it."""

    address: str
    kind: str
    text: str


def listed(client: Client, asked: str, lang: str = "en") -> list[Listed]:
    response = client.get(f"/{lang}/search/", {"q": asked})
    assert response.status_code == 200
    return list(_hits(response.content.decode()))


def _hits(page: str) -> Iterator[Listed]:
    lists: Any = re.findall(r'<ul class="evidence hits">(.*?)</ul>', page, re.DOTALL)
    for item in re.findall(r"<li>(.*?)</li>", "".join(lists), re.DOTALL):
        kind, linked = re.findall(r"<p.*?</p>", item, re.DOTALL)[:2]
        (address,) = re.findall(r'href="([^"]*)"', linked)
        yield Listed(address, _plain(kind), _plain(linked))


def _plain(part: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def table() -> Iterator[tuple[str, str, str]]:
    """What is typed, the first hit in words, and the last part of its address."""
    for line in TABLE.splitlines():
        if not line.startswith("| ") or line.startswith("| typed"):
            continue
        typed, meant = (cell.strip() for cell in line.strip("|").split(" | "))
        for text, place in zip(typed.split(" · "), _places(typed, meant), strict=True):
            yield re.sub(r" \(.*\)", "", text).strip(), meant, place


def _places(typed: str, meant: str) -> list[str]:
    count = len(typed.split(" · "))
    of = DEMO if meant.startswith("DEMO") else KS
    codes = re.findall(r"\bD\d\.\d\b", meant)
    if "did you mean" in meant:
        return [""] * count
    if codes:  # the last of several is what the last search leads to
        each = [codes[0]] * (count - len(codes) + 1) + codes[1:]
        return [f"/projects/{of}/deliverables/{code}/" for code in each]
    at = {"institution": "about/#partners", "function": "experts/#functions", "project": ""}
    where = next(place for word, place in at.items() if word in meant)
    return [f"/projects/{of}/{where}"] * count
