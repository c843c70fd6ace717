"""Roles and their rights, as one table: docs/rights.md and the back office show this one. Pure."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    COORDINATOR = "coordinator", _("Coordinator")
    MS_LEADER = "ms_leader", _("Project Leader, Member State")
    BC_LEADER = "bc_leader", _("Project Leader, beneficiary")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Right(TextChoices):
    SEE = "see", _("Sees what is recorded, published or not, with its history; takes extracts")
    NAMES = "names", _("Sees names of experts")
    EDIT = "edit", _("Edits and imports")
    WORK = "work", _("Starts work, reports it delivered")
    CHECK = "check", _("Checks the evidence of what somebody else delivered; sends back")
    ACCEPT = "accept", _("Accepts for the beneficiary; sends back")
    SIGN_MS = "sign_ms", _("Signs for the Member State")
    SIGN_BC = "sign_bc", _("Signs for the beneficiary")
    CONFIRM = "confirm", _("Records what the steering committee confirmed")
    STEER = "steer", _("Drops what will not be delivered; reopens")
    PUBLISH = "publish", _("Publishes, and says which files are public")
    PEOPLE = "people", _("Invites people, gives and withdraws roles, adds projects")


class Reach(TextChoices):
    """How far a right goes: the person's own components, the person's projects, or everything."""

    OWN = "own", _("own components")
    PROJECT = "project", _("own projects")
    ALL = "all", _("everything")


LEADERS = (Role.MS_LEADER, Role.BC_LEADER)
_LEADING = {Role.MS_LEADER: Reach.PROJECT, Role.BC_LEADER: Reach.PROJECT}
_WORKING = {Role.COORDINATOR: Reach.OWN, **_LEADING, Role.ADMINISTRATOR: Reach.ALL}

# Who is not named beside a right does not have it. An administrator runs the register, but signs,
# accepts and confirms for nobody.
RIGHTS: dict[Right, dict[Role, Reach]] = {
    Right.SEE: {**_WORKING, Role.AUDITOR: Reach.PROJECT},
    Right.NAMES: _WORKING,
    Right.EDIT: _WORKING,
    Right.WORK: _WORKING,
    Right.CHECK: {Role.COORDINATOR: Reach.OWN, **_LEADING},
    Right.ACCEPT: {Role.BC_LEADER: Reach.PROJECT},
    Right.SIGN_MS: {Role.MS_LEADER: Reach.PROJECT},
    Right.SIGN_BC: {Role.BC_LEADER: Reach.PROJECT},
    Right.CONFIRM: _LEADING,
    Right.STEER: {**_LEADING, Role.ADMINISTRATOR: Reach.ALL},
    Right.PUBLISH: {**_LEADING, Role.ADMINISTRATOR: Reach.ALL},
    Right.PEOPLE: {Role.ADMINISTRATOR: Reach.ALL},
}
