"""The library's forms of log-in, where the register decides otherwise."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.access import limits, second_factor
from accounts.letters.invitations import reset
from accounts.models import User


class ResetPasswordForm(account.ResetPasswordForm):
    """Asks the database the same for an address that somebody has as for any other."""

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        limits.a_try(context.request, "reset", typed, longest=0)
        return typed

    def save(self, request: HttpRequest, **_given: object) -> str:
        typed: str = self.cleaned_data["email"]
        if not limits.mailbox_is_full(typed):  # by links that still work
            reset(typed)
        return typed


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):
    def save(self) -> None:
        super().save()
        limits.remember_mail(context.request, self.user.username)


class ChangePasswordForm(account.ChangePasswordForm):
    def clean_oldpassword(self) -> str:
        """Counted as a log-in is."""
        password: str = self.cleaned_data["oldpassword"]
        adapter = account_adapter()
        if not (self.user and adapter.reauthenticate(self.user, password)):
            raise adapter.validation_error("enter_current_password")
        return password


class CodeForm:
    """A code of the app or a recovery code, each of which works once."""

    user: User
    cleaned_data: dict[str, str]
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        a_try = limits.a_try(
            context.request, "code", self.user.username, longest=limits.PAUSE_OF_CODES
        )
        factor = second_factor.opened_by(self.user, code)
        if factor is None:
            raise get_adapter().validation_error("incorrect_code")
        a_try.right()
        self.authenticator = factor
        return code


class AuthenticateForm(CodeForm, mfa.AuthenticateForm):
    pass


class ReauthenticateForm(CodeForm, mfa.ReauthenticateForm):
    pass


class ActivateForm(ActivateTOTPForm):
    """The code that shows that the app is set up is spent by that."""

    def __init__(self, *args: Any, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code that the app shows")

    def clean_code(self) -> str:
        code: str = super().clean_code()
        second_factor.spend(self.user, self.secret, code)
        return code


class AddPasskeyForm(AddWebAuthnForm):
    name = forms.CharField(label=_("Name"), required=False, max_length=100)


class RenamePasskeyForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=100)
