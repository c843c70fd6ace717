"""The cells of a CSV as they stand there, with their quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable

CELL = re.compile(r'((?:"(?:[^"]|"")*"|[^,\r\n"]*))(,|\r?\n|$)')


def read(data: bytes) -> list[list[str]]:
    """The rows of a CSV, each cell as it stands there, with its quotes."""
    rows, row = list[list[str]](), list[str]()
    for cell, end in CELL.findall(data.decode()):
        row.append(cell)
        if end and end != ",":
            rows.append(row)
        row = row if end == "," else []
    return rows


def written(rows: Iterable[list[str]]) -> bytes:
    return "".join(f"{','.join(row)}\r\n" for row in rows).encode()


def plain(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if cell[:1] == '"' else cell


def raw(text: str) -> str:
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if re.search(r'[",\r\n]|^$', text) else text
