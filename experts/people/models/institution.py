"""Institutions, and their part in a project."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.fields import columns as fields
from deliverables.fields import countries
from deliverables.fields.language import said
from deliverables.projects.changes import IN_PROJECT, OWN, notes_change
from deliverables.projects.models.belonging import SAME_PROJECT
from exchange.tables import limits
from exchange.tables.folding import folded_column


class Institution(Checked):
    """A ministry, agency or other body, listed once."""

    code = fields.code(unique=True, help_text=_("Country and number, as LV-1."))
    name_lv = fields.text(_("name in Latvian"), limits.NAME)
    name_en = fields.text(_("name in English"), limits.NAME)
    abbreviation = models.CharField(
        _("abbreviation"), max_length=20, blank=True, default="", help_text=_("As PMLP.")
    )
    country = models.CharField(_("country"), max_length=2, choices=countries.choices)
    note_lv = fields.text(_("note in Latvian"))
    note_en = fields.text(_("note in English"))
    code_order = fields.code_order()
    search_text = folded_column("code", "abbreviation", "name_lv", "name_en")

    version = version()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering: ClassVar = ["country", "code_order", "code"]
        triggers: ClassVar = [
            Counted(),
            notes_change(
                "p.project_id FROM (SELECT project_id FROM experts_partnership "
                "WHERE institution_id = {row}.id UNION SELECT project_id FROM experts_assignment "
                "WHERE institution_id = {row}.id UNION SELECT a.project_id "
                "FROM experts_assignment a JOIN experts_expert e ON a.expert_id = e.id "
                "WHERE e.institution_id = {row}.id) p"
            ),
            Audited(),
        ]
        constraints: ClassVar = [
            fields.code_is_well_formed("institution"),
            fields.country_is_known("institution"),
            fields.in_a_language("institution", "name"),
            models.UniqueConstraint(
                fields=["country", "name_en"],
                condition=~Q(name_en=""),
                name="institution_is_listed_once",
                violation_error_message=_("This country already has an institution of this name."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.abbreviation or said(self, 'name')} ({self.country})"


class PartnerRole(models.TextChoices):
    LEAD = "lead", _("Lead Member State partner")
    NATIONAL_LEAD = "national_lead", _("Leads its country's side")
    JUNIOR = "junior", _("Junior Member State partner")
    EXPERTS = "experts", _("Provides experts")
    CONTRIBUTING = "contributing", _("Contributing Member State partner")
    BENEFICIARY = "beneficiary", _("Beneficiary institution")
    CONTRACTING_AUTHORITY = "contracting_authority", _("Contracting authority")
    ADMINISTRATIVE_OFFICE = "administrative_office", _("Administrative Office")
    FINANCIAL_MANAGEMENT = "financial_management", _("Financial management body")
    NAMED = "named", _("Named in the results")


class Partnership(Checked):
    """The part of a country or institution in a project."""

    project = fields.project("partnerships")
    code = fields.code()
    country = models.CharField(_("country"), max_length=2, choices=countries.choices)
    institution = fields.optional(
        Institution,
        _("institution"),
        related_name="partnerships",
        help_text=_("Empty where the source names only the country."),
    )
    role = models.CharField(_("role"), max_length=30, choices=PartnerRole.choices)
    detail_lv = fields.title(_("what it does, in Latvian"), blank=True, default="")
    detail_en = fields.title(_("what it does, in English"), blank=True, default="")
    note_lv = fields.text(_("note in Latvian"))
    note_en = fields.text(_("note in English"))
    evidence = fields.evidence()
    code_order = fields.code_order()

    version = version()

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering: ClassVar = ["project", "code_order"]
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_PROJECT)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "code"],
                name="partnership_code_is_unique_in_its_project",
                violation_error_message=_("This project already has a partnership with this code."),
            ),
            fields.code_is_well_formed("partnership"),
            fields.country_is_known("partnership"),
            fields.one_of("role", PartnerRole, table="partnership"),
            models.UniqueConstraint(
                fields=["project", "country", "institution", "role"],
                nulls_distinct=False,
                name="partnership_lists_a_partner_once_in_each_role",
                violation_error_message=_("This partner is already listed in this role."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.institution or self.country}"

    def clean(self) -> None:
        if self.institution and self.institution.country != self.country:
            raise ValidationError(
                {"country": _("The institution is of another country. Choose its country.")}
            )
        if self.evidence and self.evidence.project_id != self.project_id:
            raise ValidationError({"evidence": SAME_PROJECT})
