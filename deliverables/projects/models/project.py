"""The project: one Twinning contract."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.fields import columns as fields
from deliverables.fields import countries, dates
from deliverables.fields.language import brief
from deliverables.projects.changes import notes_change, refused
from deliverables.projects.models.choices import (
    ProjectKind,
    ProjectStatus,
    Publishing,
    ResultsBasis,
)
from deliverables.projects.querysets import ChangeQuerySet, ProjectQuerySet
from exchange.tables.folding import folded_column

ADDRESS_STAYS = _(
    "Releases of the project are cited by this address, so it stays. Withdraw the project, and "
    "enter it anew, where the address itself is the mistake."
)


class Project(Checked):
    """One Twinning contract."""

    slug = models.SlugField(
        _("address"),
        unique=True,
        max_length=60,
        help_text=_("The project’s part of its public address. It stays as it is once published."),
    )
    reference = models.CharField(
        _("reference"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("Exactly as the source prints it, as KS 14 JB JH 04; empty where it has none."),
    )
    reference_alias = models.CharField(
        _("other reference"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("Another form under which people may look for it."),
    )
    contract_number = models.CharField(
        _("contract number"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("The grant contract, as IPA/2016/377-270: another thing than the reference."),
    )
    title_lv = fields.title(_("title in Latvian"))
    title_en = fields.title(_("title in English"))
    summary_lv = fields.text(
        _("summary in Latvian"), help_text=_("One or two sentences shown under the title.")
    )
    summary_en = fields.text(_("summary in English"))
    kind = models.CharField(
        _("kind"), max_length=20, choices=ProjectKind.choices, default=ProjectKind.TWINNING
    )
    beneficiary_country = models.CharField(
        _("beneficiary country"), max_length=2, choices=countries.choices
    )
    fund = models.CharField(
        _("fund"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("The programme that pays, as IPA II. Leave empty where it is not stated."),
    )
    start_planned = fields.PartialDateField(_("planned start"))
    start_actual = fields.PartialDateField(_("actual start"))
    end_planned = fields.PartialDateField(
        _("planned end"), help_text=_("By the contract as it was first signed.")
    )
    end_current = fields.PartialDateField(
        _("planned end now"),
        help_text=_("By the last contract change that moved it; empty where none did."),
    )
    end_actual = fields.PartialDateField(_("actual end"))
    implementation_months = models.PositiveSmallIntegerField(
        _("months of implementation"),
        null=True,
        blank=True,
        help_text=_("How long the work plan runs, by the contract. Empty where it is not stated."),
    )
    execution_months = models.PositiveSmallIntegerField(
        _("months of execution"),
        null=True,
        blank=True,
        help_text=_(
            "How long the contract is in force: the implementation, and what comes before and "
            "after it. Empty where it is not stated."
        ),
    )
    status = fields.state(_("status"), ProjectStatus.PLANNED, max_length=20)
    results_basis = models.CharField(
        _("the list of results is"),
        max_length=20,
        choices=ResultsBasis.choices,
        default=ResultsBasis.CONTRACT,
        help_text=_("Percentages of completion are shown only for the full list of the contract."),
    )
    funding_statement_lv = fields.title(_("funding statement in Latvian"), blank=True, default="")
    funding_statement_en = fields.title(
        _("funding statement in English"),
        blank=True,
        default="",
        help_text=_("Stands beside the EU emblem on each page of the project."),
    )
    disclaimer_lv = fields.text(_("disclaimer in Latvian"))
    disclaimer_en = fields.text(_("disclaimer in English"))
    footnote_lv = fields.text(_("footnote to the country in Latvian"))
    footnote_en = fields.text(
        _("footnote to the country in English"),
        help_text=_("Shown once on each page that names the country; the asterisk is added."),
    )
    publishing = models.CharField(
        _("publishing"),
        max_length=10,
        choices=Publishing.choices,
        default=Publishing.BY_HAND,
        help_text=_(
            "By hand: changes wait for the Publish button. At once: what is typed in one sitting "
            "becomes public by itself. The first release is always made by hand."
        ),
    )
    retention_until = fields.PartialDateField(
        _("records are kept until"),
        help_text=_("By the contract: no person is erased from them before. Unknown: leave empty."),
    )
    legal_hold = fields.text(
        _("legal hold"),
        help_text=_("Why nothing may be erased now, an audit or a claim for instance; else empty."),
    )
    fictitious = models.BooleanField(
        _("fictitious"),
        default=False,
        help_text=_("An invented sample: each of its pages says so."),
    )
    search_text = folded_column(
        "reference", "reference_alias", "contract_number",
        "title_lv", "title_en", "summary_lv", "summary_en",
    )  # fmt: skip

    version = version()

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering: ClassVar = ["fictitious", "reference"]
        triggers: ClassVar = [
            Counted(),
            notes_change("{row}.id"),
            Audited(),
            refused(
                "published_project_keeps_its_address",
                "OLD.slug <> NEW.slug AND EXISTS (SELECT FROM releases_release WHERE project_id = "
                "OLD.id)",
                pgtrigger.Update,
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="project_slug_is_lower_case",
                violation_error_message=_(
                    "An address has small letters, numbers and single hyphens, as ks-14-jb-jh-04."
                ),
            ),
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(reference=""),
                name="project_reference_is_unique",
                violation_error_message=_("Another project already has this reference."),
            ),
            fields.country_is_known("project", "beneficiary_country"),
            fields.one_of("status", ProjectStatus, table="project"),
            fields.one_of("kind", ProjectKind, table="project"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__gte": 1, f"{name}__lte": 240}),
                    name=f"project_{name}_are_1_to_240",
                    violation_error_message=_("A duration is a whole number of months, 1 to 240."),
                )
                for name in ("implementation_months", "execution_months")
            ),
            models.CheckConstraint(
                condition=Q(execution_months__gte=F("implementation_months")),
                name="project_is_executed_as_long_as_implemented",
                violation_error_message=_(
                    "The execution holds the implementation, so it is not shorter."
                ),
            ),
            fields.one_of("results_basis", ResultsBasis, table="project"),
            fields.one_of("publishing", Publishing, table="project"),
            *fields.date_is_one(
                "project",
                "start_planned",
                "start_actual",
                "end_planned",
                "end_current",
                "end_actual",
                "retention_until",
            ),
            fields.not_before(
                "project",
                "start_planned",
                "end_planned",
                message=_("The planned end is before the planned start."),
            ),
            fields.not_before(
                "project",
                "start_actual",
                "end_actual",
                message=_("The actual end is before the actual start."),
            ),
            models.CheckConstraint(
                condition=~Q(title_lv="") & ~Q(title_en=""),
                name="project_has_both_titles",
                violation_error_message=_("A project has a title in Latvian and in English."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference or brief(self, "title")

    def clean(self) -> None:
        was = self.stored()
        if was and was.slug != self.slug and not self.is_draft:
            raise ValidationError({"slug": ADDRESS_STAYS})
        for name in ("start_actual", "end_actual"):
            on = getattr(self, name)
            if dates.is_to_come(on, timezone.localdate()):
                sentence = _(
                    "The date %(on)s has not come yet; a planned one has a field of its own."
                )
                raise ValidationError({name: sentence % {"on": on}})

    @property
    def is_draft(self) -> bool:
        """Whether nothing of it was ever public."""
        return Project.objects.drafts().filter(pk=self.pk).exists()

    @property
    def start(self) -> str:
        """The start as it was, else as planned; "" where it is not stated."""
        return str(self.start_actual or self.start_planned)

    @property
    def end(self) -> str:
        """The end as it was, else as planned now; "" where it is not stated."""
        return str(self.end_actual or self.end_current or self.end_planned)

    def covers(self, first: dt.date, last: dt.date) -> bool:
        """Whether both days lie in the implementation period, as far as its dates are stated."""
        early = self.start and first < dates.first(self.start)
        late = self.end and last > dates.last(self.end)
        return not early and not late


class Change(Checked):
    """A transaction changed what a project's next release would hold. Written by triggers only."""

    project = models.ForeignKey(
        Project, on_delete=models.DO_NOTHING, db_constraint=False, related_name="changes"
    )
    transaction = models.BigIntegerField()
    at = models.DateTimeField()

    objects = ChangeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "transaction"], name="change_is_noted_once_per_transaction"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.transaction}"
