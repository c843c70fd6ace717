"""From a code of the trail to the person, as colleagues know them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

Person: TypeAlias = "_User"  # what settings.AUTH_USER_MODEL is


def signed_in(request: HttpRequest) -> Person:
    """Who asks. Raises PermissionDenied where nobody is signed in."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def named(codes: Iterable[str]) -> dict[str, str]:
    """Code -> "U-0004 anna" of those who are (still) users; others are known by the code alone."""
    keys = {code: int(code[2:]) for code in codes if re.fullmatch(r"U-\d{4,18}", code)}
    people = get_user_model()._default_manager.in_bulk(keys.values())
    return {
        code: f"{code} {people[key].get_username()}" for code, key in keys.items() if key in people
    }
