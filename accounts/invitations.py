"""Inviting people: an e-mail with a link by which they choose their own password."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.adapter import site_address
from accounts.models import User


def invite(user: User) -> None:
    """Send the invitation in the person's language; the link works once, for three days."""
    key = default_token_generator.make_token(user)
    link = site_address("account_reset_password_from_key", uidb36=user_pk_to_url_str(user), key=key)
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
    context = {"user": user, "link": link, "days": days, "site": settings.SITE_URL}
    with translation.override(user.language):
        context["lang"] = user.language
        subject = _("Your account in the register of Twinning projects")
        mail = EmailMultiAlternatives(
            subject, render_to_string("accounts/mail/invitation.txt", context), to=[user.email]
        )
        mail.attach_alternative(
            render_to_string("accounts/mail/invitation.html", context), "text/html"
        )
    mail.send()
