"""How allauth behaves here: nobody signs up, and its mails are ours (accounts/letters)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import limits
from accounts.access.sessions import BEFORE
from accounts.folding import composed
from accounts.typed.keeping import look_for_drafts


class Adapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "The user name or the password is not right. Type both again, or choose a new "
            "password by “Forgot your password?”."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Of a request that came past our proxies, so that it names fewer than TRUSTED_PROXIES, or
        that names no address, the one that it comes from."""
        try:
            return str(super().get_client_ip(request))
        except (ImproperlyConfigured, PermissionDenied):
            return str(request.META.get("REMOTE_ADDR") or "::")

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        self._try = limits.a_try(request, "password", credentials["username"])

    def authenticate(self, request: HttpRequest, **credentials: str) -> AbstractBaseUser | None:
        user = super().authenticate(request, **credentials)
        if user:
            self._try.right()
        return user

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """The session remembers the log-in before this one, which overwrites it."""
        before = user.last_login
        super().login(request, user)
        if before:
            request.session[BEFORE] = before.isoformat()

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **given: Any
    ) -> HttpResponse:
        look_for_drafts(request, user)
        response = super().post_login(request, user, **given)
        limits.remember_browser(request, response, user.get_username())
        return response

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, object]]:
        """A passkey is called so here, too."""
        methods: list[dict[str, object]] = super().get_reauthentication_methods(user)
        for method in methods:
            if method["id"] == "mfa_reauthenticate:webauthn":
                method["description"] = _("Use a passkey")
        return methods

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        """A letter counts as one, whatever the keyboard makes of it."""
        super().clean_password(composed(password), user)
        return password


class FactorAdapter(DefaultMFAAdapter):
    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        """What a passkey is called where its owner gives it no name."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}
