"""Who has a second factor, what opens it, and taking it away from who lost it."""

from __future__ import annotations

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt

from accounts.models import LastCode, User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User) -> bool:
    """Recovery codes alone are none. Read once per request: the user object is its own."""
    if user._has_second_factor is None:
        exists = Authenticator.objects.filter(user=user.pk, type__in=FACTORS).exists()
        user._has_second_factor = exists
    return user._has_second_factor


def opened_by(user: User, code: str) -> Authenticator | None:
    """The app or the recovery codes that this code is one of; it is spent by that."""
    factor: Authenticator
    for factor in Authenticator.objects.filter(user=user).exclude(type=FACTORS[1]):
        is_app = factor.type == Authenticator.Type.TOTP
        if _takes(factor, code) if is_app else factor.wrap().validate_code(code):
            return factor
    return None


def _takes(app: Authenticator, code: str) -> bool:
    """Of this moment, the step before or the step after; none twice, nor one before a used one."""
    step = _step_of(decrypt(app.data["secret"]), code)
    if step is None:
        return False
    LastCode.objects.get_or_create(user_id=app.user_id, defaults={"step": 0})
    newer = LastCode.objects.filter(user_id=app.user_id, step__lt=step)
    return bool(newer.update(step=step))  # of two requests at once one finds it older


def spend(user: User, secret: str, code: str) -> None:
    """The code that set up an app opens nothing more."""
    if step := _step_of(secret, code):
        LastCode.objects.update_or_create(user=user, defaults={"step": step})


def _step_of(secret: str, code: str) -> int | None:
    """The newest step whose code this is."""
    for step in reversed(list(totp.yield_hotp_counters_from_time())):
        if compare_user_code(
            actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, step))
        ):
            return int(step)
    return None


def reset_second_factor(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
