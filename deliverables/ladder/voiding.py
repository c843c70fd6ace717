"""The triggers that void signatures under a content that is not there any more."""

from __future__ import annotations

import pgtrigger

# A step upwards after the signature changes these; they are not what was signed.
BESIDES = ("rung", "accepted_on")
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
