"""Numbers with what they count, in the English of the commands. Pure."""

from __future__ import annotations


def counted(number: int, thing: str) -> str:
    """1 event, 2 events; no more than an s is needed."""
    return f"{number} {thing}{'' if number == 1 else 's'}"
