"""Where to get all of a project: its tables as files. Pure."""

from __future__ import annotations

import hashlib
from typing import Any

from releases.published import Document, Reading, canonical, tables


def data(reading: Reading) -> dict[str, Any]:
    """The downloads with their sizes and digests, empty tables apart, and the dictionary."""
    document = reading.document
    filled = [table for table in tables.DOWNLOADS if tables.rows(document, table)]
    return {
        "downloads": [_download(document, table) for table in filled],
        "empty": [table for table in tables.DOWNLOADS if table not in filled],
        "formats": list(tables.FORMATS.values()),
        "guard": tables.GUARD,
        "release": _size(canonical(reading.released)),
        "schema": f"releases/{reading.released['schema'].removeprefix('twinning-')}.schema.json",
        "dictionary": [(table, tables.columns(table)) for table in tables.DOWNLOADS],
    }


def _download(document: Document, table: str) -> dict[str, Any]:
    return {
        "table": table,
        "what": tables.what(table),
        "rows": len(tables.rows(document, table)),
        **_size(tables.in_format(document, table, tables.CSV)),
    }


def _size(content: bytes) -> dict[str, Any]:
    return {"kilobytes": -(-len(content) // 1000), "sha256": hashlib.sha256(content).hexdigest()}
