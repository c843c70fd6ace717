"""The rows of the project, of its results and of what they rest on, as types. Pure."""

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


class SuspensionRow(OfProject, Reasoned, Rested, During):
    pass


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
    entered_from: str
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
