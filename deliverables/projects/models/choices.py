"""What a project may be: its kind, its status, what it lists and how it is published."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProjectStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    SUSPENDED = "suspended", _("Suspended")
    CONCLUDED = "concluded", _("Concluded")
    CANCELLED = "cancelled", _("Cancelled")


class ProjectKind(models.TextChoices):
    TWINNING = "twinning", _("Twinning")
    TWINNING_LIGHT = "twinning_light", _("Twinning Light")


class ResultsBasis(models.TextChoices):
    CONTRACT = "contract", _("The full list of the contract")
    PUBLISHED = "published", _("Only what a publication lists")


class Publishing(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    BY_HAND = "by_hand", _("By hand")
