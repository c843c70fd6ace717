"""A row that was entered by mistake after the public had read it, or others may have."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.events.triggers import Audited
from audit.rows.checked import Checked
from deliverables.fields import columns as fields
from deliverables.fields.language import said
from deliverables.projects.changes import IN_PROJECT
from deliverables.projects.models.project import Project
from deliverables.projects.querysets import MistakeQuerySet
from exchange.tables import limits


def owner_of(table: type[models.Model]) -> str:
    """The reference within which a row's code is given once: "project" or "line"; "" where it is
    given once in the register, or there is no code."""
    for rule in table._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and "code" in rule.fields[1:]:
            return rule.fields[0]
    return ""


class Mistake(Checked):
    """A row has left its table as entered by mistake as long as this row is there.

    What it held is in the trail, in the transaction that wrote this (`marking`). `component` is the
    id of the one that it belonged to, which may have left its own table by now; `owner` is the id
    of what its code is given in (`owner_of`); `by` the code of a person, as U-0004.
    """

    project: models.ForeignKey[Project | None, Project | None] = fields.optional(
        Project, _("project"), "mistakes"
    )
    component = models.BigIntegerField(_("component"), null=True, blank=True)
    table = models.CharField(_("table"), max_length=63)
    row = models.BigIntegerField(_("row"))
    owner = models.BigIntegerField(_("row within which the code is given"), null=True, blank=True)
    code = models.CharField(_("code"), max_length=limits.CODE, blank=True, db_collation="C")
    label_lv = fields.text(_("what it was called, in Latvian"))
    label_en = fields.text(_("what it was called, in English"))
    reason = fields.text(_("reason"))
    by = models.CharField(_("by"), max_length=20)
    at = models.DateTimeField(_("at"))

    objects = MistakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("row entered by mistake")
        verbose_name_plural = _("rows entered by mistake")
        default_permissions = ()
        ordering: ClassVar = ["-pk"]
        triggers: ClassVar = [Audited({**IN_PROJECT, "deliverables_component": "{row}.component"})]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["table", "row"],
                name="mistake_is_marked_once",
                violation_error_message=_("This row is marked as entered by mistake already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(by=""),
                name="mistake_says_who_and_why",
                violation_error_message=_("Say in a sentence why it was a mistake."),
            ),
        ]

    def __str__(self) -> str:
        return said(self, "label")
