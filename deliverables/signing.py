"""What a signature binds: the content of a deliverable, and the trigger that voids signatures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import pgtrigger

if TYPE_CHECKING:
    from deliverables.models import Deliverable

# A step upwards after the signature changes these; they are not what was signed.
BESIDES = ("rung", "accepted_on")
_UNSIGNED = (*BESIDES, "counts")  # which follows from the rest of the row


def content(deliverable: Deliverable) -> dict[str, Any]:
    """The deliverable with its items, figures and evidence, by the keys of their resources."""
    return contents([deliverable.pk])[deliverable.pk]


def contents(deliverables: Collection[int]) -> dict[int, dict[str, Any]]:
    """The content of each, by its id; as many queries for all as for one."""
    from deliverables import models, resources

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


_VOID = (
    "UPDATE deliverables_signoff SET voided_at = now() "
    "WHERE voided_at IS NULL AND deliverable_id IN ({ids});"
)
# Columns that say the same in other words or count changes.
_NOT_CONTENT = ("version", "search_text", "code_order", *BESIDES)
_LESS = "ARRAY[" + ", ".join(f"'{name}'" for name in _NOT_CONTENT) + "]"


def voids_own_signatures() -> pgtrigger.Trigger:
    """For the deliverable itself: content changed, or it went down the ladder."""
    return pgtrigger.Trigger(
        name="voids_signatures",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        func=(
            f"IF to_jsonb(NEW) - {_LESS} IS DISTINCT FROM to_jsonb(OLD) - {_LESS} "
            "OR NEW.rung NOT IN ('accepted', 'confirmed') THEN "
            + _VOID.format(ids="NEW.id")
            + " END IF; RETURN NULL;"
        ),
    )


def voids_signatures(deliverable: str = "{row}.deliverable_id") -> pgtrigger.Trigger:
    """For what belongs to a deliverable; `deliverable` is SQL that gives its id for `{row}`."""
    new, old = (_VOID.format(ids=deliverable.format(row=row)) for row in ("NEW", "OLD"))
    return pgtrigger.Trigger(
        name="voids_signatures",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=(
            f"IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - {_LESS} "
            f"IS NOT DISTINCT FROM to_jsonb(OLD) - {_LESS} THEN RETURN NULL; END IF; "
            f"IF TG_OP <> 'DELETE' THEN {new} END IF; "
            f"IF TG_OP <> 'INSERT' THEN {old} END IF; RETURN NULL;"
        ),
    )
