"""Who of the back office has which role in a project."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import LEADERS, Role
from audit.events.triggers import Audited
from audit.rows.checked import Checked
from audit.rows.versions import Counted, version
from deliverables.fields import columns as fields
from deliverables.projects.changes import IN_COMPONENT
from deliverables.projects.models.belonging import SAME_PROJECT
from deliverables.projects.models.component import Component

ROLES = [(role.value, role.label) for role in Role if role is not Role.ADMINISTRATOR]


class Membership(Checked):
    """A role of a person in a project; a coordinator has one for each own component.

    What a role may do: accounts/roles.py. Administrators need none.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    project = fields.project("memberships")
    role = models.CharField(_("role"), max_length=20, choices=ROLES)
    component = fields.optional(
        Component,
        _("component"),
        related_name="memberships",
        help_text=_("For a coordinator: the component. One row for each; empty for other roles."),
    )

    version = version()

    class Meta:
        verbose_name = _("role in a project")
        verbose_name_plural = _("roles in projects")
        triggers: ClassVar = [
            Counted(),
            Audited({**IN_COMPONENT, "accounts_user": "{row}.user_id"}),
        ]
        ordering: ClassVar = ["project", "role", "component__number", "user"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "project", "role", "component"],
                nulls_distinct=False,
                name="membership_is_given_once",
                violation_error_message=_("This person already has this role here."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role for role, _label in ROLES]),
                name="membership_role_is_known",
                violation_error_message=_("This role is not known. Choose one from the list."),
            ),
            models.CheckConstraint(
                condition=(Q(role=Role.COORDINATOR) & Q(component__isnull=False))
                | (~Q(role=Role.COORDINATOR) & Q(component__isnull=True)),
                name="membership_of_a_coordinator_names_a_component",
                violation_error_message=_(
                    "A coordinator has one component; the other roles are for the whole project "
                    "and leave the component empty."
                ),
            ),
            models.UniqueConstraint(
                fields=["user", "project"],
                condition=Q(role__in=[*LEADERS, Role.AUDITOR]),
                name="membership_leads_for_one_side_or_audits",
                violation_error_message=_(
                    "This person already leads or audits this project. One person leads for one "
                    "side only, and who leads does not audit."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    def clean(self) -> None:
        if self.component and self.component.project_id != self.project_id:
            raise ValidationError({"component": SAME_PROJECT})
        others = Membership.objects.filter(user=self.user_id, project=self.project_id)
        audits = others.exclude(pk=self.pk).filter(role=Role.AUDITOR).exists()
        works = others.exclude(pk=self.pk).filter(role=Role.COORDINATOR).exists()
        if (self.role == Role.COORDINATOR and audits) or (self.role == Role.AUDITOR and works):
            raise ValidationError(
                _(
                    "Who audits a project does not work on it. Withdraw this person's other role "
                    "in the project first."
                )
            )
