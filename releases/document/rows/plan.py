"""The rows of the work plan, of indicators and of days, as types. Pure."""

from __future__ import annotations

from releases.document.rows.bases import (
    Coded,
    During,
    Noted,
    OfComponent,
    OfDeliverable,
    OfProject,
    Reasoned,
    Rested,
    Titled,
)


class WorkPlanRow(Coded, Noted):
    kind: str
    state: str
    approved_on: str


class ActivityRow(OfComponent, Coded, Titled, Reasoned):
    kind: str
    status: str
    started_on: str
    ended_on: str
    participants: int | None


class ActivityDeliverableRow(OfDeliverable):
    activity: str


class PlannedActivityRow(OfProject, During):
    plan: str
    activity: str
    days: int
    participants: int | None
    counts: bool


class IndicatorRow(OfComponent, Coded, OfDeliverable, Titled):
    unit: str
    baseline: str | None
    baseline_on: str
    baseline_lv: str
    baseline_en: str
    target: str | None
    target_on: str
    target_lv: str
    target_en: str
    source_lv: str
    source_en: str


class MeasurementRow(OfProject, Rested):
    indicator: str
    on: str
    applies: bool
    value: str | None
    words_lv: str
    words_en: str
    source_lv: str
    source_en: str
    counts: bool


class PersonDaysRow(OfComponent):
    activity: str
    contract: int
    envelope: int
    planned_days: int
    delivered: int
    accepted: int
    days_left: int
