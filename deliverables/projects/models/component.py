"""Components, and other wordings of titles."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.fields import columns as fields
from deliverables.fields.language import brief, said
from deliverables.projects.changes import IN_COMPONENT, IN_PROJECT, OWN, notes_change
from deliverables.projects.models.belonging import SAME_PROJECT
from exchange.tables import limits
from exchange.tables.folding import folded_column

PRINTED = r"^[0-9A-Za-z]+([. -][0-9A-Za-z]+)*$"


class Component(Checked):
    """A component of the contract; 0 is management and visibility."""

    project = fields.project("components")
    number = models.PositiveSmallIntegerField(
        _("number"), help_text=_("As in the contract; 0 is management and visibility.")
    )
    code = models.CharField(
        _("code in the source"),
        max_length=limits.CODE,
        blank=True,
        default="",
        help_text=_("Where the source prints another one than the number, as 1.2 or A."),
    )
    numbered = models.BooleanField(
        _("the source numbers it"),
        default=True,
        help_text=_("Switch off where the source gives it neither number nor code."),
    )
    title_lv = fields.title(_("title in Latvian"))
    title_en = fields.title(_("title in English"))
    note_lv = fields.text(_("note in Latvian"))
    note_en = fields.text(_("note in English"))
    evidence = fields.evidence()
    search_text = folded_column("title_lv", "title_en")

    version = version()

    class Meta:
        verbose_name = _("component")
        verbose_name_plural = _("components")
        ordering: ClassVar = ["project", "number"]
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_PROJECT)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "number"],
                name="component_number_is_unique_in_its_project",
                violation_error_message=_("This project already has a component of this number."),
            ),
            models.CheckConstraint(
                condition=Q(number__lte=99),
                name="component_number_is_at_most_99",
                violation_error_message=_("A component has a number from 0 to 99."),
            ),
            models.UniqueConstraint(
                fields=["project", "code"],
                condition=~Q(code=""),
                name="component_code_is_unique_in_its_project",
                violation_error_message=_("This project already has a component of this code."),
            ),
            models.CheckConstraint(
                condition=Q(code="") | Q(code__regex=PRINTED),
                name="component_code_is_letters_and_numbers",
                violation_error_message=_(
                    "A component’s code is made of letters and numbers with points, hyphens or "
                    "spaces between them, as 1.2 or A."
                ),
            ),
            models.CheckConstraint(
                condition=Q(numbered=True) | Q(code=""),
                name="component_without_a_number_has_no_code",
                violation_error_message=_(
                    "There is a code, so the source does number it. Remove the code, or say that "
                    "the source numbers it."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(title_lv="") & ~Q(title_en=""),
                name="component_has_both_titles",
                violation_error_message=_("A component has a title in Latvian and in English."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed}. {said(self, 'title')}" if self.numbered else said(self, "title")

    @property
    def printed(self) -> str:
        """What the source prints before its title; "" where it prints nothing."""
        return (self.code or str(self.number)) if self.numbered else ""

    @property
    def called(self) -> str:
        """What stands for it where there is little room."""
        return self.printed or brief(self, "title")

    def clean(self) -> None:
        if self.evidence and self.evidence.project_id != self.project_id:
            raise ValidationError({"evidence": SAME_PROJECT})


class Title(Checked):
    """Another wording of the title of a project or component that a source uses."""

    project = fields.project("titles")
    component = fields.optional(
        Component,
        _("component"),
        related_name="titles",
        help_text=_("Empty where it is the project's own title."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    title_lv = fields.title(_("title in Latvian"), blank=True, default="")
    title_en = fields.title(_("title in English"), blank=True, default="")
    where_lv = fields.text(_("where it is used, in Latvian"), limits.TITLE)
    where_en = fields.text(_("where it is used, in English"), limits.TITLE)
    evidence = fields.evidence()

    version = version()

    class Meta:
        verbose_name = _("other title")
        verbose_name_plural = _("other titles")
        ordering: ClassVar = ["project", F("component__number").asc(nulls_first=True), "position"]
        triggers: ClassVar = [Counted(), notes_change(OWN), Audited(IN_COMPONENT)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "component", "position"],
                nulls_distinct=False,
                name="title_position_is_unique",
                violation_error_message=_("There is already another title in this position."),
            ),
            models.CheckConstraint(
                condition=~Q(title_lv="") | ~Q(title_en=""),
                name="title_is_not_empty",
                violation_error_message=_("Give the other title in Latvian or in English."),
            ),
            fields.in_a_language("title", "where"),
        ]

    def __str__(self) -> str:
        return said(self, "title")

    def clean(self) -> None:
        for name in ("component", "evidence"):
            other = getattr(self, name)
            if other and other.project_id != self.project_id:
                raise ValidationError({name: SAME_PROJECT})
