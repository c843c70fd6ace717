"""The rows of partners, people, rules, money and changes of the contract, as types. Pure."""

from __future__ import annotations

from typing import TypedDict

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


class InstitutionRow(Noted):
    code: str
    name_lv: str
    name_en: str
    abbreviation: str
    country: str


class PartnershipRow(Coded, Noted, Rested):
    country: str
    institution: str
    role: str
    detail_lv: str
    detail_en: str


class ExpertRow(TypedDict):
    code: str
    country: str
    institution: str
    name_key: str


class AssignmentRow(OfComponent, Coded, Noted, Rested, During):
    function: str
    expert: str
    institution: str
    name_key: str


class RulesetRow(OfProject, Noted):
    edition: str
    fee_scheme: str
    reporting_months: int | None
    interim_due_days: int | None
    final_due_months: int | None
    reallocation_limit: int | None
    reallocation_warning: int
    retention_years: int | None
    unverified: list[str]
    holidays: str


class TermRow(OfProject):
    function: str
    label_lv: str
    label_en: str


class ReportRow(OfProject, Noted, Rested, During):
    number: int
    due_on: str
    handed_in_on: str


class HeadingRow(Coded, Titled):
    pass


class LineRow(OfComponent, Coded, Titled, Noted):
    heading: str
    cost_basis: str
    priced_by: str
    partner: str


class EntryRow(Coded, Noted, Rested):
    line: str
    kind: str
    amount: str
    rounded_to: str | None
    on: str
    corrects: str
    change: str
    counts: bool


class ChangeRow(Coded, Reasoned):
    kind: str
    state: str
    signed_on: str
    number: int | None
    plan: str


class MoveRow(Coded, OfDeliverable, During):
    change: str
    activity: str
    line: str
    days: int | None
    amount: str | None
    old_from_on: str
    old_to_on: str
    old_days: int | None
    old_amount: str | None
    counts: bool
