"""A second factor of a test's own, and the code that its app shows."""

from __future__ import annotations

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp

from accounts.models import User

PERIOD = 30  # seconds that one code holds


def with_totp(user: User) -> str:
    """The secret of an app that is the user's second factor from now on."""
    secret = str(totp.generate_totp_secret())
    totp.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code_of(secret: str, steps: int = 0) -> str:
    """The code of the moment, or of so many steps later."""
    counter = int(time.time()) // PERIOD + steps
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))
