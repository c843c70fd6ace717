"""The table of docs/addresses.md: read, and written."""

from __future__ import annotations

import re

from tests.twinning.matrix import ROLES, Column

NONE = "–"


def read(text: str) -> dict[str, Column]:
    """What the page says of each role: (address, verb) -> answers."""
    said: dict[str, Column] = {role: {} for role in ROLES}
    for line in text.splitlines():
        if not line.startswith("| `"):
            continue
        names, verb, *answers = (part.strip() for part in line.strip("|").split("|"))
        for name in re.findall(r"`([^`]+)`", names):
            for role, answer in zip(ROLES, answers, strict=True):
                if answer != NONE:
                    said[role][name, verb] = answer
    return said


def rows_of(found: dict[str, Column]) -> list[str]:
    """The rows of the table: addresses of equal answers share one."""
    asked = sorted({key for column in found.values() for key in column})
    rows: dict[tuple[str, ...], list[str]] = {}
    for name, verb in asked:
        answers = tuple(found[role].get((name, verb)) or NONE for role in ROLES)
        rows.setdefault((verb, *answers), []).append(name)
    return sorted(
        f"| {' '.join(f'`{name}`' for name in names)} | {verb} | {' | '.join(answers)} |"
        for (verb, *answers), names in rows.items()
    )
