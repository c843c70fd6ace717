"""On which days it was asked what a person is to be reminded of."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.rows.checked import Checked


class Reminder(Checked):
    """A person's reminders of a day were entered, if there were any: once, says the constraint.

    The days after the last one are made up (deliverables/ladder/reminders.py).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="reminders",
    )
    on = models.DateField(_("day"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "on"],
                name="reminder_goes_once_a_day",
                violation_error_message=_("This person was reminded today."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.on}"
