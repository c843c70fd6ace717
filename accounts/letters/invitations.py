"""Inviting people, and letting them choose a new password: letters with a link that works once."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.letters import letters
from accounts.letters.letters import Kind
from accounts.models import Letter, User
from accounts.querysets import UserQuerySet


def invite(user: User) -> bool:
    """Enter an invitation, in the person's language; False when it was asked for a moment ago."""
    with transaction.atomic():
        return letters.ask(Kind.INVITATION, _locked().get(pk=user.pk))


def reset(email: str) -> None:
    """Enter a letter to whoever has this address; nobody learns from it whether somebody has."""
    with transaction.atomic():
        letters.ask(Kind.RESET, _locked().reached_at(email).filter(is_active=True).first())


def _locked() -> UserQuerySet:
    """Of two clicks at the same moment the second one sees what the first one has entered."""
    return User.objects.get_queryset().select_for_update(no_key=True).order_by("pk")


@letters.writes(Kind.INVITATION)
def invitation_mail(_letter: Letter, user: User) -> EmailMultiAlternatives:
    return _with_link(
        user, _("Your account in the register of Twinning projects"), "accounts/mail/invitation"
    )


@letters.writes(Kind.RESET)
def reset_mail(_letter: Letter, user: User) -> EmailMultiAlternatives:
    return _with_link(
        user, _("Register of Twinning projects: choose a new password"), "accounts/mail/reset"
    )


def _with_link(user: User, subject: str, template: str) -> EmailMultiAlternatives:
    """The link works once, for PASSWORD_RESET_TIMEOUT from now on."""
    key = default_token_generator.make_token(user)
    named = {"uidb36": user_pk_to_url_str(user), "key": key}
    link = settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=named)
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
    return letters.compose(user, subject, template, {"link": link, "days": days})
