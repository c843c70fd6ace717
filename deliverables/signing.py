"""What a signature binds: the content of a deliverable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any

from deliverables import models, resources
from deliverables.voiding import BESIDES

_UNSIGNED = (*BESIDES, "counts")  # which follows from the rest of the row


def content(deliverable: models.Deliverable) -> dict[str, Any]:
    """The deliverable with its items, figures and evidence, by the keys of their resources."""
    return contents([deliverable.pk])[deliverable.pk]


def contents(deliverables: Collection[int]) -> dict[int, dict[str, Any]]:
    """The content of each, by its id; as many queries for all as for one."""
    tables = {
        "items": (resources.ItemResource, "deliverable__in"),
        "figures": (resources.FigureResource, "item__deliverable__in"),
        "evidence": (resources.EvidenceResource, "deliverable__in"),
    }
    found: dict[Any, dict[str, Any]] = {
        (row["project"], row["code"]): {
            "deliverable": {key: value for key, value in row.items() if key not in _UNSIGNED},
            **{name: [] for name in (*tables, "files")},
        }
        for row in resources.DeliverableResource.document_rows(pk__in=deliverables)
    }
    for name, (resource, path) in tables.items():
        for row in resource.document_rows(**{path: deliverables}):
            found[row["project"], row["deliverable"]][name].append(row)
    rows = models.Deliverable.objects.filter(pk__in=deliverables)
    of = {
        pk: found[slug, code] for pk, slug, code in rows.values_list("pk", "project__slug", "code")
    }
    files = models.Evidence.objects.filter(deliverable__in=deliverables, file__isnull=False)
    for pk, sha256 in sorted(set(files.values_list("deliverable", "file__sha256"))):
        of[pk]["files"].append(sha256)
    return of


def digest(signed: dict[str, Any]) -> str:
    """SHA-256 of the content as JSON: keys sorted, UTF-8, no spaces."""
    text = json.dumps(signed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
