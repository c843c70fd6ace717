"""A plan between its steps: made once for a file, kept beside it, shown and carried out as it is.

It holds for the language and the rights in which it was made, and while nobody writes anything but
imports and exports: what a rule asks may stand in any row. Else it is made anew, which changes
nothing for the person unless it would do something else.
"""

from __future__ import annotations

import dataclasses
import json
import zlib

from django.db.models import Max

from audit.models import Event
from exchange.imports.planned import CellChange, Plan, Planned

SHAPE = "2"  # of what is kept: a plan of another shape is made anew


def pack(plan: Plan, basis: list[str]) -> bytes:
    """The plan as bytes; `basis` says for what it holds."""
    kept = [[SHAPE, *basis], dataclasses.asdict(plan)]
    text = json.dumps(kept, default=str, ensure_ascii=False)
    return zlib.compress(text.encode(), 1)


def unpack(packed: bytes, basis: list[str]) -> Plan | None:
    """The plan, or None where there is none that holds for this."""
    if not packed:
        return None
    of, given = json.loads(zlib.decompress(packed))
    if of != [SHAPE, *basis]:
        return None
    rows = [
        Planned(**row | {
            "changes": [CellChange(**change) for change in row["changes"]],
            "warnings": [(key, sentence) for key, sentence in row["warnings"]],
        })
        for row in given.pop("rows")
    ]  # fmt: skip
    return Plan(rows=rows, **given)


def last_event() -> int:
    return Event.objects.aggregate(last=Max("pk"))["last"] or 0


def is_current(plan: Plan) -> bool:
    """Whether the trail has nothing since."""
    later = Event.objects.filter(pk__gt=plan.event)
    return not later.exclude(table__startswith="exchange_").exists()
