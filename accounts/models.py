from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


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

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(language__in=Language.values),
                name="user_language_is_one_we_speak",
                violation_error_message=_("The language is Latvian (lv) or English (en)."),
            ),
        ]
