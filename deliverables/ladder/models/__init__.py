"""A deliverable with its items, its steps on the ladder and who signed, and reminders of them."""

from __future__ import annotations

from deliverables.ladder.models.deliverable import Achievement, Deliverable, DeliverableKind
from deliverables.ladder.models.item import Figure, Item, ItemKind
from deliverables.ladder.models.reminder import Reminder
from deliverables.ladder.models.step import SignOff, Step

__all__ = [
    "Achievement",
    "Deliverable",
    "DeliverableKind",
    "Figure",
    "Item",
    "ItemKind",
    "Reminder",
    "SignOff",
    "Step",
]
