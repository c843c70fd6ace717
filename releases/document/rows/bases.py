"""What rows of several tables have in common. Pure."""

from __future__ import annotations

from typing import TypedDict


class OfProject(TypedDict):
    project: str


class Coded(OfProject):
    code: str


class OfComponent(OfProject):
    component: int | str  # its number, "" of the whole project


class OfDeliverable(OfProject):
    deliverable: str


class During(TypedDict):
    from_on: str
    to_on: str


class Titled(TypedDict):
    title_lv: str
    title_en: str


class Noted(TypedDict):
    note_lv: str
    note_en: str


class Reasoned(TypedDict):
    reason_lv: str
    reason_en: str


class Rested(TypedDict):
    evidence: str  # what it rests on
