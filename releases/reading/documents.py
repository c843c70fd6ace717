"""The documents of releases, each read and compared with its digest once in a process."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from releases.document import shapes
from releases.document.build import canonical
from releases.document.shapes import Document
from releases.models import Release
from releases.reading.shelf import Shelf

ROOM = 8 * 1024 * 1024  # bytes of their JSON; read, they take about four times as much


class Altered(Exception):
    """The document of a release is not the one that was published (releases.findings)."""


KEPT: Shelf[tuple[int, str], tuple[Mapping[str, Any], Document]] = Shelf(ROOM)


def read(release: int, written: str, sha256: str) -> tuple[Mapping[str, Any], Document]:
    """As it was released, and in the shape of today; nobody changes either. `written`: when, as
    releases.reading.standing tells it. One query, or none. Raises Altered, UnknownShape."""
    kept = KEPT.get((release, written))
    if kept is None:
        released = Release.objects.values_list("document", flat=True).get(pk=release)
        content = canonical(released)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Altered(release)
        kept = released, shapes.read(released)
        KEPT.put((release, written), kept, len(content))
    return kept
