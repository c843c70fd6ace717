"""docs/arithmetic.md as a page in either language, and docs/queries.csv as another."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, groupby, zip_longest
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from releases.published import DEFINITIONS, QUERIES

CODE = re.compile(r"^```\w*\n(.*?)\n?^```$", re.MULTILINE | re.DOTALL)
IN_A_LINE = (
    (re.compile(r"\*\*([^*]+)\*\*"), r"<b>\1</b>"),
    (re.compile(r"\*([^*\s][^*]*)\*"), r"<i>\1</i>"),
    (re.compile(r"\[([^]]+)\]\((https?://[^)\s]+|#[\w.-]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"\[([^]]+)\]\([^)\s]+\)"), r"\1"),  # a file of the sources is no page
)


@dataclass(frozen=True, slots=True)
class Block:
    """`kind`: heading, text, list, table or code. `level` and `anchor` are a heading's; `rows` a
    table's, the first one its head, or a list's, of one cell."""

    kind: str
    text: SafeString | str = ""
    level: int = 0
    anchor: str = ""
    rows: tuple[tuple[SafeString, ...], ...] = ()


@cache
def page(language: str) -> tuple[Block, ...]:
    """The blocks of the page."""
    anchors = iter([block.anchor for block in blocks(source("en")) if block.anchor])
    return tuple(
        replace(block, anchor=next(anchors, block.anchor)) if block.anchor else block
        for block in blocks(source(language))
    )


def source(language: str) -> str:
    return DEFINITIONS[language].read_text(encoding="utf-8")


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text in their order, each heading with an anchor of its own: its words, and
    a number from the second time on."""
    times = Counter[str]()
    for block in _all_blocks(text):
        times[block.anchor] += 1
        again = bool(block.anchor) and times[block.anchor] > 1
        yield replace(block, anchor=f"{block.anchor}-{times[block.anchor]}") if again else block


def _all_blocks(text: str) -> Iterator[Block]:
    texts, codes = CODE.split(text)[::2], CODE.split(text)[1::2]
    for prose, code in zip_longest(texts, codes):
        prose = re.sub(r"<!--.*?-->\n?", "", prose, flags=re.DOTALL)
        yield from chain.from_iterable(
            map(_blocks, filter(None, re.split(r"\n{2,}", prose.strip())))
        )
        if code is not None:
            yield Block("code", code)


def _blocks(part: str) -> Iterator[Block]:
    """Of a part without empty lines."""
    first, _rest, below = part.partition("\n")
    if first.startswith("#"):
        marks, _blank, words = first.partition(" ")
        yield Block("heading", in_a_line(words), len(marks), anchor(words))
        if below:
            yield from _blocks(below)
    elif first.startswith("|"):
        rows = [re.split(r"(?<!\\)\|", row.strip().strip("|")) for row in part.split("\n")]
        cells = [tuple(in_a_line(cell.strip()) for cell in row) for row in rows]
        yield Block("table", rows=(cells[0], *cells[2:]))
    elif first.startswith("- "):
        items = re.split(r"^- ", part, flags=re.MULTILINE)[1:]
        yield Block("list", rows=tuple((in_a_line(" ".join(item.split())),) for item in items))
    else:
        yield Block("text", in_a_line(" ".join(part.split())))


def anchor(words: str) -> str:
    return re.sub(r"[^\w]+", "-", words.casefold()).strip("-")


def in_a_line(text: str) -> SafeString:
    """A line as HTML; what stands in code stays as it is."""
    parts = re.split(r"`([^`]+)`", text)
    for place, part in enumerate(parts):
        marked = str(escape(part))
        if place % 2:
            marked = f"<code>{marked}</code>"
        else:
            for form, html in IN_A_LINE:
                marked = form.sub(html, marked)
        parts[place] = marked
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped above


# By the names of the file.
PAGES = {
    "portfolio": _("All projects"), "overview": _("Overview"), "deliverables": _("Results"),
    "result": _("Result"), "component": _("Component"), "plan": _("Work plan"),
    "experts": _("Experts"), "budget": _("Budget"),
}  # fmt: skip
UNITS = {"as measured": _("as measured")}


def parts() -> list[dict[str, Any]]:
    """The parts of the file, each with its rows, in the language of the reader."""
    language = get_language()
    with QUERIES.open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    for row in rows:
        row["figure"] = row[f"figure_{language}"]
        row["pages"] = [PAGES[page] for page in row["pages"].split(", ")]
        row["unit"] = UNITS.get(row["unit"], row["unit"])
    parts = (list(part) for _name, part in groupby(rows, lambda row: row["part_en"]))
    return [
        {"name": part[0][f"part_{language}"], "anchor": anchor(part[0]["part_en"]), "rows": part}
        for part in parts
    ]
