"""The files of a release as one Data Package: its description, and all of it in a ZIP.

Like each file, it is made from its release alone, so that equal releases give equal bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from exchange.exports.packages import TableFile, data_package
from releases.document.build import canonical
from releases.document.codes import codes_of
from releases.document.tables import CSV, DOWNLOADS, PUBLISHED, Document, in_format, public_columns

DESCRIPTION = "datapackage.json"
RELEASE = "release.json"
BEGINNING = (1980, 1, 1, 0, 0, 0)  # of the times that a ZIP can tell: no moment of its making


def package(document: Document, about: Mapping[str, Any]) -> bytes:
    """datapackage.json, beside the tables as CSV; `about` is what the document does not say."""
    return _described(document, _files(document), about)


def zipped(document: Document, released: Document, about: Mapping[str, Any]) -> bytes:
    """The tables as CSV, what describes them, and the release as it was made."""
    files = _files(document)
    out = io.BytesIO()
    parts = {
        DESCRIPTION: _described(document, files, about),
        RELEASE: canonical(released),
        **{f"{table}{CSV.suffix}": content for table, content in files.items()},
    }
    with zipfile.ZipFile(out, "w") as bag:
        for name, content in parts.items():
            member = zipfile.ZipInfo(f"{document['project']['slug']}/{name}", BEGINNING)
            member.external_attr = 0o644 << 16
            bag.writestr(member, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _files(document: Document) -> dict[str, bytes]:
    return {table: in_format(document, table, CSV) for table in DOWNLOADS}


def _described(document: Document, files: Mapping[str, bytes], about: Mapping[str, Any]) -> bytes:
    project = document["project"]
    parts = [
        TableFile(
            PUBLISHED[table],
            f"{table}{CSV.suffix}",
            len(content),
            hashlib.sha256(content).hexdigest(),
        )
        for table, content in files.items()
    ]
    title = project["title_en"] or project["title_lv"]
    described = data_package(project["slug"], title, parts, about, codes_of, public_columns)
    return json.dumps(described, ensure_ascii=False, indent=1).encode() + b"\n"
