"""Headings and lines of the budget in the contract's Annex A3, under the codes of the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from budget.contract.models import DayRate
from budget.money.querysets import LineQuerySet
from deliverables.fields import columns as fields
from deliverables.fields.language import brief
from deliverables.projects.changes import IN_PROJECT, OWN, notes_change, refused
from deliverables.projects.models import Component
from deliverables.projects.models.belonging import of_one_project
from deliverables.projects.querysets import rows_behind
from exchange.tables import limits
from experts.people.models import Partnership

HEADING_STAYS = _(
    "A signed change of the contract moved money, and what was moved is measured by heading: a "
    "line with amounts stays under its own. Begin another line under the other heading, and move "
    "the money with the next side letter or addendum."
)
BASIS_STAYS = _(
    "Spending on this line is entered by its cost basis and rate, and for the days of its "
    "component and partner. Begin another line for what differs."
)


class CostBasis(models.TextChoices):
    """What an auditor asks for: the invoices, or the proof that the event took place."""

    ACTUAL = "actual", _("Actual cost")
    UNIT = "unit_cost", _("Unit cost")
    FLAT = "flat_rate", _("Flat rate")


class Heading(Checked):
    """A main heading of the contract's budget: what a reallocation is measured against."""

    project = fields.project("headings")
    code = fields.code(help_text=_("As in the contract's Annex A3, beginning with a letter: H1."))
    title_lv = fields.text(_("title in Latvian"), limits.TITLE)
    title_en = fields.text(_("title in English"), limits.TITLE)
    code_order = fields.code_order()

    version = version()

    class Meta:
        verbose_name = _("budget heading")
        verbose_name_plural = _("budget headings")
        ordering: ClassVar = ["project", "code_order", "code"]
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_PROJECT)]
        constraints: ClassVar = [
            *fields.code_is_its_own(
                "heading", _("This project already has a budget heading with this code.")
            ),
            fields.in_a_language("heading", "title"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {brief(self, 'title')}"


class Line(Checked):
    """A line of the contract's budget."""

    project = fields.project("budget_lines")
    heading = fields.optional(Heading, _("budget heading"), related_name="lines")
    code = fields.code(help_text=_("As in the contract's budget, beginning with a letter: B1.2."))
    title_lv = fields.text(_("title in Latvian"), limits.TITLE)
    title_en = fields.text(_("title in English"), limits.TITLE)
    cost_basis = models.CharField(
        _("cost basis"),
        max_length=10,
        choices=CostBasis.choices,
        blank=True,
        default="",
        help_text=_("Actual cost needs invoices; a unit cost or flat rate proof of the event."),
    )
    priced_by = models.CharField(
        _("priced by the rate"),
        max_length=10,
        choices=DayRate.choices,
        blank=True,
        default="",
        help_text=_("For a unit cost of expert-days: it is compared with the accepted days."),
    )
    component = fields.optional(Component, _("component"), related_name="budget_lines")
    partner = fields.optional(Partnership, _("partner"), related_name="budget_lines")
    note_lv = fields.text(_("note in Latvian"))
    note_en = fields.text(_("note in English"))
    code_order = fields.code_order()

    version = version()

    # Present only on rows from with_sums(); EUR.
    planned: Decimal
    committed: Decimal
    spent: Decimal

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering: ClassVar = ["project", "code_order", "code"]
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            Audited(IN_PROJECT),
            refused(
                "line_keeps_its_heading",
                "OLD.heading_id IS DISTINCT FROM NEW.heading_id AND EXISTS (SELECT FROM "
                "budget_entry WHERE line_id = OLD.id) AND EXISTS (SELECT FROM budget_entry entry "
                "JOIN budget_line line ON line.id = entry.line_id WHERE line.project_id = "
                "OLD.project_id AND entry.change_id IS NOT NULL)",
                pgtrigger.Update,
            ),
            refused(
                "line_keeps_its_cost_basis",
                "((OLD.cost_basis <> '' AND OLD.cost_basis <> NEW.cost_basis) OR (OLD.priced_by "
                "<> '' AND (OLD.priced_by <> NEW.priced_by OR OLD.component_id IS DISTINCT FROM "
                "NEW.component_id OR OLD.partner_id IS DISTINCT FROM NEW.partner_id))) AND EXISTS "
                "(SELECT FROM budget_entry WHERE line_id = OLD.id AND kind = 'spent')",
                pgtrigger.Update,
            ),
        ]
        constraints: ClassVar = [
            *fields.code_is_its_own(
                "line", _("This project already has a budget line with this code.")
            ),
            fields.in_a_language("line", "title"),
            fields.one_of("cost_basis", CostBasis, table="line", blank=True),
            fields.one_of("priced_by", DayRate, table="line", blank=True),
            models.CheckConstraint(
                condition=Q(priced_by="") | Q(cost_basis=CostBasis.UNIT),
                name="line_priced_by_a_rate_is_a_unit_cost",
                violation_error_message=_(
                    "Only a unit cost is priced by a rate. Choose “Unit cost”, or leave the rate "
                    "empty."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {brief(self, 'title')}"

    def clean(self) -> None:
        of_one_project(self, "heading", "component", "partner")
        if was := self.stored():
            self._stays(was)

    @classmethod
    def facts(cls, rows: Sequence[Line]) -> dict[str, Callable[[], Iterable[object]]]:
        every = rows_behind(cls, "entries")
        entries = every.filter(line__in=[row.pk for row in rows])
        moved = every.exclude(change=None)
        return {
            "has entries": lambda: entries.values_list("line", flat=True).distinct(),
            "has spent": lambda: (
                entries.filter(kind="spent").values_list("line", flat=True).distinct()
            ),
            "has moved money": lambda: (
                moved.filter(line__project__in={row.project_id for row in rows})
                .values_list("line__project", flat=True)
                .distinct()
            ),
        }

    def _stays(self, was: Line) -> None:
        """What amounts rest on is not changed under them. What was not stated may be filled in."""
        problems: dict[str, object] = {}
        moved = was.heading_id != self.heading_id and self.among("has entries", self.pk)
        if moved and self.among("has moved money", was.project_id):
            problems["heading"] = HEADING_STAYS
        changed = [
            name
            for name in ("cost_basis", "priced_by")
            if getattr(was, name) not in ("", getattr(self, name))
        ]
        if was.priced_by:  # the component and the partner say whose days the line pays
            changed += [
                name
                for name in ("component", "partner")
                if getattr(was, f"{name}_id") != getattr(self, f"{name}_id")
            ]
        if changed and self.among("has spent", self.pk):
            problems[changed[0]] = BASIS_STAYS
        if problems:
            raise ValidationError(problems)
