"""Experts and the functions that people hold."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited, key
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.fields import columns as fields
from deliverables.fields import countries
from deliverables.projects.changes import IN_COMPONENT, OWN, notes_change
from deliverables.projects.models import Component
from deliverables.projects.models.belonging import SAME_PROJECT
from exchange.tables import limits
from exchange.tables.folding import folded_column
from experts.people import names
from experts.people.models.institution import Institution
from experts.people.querysets import AssignmentQuerySet


class Expert(Checked):
    """A person who works on projects, known by a code. The name is shown only with consent."""

    code = fields.code(unique=True, help_text=_("As LV-E01. It stands for the person in public."))
    country = models.CharField(_("country"), max_length=2, choices=countries.choices)
    institution = fields.optional(
        Institution,
        _("institution"),
        related_name="experts",
        help_text=_("Empty where it is not stated."),
    )
    name = models.CharField(
        _("full name"),
        max_length=limits.NAME,
        blank=True,
        default="",
        help_text=_("Personal data: never exported, and shown in public only with consent."),
    )
    name_consent = models.BooleanField(
        _("agrees to be named in public"),
        default=False,
        help_text=_("When this is switched off, the name leaves every public page at once."),
    )
    consent_on = fields.PartialDateField(_("agreed on"))
    consent_basis = models.CharField(
        _("agreed how"),
        max_length=limits.NAME,
        blank=True,
        default="",
        help_text=_("Where the consent is found: a signed form, an e-mail."),
    )
    consent_withdrawn_on = fields.PartialDateField(_("withdrawn on"))
    erased_as = models.CharField(
        _("erased as"), max_length=20, blank=True, default="", editable=False
    )
    name_edition = names.edition()
    name_key = names.key("expert", "name", "name_consent")
    audit_key = key()
    code_order = fields.code_order()
    search_text = folded_column("code", "name")

    version = version()

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        ordering: ClassVar = ["country", "code_order"]
        triggers: ClassVar = [
            Counted(),
            notes_change(
                "p.project_id FROM (SELECT DISTINCT project_id FROM experts_assignment "
                "WHERE expert_id = {row}.id) p"
            ),
            *names.counts_editions("name"),
            Audited(personal=("name",)),
        ]
        indexes: ClassVar = [names.index("expert", "name")]
        constraints: ClassVar = [
            fields.code_is_well_formed("expert"),
            fields.country_is_known("expert"),
            models.CheckConstraint(
                condition=Q(name_consent=False) | ~Q(name=""),
                name="expert_who_consents_has_a_name",
                violation_error_message=_("Give the name that the expert agrees to show."),
            ),
            *fields.date_is_one("expert", "consent_on", "consent_withdrawn_on"),
            models.CheckConstraint(
                condition=Q(name_consent=False)
                | (~Q(consent_on="") & ~Q(consent_basis="") & Q(consent_withdrawn_on="")),
                name="expert_consent_has_a_date_and_a_basis",
                violation_error_message=_(
                    "Say when and how the expert agreed, and leave the day of withdrawal empty."
                ),
            ),
            models.CheckConstraint(
                condition=Q(name_consent=True) | Q(consent_on="") | ~Q(consent_withdrawn_on=""),
                name="expert_consent_ends_on_a_day",
                violation_error_message=_("Say on which day the expert withdrew the consent."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.code)

    def clean(self) -> None:
        if self.institution and self.institution.country != self.country:
            raise ValidationError(
                {"country": _("The institution is of another country. Choose its country.")}
            )


class Function(models.TextChoices):
    MS_PROJECT_LEADER = "ms_project_leader", _("Member State Project Leader")
    BENEFICIARY_PROJECT_LEADER = "beneficiary_project_leader", _("Beneficiary Project Leader")
    RTA = "rta", _("Resident Twinning Adviser (RTA)")
    RTA_COUNTERPART = "rta_counterpart", _("RTA Counterpart")
    COMPONENT_LEADER = "component_leader", _("Component Leader")
    COMPONENT_INSTITUTION = "component_institution", _("Institution that leads the component")
    EXPERTS_INSTITUTION = "experts_institution", _("Institution that provides experts")
    SHORT_TERM_EXPERT = "short_term_expert", _("Expert")


INSTITUTIONAL = (Function.COMPONENT_INSTITUTION, Function.EXPERTS_INSTITUTION)


class Assignment(Checked):
    """A function on a project and who holds it: an expert, an institution or a named person."""

    project = fields.project("assignments")
    code = fields.code()
    function = models.CharField(_("function"), max_length=30, choices=Function.choices)
    expert = fields.optional(Expert, _("expert"), related_name="assignments")
    component = fields.optional(Component, _("component"), related_name="assignments")
    institution = fields.optional(
        Institution,
        _("institution"),
        related_name="assignments",
        help_text=_("Empty where it is not stated."),
    )
    from_on = fields.PartialDateField(_("from"))
    to_on = fields.PartialDateField(_("to"))
    holder_name = models.CharField(
        _("name of the holder"),
        max_length=limits.NAME,
        blank=True,
        default="",
        help_text=_("Personal data. Only for a function that is published with its holder."),
    )
    name_published = models.BooleanField(
        _("the name is published"),
        default=False,
        help_text=_("When this is switched off, the name leaves every public page at once."),
    )
    note_lv = fields.text(_("note in Latvian"))
    note_en = fields.text(_("note in English"))
    evidence = fields.evidence()
    name_edition = names.edition()
    name_key = names.key("assignment", "holder_name", "name_published")
    audit_key = key()
    code_order = fields.code_order()

    version = version()

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering: ClassVar = ["project", "code_order"]
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            *names.counts_editions("holder_name"),
            Audited(
                {**IN_COMPONENT, "experts_expert": "{row}.expert_id"}, personal=("holder_name",)
            ),
        ]
        indexes: ClassVar = [names.index("assignment", "holder_name")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "code"],
                name="assignment_code_is_unique_in_its_project",
                violation_error_message=_("This project already has an assignment with this code."),
            ),
            fields.code_is_well_formed("assignment"),
            fields.one_of("function", Function, table="assignment"),
            *fields.date_is_one("assignment", "from_on", "to_on"),
            fields.not_before(
                "assignment", "from_on", "to_on", message=_("It ends before it begins.")
            ),
            models.CheckConstraint(
                condition=~Q(function=Function.SHORT_TERM_EXPERT) | Q(expert__isnull=False),
                name="assignment_of_an_expert_names_the_expert",
                violation_error_message=_(
                    "The function “Expert” is held by somebody of the list of experts. Choose the "
                    "expert, or another function."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(function__in=INSTITUTIONAL) | Q(institution__isnull=False),
                name="assignment_of_an_institution_names_it",
                violation_error_message=_(
                    "This function is held by an institution. Choose the institution, or another "
                    "function."
                ),
            ),
            models.CheckConstraint(
                condition=Q(name_published=False) | ~Q(holder_name=""),
                name="assignment_with_published_name_has_a_name",
                violation_error_message=_(
                    "Give the name of the holder, or switch off “the name is published”."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.get_function_display()}"

    def clean(self) -> None:
        for name in ("component", "evidence"):
            other = getattr(self, name)
            if other and other.project_id != self.project_id:
                raise ValidationError({name: SAME_PROJECT})
