from __future__ import annotations

from typing import ClassVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.folding import composed, folded
from accounts.querysets import PeopleManager
from audit.checked import Typed
from audit.triggers import Audited, key
from audit.versions import Counted, version


class Language(models.TextChoices):
    LV = "lv", "Latviešu"
    EN = "en", "English"


class User(Typed, AbstractUser):
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

    objects: ClassVar[PeopleManager] = PeopleManager()

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
            models.UniqueConstraint(
                folded("username"),
                name="user_name_is_one_persons",
                violation_error_message=_(
                    "Somebody has this user name already: capital and small letters count as the "
                    "same. Choose another one."
                ),
            ),
            models.UniqueConstraint(
                folded("email"),
                condition=~models.Q(email=""),
                name="user_email_is_one_persons",
                violation_error_message=_(
                    "Somebody has this e-mail address already, and mails must reach one person. "
                    "Enter another one."
                ),
            ),
        ]

    @property
    def code(self) -> str:
        """How the audit trail calls the person: U-0001."""
        return f"U-{self.pk:04}"

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password and composed(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """In one form, as it is set; one that was set before that, as it is typed."""
        forms = dict.fromkeys((raw_password and composed(raw_password), raw_password))
        return any(super(User, self).check_password(form) for form in forms)


class SecondFactor(Authenticator):  # type: ignore[misc]
    """The library's table under our own audit: that a factor was added or removed, no secret."""

    class Meta:
        proxy = True
        triggers: ClassVar = [
            Audited(
                {"accounts_user": "{row}.user_id"}, secret=("data",), left_out=("last_used_at",)
            )
        ]


class LastCode(models.Model):
    """The time step of the newest code of an app that a person used: it and all before are spent.

    A step is 30 seconds; they are counted from 1970 (RFC 6238).
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="last_code")
    step = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(step__gte=0), name="lastcode_step_is_not_before_1970"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.step}"
