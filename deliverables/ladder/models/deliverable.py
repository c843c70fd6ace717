"""Deliverables, and the items and figures that they consist of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.fields import columns as fields
from deliverables.fields.language import brief
from deliverables.ladder.querysets import DeliverableQuerySet
from deliverables.ladder.status import BEGUN, DONE, SIDE_EXITS, Rung, at_least
from deliverables.ladder.voiding import voids_own_signatures
from deliverables.projects.changes import IN_COMPONENT, OWN, notes_change, refused
from deliverables.projects.models import Component
from deliverables.projects.models.belonging import SAME_PROJECT, of_one_project
from exchange.tables import limits
from exchange.tables.folding import folded_column


class DeliverableKind(models.TextChoices):
    MAIN_RESULT = "main_result", _("Main result")
    MANDATORY_RESULT = "mandatory_result", _("Mandatory result")
    SUB_RESULT = "sub_result", _("Sub-result")


ONE_LEVEL = _(
    "A sub-result stands under a result that is none itself, and has no sub-results of its own."
)


PARTS_STAY = _("Its sub-results are in the component that it was in. Take them from it first.")


class Achievement(models.TextChoices):
    DEVELOPED = "developed", _("Developed")
    ADOPTED = "adopted", _("Adopted")
    CONTRIBUTED = "contributed", _("Contributed to")
    UPDATED = "updated", _("Updated")
    SUPPORTED = "supported", _("Supported")
    TRAINED = "trained", _("Training given")
    ESTABLISHED = "established", _("Established")
    PILOTED = "piloted", _("Piloted")
    IMPLEMENTED = "implemented", _("Implemented")


class Deliverable(Checked):
    """A main or mandatory result of a component."""

    project = fields.project("deliverables")
    component = models.ForeignKey(
        Component,
        verbose_name=_("component"),
        on_delete=models.PROTECT,
        related_name="deliverables",
    )
    code = fields.code(help_text=_("As D1.2 or MR 4.1. It is never changed and never used again."))
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=DeliverableKind.choices,
        default=DeliverableKind.MANDATORY_RESULT,
    )
    parent: models.ForeignKey[Deliverable | None, Deliverable | None] = fields.optional(
        "self",
        _("sub-result of"),
        related_name="parts",
        help_text=_("The result of the same component that it is a part of; else empty."),
    )
    title_lv = fields.title(_("title in Latvian"))
    title_en = fields.title(_("title in English"))
    rung = fields.state(
        _("rung"),
        Rung.PLANNED,
        max_length=20,
        help_text=_("How far it has come. It is moved by a step, not typed."),
    )
    entered_from: models.ForeignKey[models.Model | None, models.Model | None] = fields.optional(
        "deliverables.Source",
        _("entered from the source"),
        editable=False,
        help_text=_("The source that its rung was entered from, with no step taken here."),
    )
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("1, unless the work plan agreed on weights."),
    )
    due_original = fields.PartialDateField(
        _("due, original"), help_text=_("As in the contract. A later plan never erases it.")
    )
    due_current = fields.PartialDateField(
        _("due, current"), help_text=_("As re-planned last; empty where it was not re-planned.")
    )
    delivered_on = fields.PartialDateField(_("delivered on"))
    accepted_on = fields.PartialDateField(_("accepted on"))
    adopted_on = fields.PartialDateField(
        _("adopted on"), help_text=_("By a third party, a parliament for instance.")
    )
    adopted_by_lv = models.CharField(
        _("adopted by, in Latvian"), max_length=limits.NAME, blank=True, default=""
    )
    adopted_by_en = models.CharField(
        _("adopted by, in English"), max_length=limits.NAME, blank=True, default=""
    )
    achievements = ArrayField(
        models.CharField(max_length=20, choices=Achievement.choices),
        verbose_name=_("what was done"),
        default=list,
        blank=True,
        help_text=_("The verbs of the source: developed, adopted, trained …"),
    )
    items_intro_lv = fields.title(_("introduces its items, in Latvian"), blank=True, default="")
    items_intro_en = fields.title(_("introduces its items, in English"), blank=True, default="")
    note_lv = fields.text(_("note in Latvian"))
    note_en = fields.text(_("note in English"))
    reason_lv = fields.text(_("reason in Latvian"))
    reason_en = fields.text(
        _("reason in English"),
        help_text=_("Why only a part, or nothing, was delivered; names the contract change."),
    )
    active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Switch off what is not pursued any more: it is listed, and not counted."),
    )
    code_order = fields.code_order()
    search_text = folded_column("code", "title_lv", "title_en", "note_lv", "note_en")

    version = version()

    # Present only on rows from with_turn(), with_hands() and with_pieces().
    turn: str
    pieces: int
    deliverer: int | None
    climber: int | None

    objects = DeliverableQuerySet.as_manager()

    class Meta:
        verbose_name = _("deliverable")
        verbose_name_plural = _("deliverables")
        ordering: ClassVar = ["project", "code_order", "code"]
        triggers: ClassVar = [
            Counted(),
            notes_change(OWN),
            voids_own_signatures(),
            refused(
                "sub_result_stands_under_a_whole_result",
                "{row}.parent_id IS NOT NULL AND EXISTS (SELECT FROM deliverables_deliverable o "
                "WHERE {row}.parent_id = {row}.id OR o.parent_id = {row}.id "
                "OR (o.id = {row}.parent_id AND o.parent_id IS NOT NULL))",
                pgtrigger.Insert | pgtrigger.Update,
            ),
            Audited(IN_COMPONENT),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "code"],
                name="deliverable_code_is_unique_in_its_project",
                violation_error_message=_("This project already has a deliverable with this code."),
            ),
            fields.code_is_well_formed("deliverable"),
            fields.one_of("kind", DeliverableKind, table="deliverable"),
            fields.one_of("rung", Rung, table="deliverable"),
            models.CheckConstraint(
                condition=Q(entered_from=None) | ~Q(rung__in=BEGUN),
                name="deliverable_entered_from_a_source_is_reported_there",
                violation_error_message=_(
                    "Only a result that its source reports as delivered, in part at least, or as "
                    "closed is marked as entered from it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(kind=DeliverableKind.SUB_RESULT),
                name="deliverable_under_a_result_is_a_sub_result",
                violation_error_message=_(
                    "Only a sub-result stands under another result. Choose the kind “Sub-result”, "
                    "or leave the other result empty."
                ),
            ),
            models.CheckConstraint(
                condition=Q(achievements__contained_by=Achievement.values),
                name="deliverable_achievements_are_known",
                violation_error_message=_(
                    "One of the verbs of what was done is not known. Choose them from the list."
                ),
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1) & Q(weight__lte=100),
                name="deliverable_weight_is_1_to_100",
                violation_error_message=_("A weight is a whole number from 1 to 100."),
            ),
            *fields.date_is_one(
                "deliverable",
                "due_original",
                "due_current",
                "delivered_on",
                "accepted_on",
                "adopted_on",
            ),
            models.CheckConstraint(
                condition=Q(delivered_on="") | Q(rung__in=[*DONE]),
                name="deliverable_delivery_date_needs_a_delivery",
                violation_error_message=_(
                    "There is a date of delivery, but the deliverable is not delivered yet. "
                    "Remove the date, or mark it delivered first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(accepted_on="") | Q(rung__in=at_least(Rung.ACCEPTED)),
                name="deliverable_acceptance_date_needs_an_acceptance",
                violation_error_message=_(
                    "There is a date of acceptance, but the beneficiary has not accepted it yet. "
                    "Remove the date, or have it accepted first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(adopted_on="") | ~Q(adopted_by_en=""),
                name="deliverable_adoption_date_names_who_adopted",
                violation_error_message=_("Say who adopted it, or remove the date of adoption."),
            ),
            models.CheckConstraint(
                condition=~Q(rung__in=SIDE_EXITS) | (~Q(reason_lv="") & ~Q(reason_en="")),
                name="deliverable_side_exit_has_a_reason",
                violation_error_message=_(
                    "What was delivered in part, not delivered or dropped needs a reason in "
                    "Latvian and in English."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(title_lv="") & ~Q(title_en=""),
                name="deliverable_has_both_titles",
                violation_error_message=_("A deliverable has a title in Latvian and in English."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {brief(self, 'title')}"

    @classmethod
    def facts(cls, rows: Sequence[Deliverable]) -> dict[str, Callable[[], Iterable[object]]]:
        saved = [row.pk for row in rows if row.pk]
        parts = cls.objects.filter(parent__in=saved)
        return {
            "parts": lambda: parts.values_list("parent", flat=True),
            "components of parts": lambda: parts.values_list("parent", "component"),
        }

    def clean(self) -> None:
        if self.component_id and self.component.project_id != self.project_id:
            raise ValidationError({"component": SAME_PROJECT})
        of_one_project(self, "entered_from")
        has_parts = bool(self.pk) and self.among("parts", self.pk)
        if self.parent and (has_parts or self.parent.parent_id or self.parent == self):
            raise ValidationError({"parent": ONE_LEVEL})
        if self.parent and self.parent.component_id != self.component_id:
            raise ValidationError(
                {"parent": _("A sub-result belongs to the component of its result.")}
            )
        if has_parts and not self.among("components of parts", (self.pk, self.component_id)):
            raise ValidationError({"component": PARTS_STAY})
