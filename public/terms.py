"""Who answers for the register, and on which terms its data are given: settings of who runs it.

What is not stated stays away from pages and files: nobody is promised a licence or an answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence of data: its SPDX name, what people call it, its text, and its code in the
    authority table of the European Union."""

    name: str
    title: str
    path: str
    authority: str


_CC = "https://creativecommons.org"
_EU = "http://publications.europa.eu/resource/authority/licence"
LICENCES = {
    licence.name: licence
    for licence in (
        Licence("CC0-1.0", "CC0 1.0", f"{_CC}/publicdomain/zero/1.0/", f"{_EU}/CC0"),
        Licence("CC-BY-4.0", "CC BY 4.0", f"{_CC}/licenses/by/4.0/", f"{_EU}/CC_BY_4_0"),
        Licence("CC-BY-SA-4.0", "CC BY-SA 4.0", f"{_CC}/licenses/by-sa/4.0/", f"{_EU}/CC_BYSA_4_0"),
    )
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What is empty or None is not stated. All but `operator` are addresses: https: or mailto:."""

    operator: str
    contact: str
    feedback: str
    privacy: str
    security: str
    licence: Licence | None


def stated() -> Terms:
    contact = settings.CONTACT_EMAIL and f"mailto:{settings.CONTACT_EMAIL}"
    return Terms(
        settings.OPERATOR_NAME,
        contact,
        settings.FEEDBACK_URL or contact,
        settings.PRIVACY_URL,
        settings.SECURITY_CONTACT or contact,
        LICENCES.get(settings.DATA_LICENCE),
    )
