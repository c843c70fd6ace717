"""Who a name and a password are."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from accounts.models import User


class Backend(AuthenticationBackend):
    """The library's, which finds the person as the table of people does."""

    def _authenticate_by_username(self, username: str, password: str) -> AbstractBaseUser | None:
        return self._check_password(User.objects.named(username).first(), password)

    def _mitigate_timing_attack(self, password: str) -> None:
        """Nobody has this name: it takes as long as a wrong password of somebody."""
        User().check_password(password)
