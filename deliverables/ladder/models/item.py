"""The items of a deliverable, and the figures of an item."""

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
from deliverables.fields.language import brief, said
from deliverables.ladder.models.deliverable import Deliverable
from deliverables.ladder.voiding import voids_signatures
from deliverables.projects.changes import IN_DELIVERABLE, IN_ITEM, VIA_DELIVERABLE, notes_change
from deliverables.projects.models.belonging import SAME_PROJECT
from exchange.tables import limits
from exchange.tables.folding import folded_column


class ItemKind(models.TextChoices):
    REGULATED_AREA = "regulated_area", _("Regulated area")
    CAMPAIGN_ACTIVITY = "campaign_activity", _("Campaign activity")
    OUTPUT = "output", _("Output")


class Item(Checked):
    """One of the things that a deliverable consists of."""

    deliverable = models.ForeignKey(
        Deliverable,
        verbose_name=_("deliverable"),
        on_delete=models.PROTECT,
        related_name="items",
    )
    code = fields.code(help_text=_("As D1.2.10."))
    kind = models.CharField(
        _("kind"), max_length=20, choices=ItemKind.choices, default=ItemKind.OUTPUT
    )
    title_lv = fields.text(_("title in Latvian"), limits.TITLE)
    title_en = fields.text(_("title in English"), limits.TITLE)
    note_lv = fields.text(_("note in Latvian"))
    note_en = fields.text(_("note in English"))
    evidence = fields.evidence()
    code_order = fields.code_order()
    search_text = folded_column("code", "title_lv", "title_en")

    version = version()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering: ClassVar = ["deliverable", "code_order", "code"]
        triggers: ClassVar = [
            Counted(),
            notes_change(VIA_DELIVERABLE),
            voids_signatures(),
            Audited(IN_DELIVERABLE),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deliverable", "code"],
                name="item_code_is_unique_in_its_deliverable",
                violation_error_message=_("This deliverable already has an item with this code."),
            ),
            fields.code_is_well_formed("item"),
            fields.in_a_language("item", "title"),
            fields.one_of("kind", ItemKind, table="item"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {brief(self, 'title')}"

    def clean(self) -> None:
        wrong = (
            self.evidence
            and self.deliverable_id
            and (self.evidence.project_id != self.deliverable.project_id)
        )
        if wrong:
            raise ValidationError({"evidence": SAME_PROJECT})


class Figure(Checked):
    """A number that an item reports: 550 students."""

    item = models.ForeignKey(
        Item, verbose_name=_("item"), on_delete=models.CASCADE, related_name="figures"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    label_lv = fields.text(_("what is counted, in Latvian"), limits.NAME)
    label_en = fields.text(_("what is counted, in English"), limits.NAME)
    value = models.PositiveIntegerField(_("value"))

    version = version()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering: ClassVar = ["item", "position"]
        triggers: ClassVar = [
            Counted(),
            notes_change(
                "(SELECT d.project_id FROM deliverables_deliverable d "
                "JOIN deliverables_item i ON i.deliverable_id = d.id WHERE i.id = {row}.item_id)"
            ),
            voids_signatures(
                "SELECT deliverable_id FROM deliverables_item WHERE id = {row}.item_id"
            ),
            Audited(IN_ITEM),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "position"],
                name="figure_position_is_unique_in_its_item",
                violation_error_message=_("This item already has a figure in this position."),
            ),
            fields.in_a_language("figure", "label"),
            models.CheckConstraint(
                condition=Q(value__lte=999_999_999),
                name="figure_has_at_most_nine_digits",
                violation_error_message=_("A figure has at most nine digits."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} {said(self, 'label')}"
