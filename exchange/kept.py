"""A plan between its steps: made once for a file, kept beside it, shown and carried out as it is.

It holds for the language and the rights in which it was made, and while the rows that it changes
have the versions that it saw; else it is made anew.
"""

from __future__ import annotations

import dataclasses
import json
import zlib
from typing import Any

from django.db import models

from exchange.planned import Change, Plan, Planned


def pack(plan: Plan, basis: list[str]) -> bytes:
    """The plan as bytes; `basis` says for what it holds."""
    text = json.dumps([basis, dataclasses.asdict(plan)], default=str)
    return zlib.compress(text.encode(), 1)


def unpack(packed: bytes, basis: list[str]) -> Plan | None:
    """The plan, or None where there is none that holds for this."""
    if not packed:
        return None
    of, given = json.loads(zlib.decompress(packed))
    if of != basis:
        return None
    rows = [
        Planned(**row | {
            "changes": [Change(**change) for change in row["changes"]],
            "warnings": [(key, sentence) for key, sentence in row["warnings"]],
        })
        for row in given.pop("rows")
    ]  # fmt: skip
    return Plan(rows=rows, **given)


def is_current(plan: Plan, model: type[models.Model]) -> bool:
    """Whether the rows that it changes are still as it saw them."""
    seen = {row.key: row.version for row in plan.rows if row.version is not None}
    if not seen:
        return True
    rows: Any = model._base_manager.filter(pk__in=list(seen))
    return dict(rows.values_list("pk", "version")) == seen
