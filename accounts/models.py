from __future__ import annotations

from typing import ClassVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.triggers import Audited, key
from audit.versions import Counted, version


class Language(models.TextChoices):
    LV = "lv", "Latviešu"
    EN = "en", "English"


class User(AbstractUser):
    """Someone who may open the back office. Experts are not users."""

    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language.choices,
        default=Language.EN,
        help_text=_("The language of the back office for this person."),
    )

    reminders_wanted = models.BooleanField(
        _("reminders by e-mail"),
        default=True,
        help_text=_("Of what waits for the person: on Mondays, and when a date comes near."),
    )
    audit_key = key()
    version = version()

    class Meta(AbstractUser.Meta):
        triggers: ClassVar = [
            Counted("last_login"),
            Audited(
                personal=("username", "first_name", "last_name", "email"),
                secret=("password",),
                left_out=("last_login",),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(language__in=Language.values),
                name="user_language_is_one_we_speak",
                violation_error_message=_("The language is Latvian (lv) or English (en)."),
            ),
        ]

    @property
    def code(self) -> str:
        """How the audit trail calls the person: U-0001."""
        return f"U-{self.pk:04}"


class SecondFactor(Authenticator):  # type: ignore[misc]
    """The library's table under our own audit: that a factor was added or removed, no secret."""

    class Meta:
        proxy = True
        triggers: ClassVar = [
            Audited(
                {"accounts_user": "{row}.user_id"}, secret=("data",), left_out=("last_used_at",)
            )
        ]
