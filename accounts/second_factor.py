"""Who has a second factor, and taking it away from who lost it."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator

from accounts.models import User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: Any) -> bool:
    """Recovery codes alone are none. Read once per request: the user object is its own."""
    known: bool | None = getattr(user, "_has_second_factor", None)
    if known is None:
        found = Authenticator.objects.filter(user=user.pk, type__in=FACTORS).exists()
        known = user._has_second_factor = found
    return known


def reset_second_factor(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
