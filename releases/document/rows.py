"""The rows of a document as types; a test holds them against its schema. Pure.

Where nothing is stated a text is "", all else None; references are keys, and amounts are text.
"""

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


class ProjectRow(Titled):
    slug: str
    reference: str
    reference_alias: str
    contract_number: str
    summary_lv: str
    summary_en: str
    kind: str
    beneficiary_country: str
    fund: str
    start_planned: str
    start_actual: str
    end_planned: str
    end_current: str
    end_actual: str
    implementation_months: int | None
    execution_months: int | None
    status: str
    results_basis: str
    funding_statement_lv: str
    funding_statement_en: str
    disclaimer_lv: str
    disclaimer_en: str
    footnote_lv: str
    footnote_en: str
    fictitious: bool


class SourceRow(Coded, Titled, Noted):
    publisher_lv: str
    publisher_en: str
    publisher_short: str
    published_on: str
    language: str
    url: str
    url_alternative: str
    sha256: str


class TitleRow(OfComponent, Titled, Rested):
    position: int
    where_lv: str
    where_en: str


class ComponentRow(Coded, Titled, Noted, Rested):
    number: int
    numbered: bool


class DeliverableRow(OfComponent, Coded, Titled, Noted, Reasoned):
    kind: str
    parent: str
    rung: str
    weight: int
    due_original: str
    due_current: str
    delivered_on: str
    accepted_on: str
    adopted_on: str
    adopted_by_lv: str
    adopted_by_en: str
    achievements: list[str]
    items_intro_lv: str
    items_intro_en: str
    active: bool
    counts: bool


class ItemRow(Coded, OfDeliverable, Titled, Noted, Rested):
    kind: str


class FigureRow(OfDeliverable):
    item: str
    position: int
    label_lv: str
    label_en: str
    value: int


class EvidenceRow(Coded, OfDeliverable, Titled):
    kind: str
    source: str
    line: int | None
    quote: str
    url: str
    file_sha256: str
    file_kind: str
    file_size: int | None


class StatementRow(Coded, Rested):
    kind: str
    text_lv: str
    text_en: str


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
