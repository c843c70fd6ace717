"""The evidence of a deliverable is signed with it, and so is each of its files."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from deliverables.evidence.models import Evidence
from deliverables.evidence.resources import EvidenceResource
from deliverables.ladder.signing import PARTS, rows_of


def files(deliverables: Collection[int]) -> Iterable[tuple[str, str, str]]:
    """The SHA-256 of each file, once for each deliverable."""
    rows = Evidence.objects.filter(deliverable__in=deliverables, file__isnull=False)
    return sorted(
        set(rows.values_list("deliverable__project__slug", "deliverable__code", "file__sha256"))
    )


PARTS["evidence"] = rows_of(EvidenceResource, "deliverable__in")
PARTS["files"] = files
