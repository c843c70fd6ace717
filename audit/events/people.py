"""From a code of the trail to the person, as colleagues know them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.contrib.auth import get_user_model


def named(codes: Iterable[str]) -> dict[str, str]:
    """Code -> "U-0004 anna" of those who are (still) users; others are known by the code alone."""
    keys = {code: int(code[2:]) for code in codes if re.fullmatch(r"U-\d{4,18}", code)}
    people = get_user_model()._default_manager.in_bulk(keys.values())
    return {
        code: f"{code} {people[key].get_username()}" for code, key in keys.items() if key in people
    }
