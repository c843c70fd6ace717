"""What is missing in operation, as sentences: seen at `manage.py check`, `serve` and `worker`."""

from __future__ import annotations

from django.conf import settings
from django.core.checks import Error, register

from public.terms import LICENCES

MISSING = {
    "DEFAULT_FROM_EMAIL": (
        "DEFAULT_FROM_EMAIL is missing, so mails would have no sender. Set the environment "
        "variable DEFAULT_FROM_EMAIL to the address that mails of the register come from, for "
        "instance: DEFAULT_FROM_EMAIL=register@example.org"
    ),
    "EMAIL_URL": (
        "EMAIL_URL is missing, so mails would be printed and not sent. Set the environment "
        "variable EMAIL_URL to your mail server, for instance: "
        "EMAIL_URL=smtp+tls://user:password@mail.example.org:587"
    ),
    "SITE_URL": (
        "SITE_URL is missing, so links in mails, feeds and packs would lead nowhere. Set the "
        "environment variable SITE_URL to the address that people open, for instance: "
        "SITE_URL=https://register.example.org"
    ),
}
WEB = ("https://", "http://")
# What addresses that readers follow begin with.
TERMS = {"FEEDBACK_URL": WEB, "PRIVACY_URL": WEB, "SECURITY_CONTACT": ("https://", "mailto:")}
DIVIDES_AN_HOUR = [minutes for minutes in range(1, 61) if not 60 % minutes]


@register
def complete(**_kwargs: object) -> list[Error]:
    """In the try-out each of them has a default."""
    problems = [sentence for name, sentence in MISSING.items() if not getattr(settings, name)]
    if settings.SITE_URL and not settings.SITE_URL.startswith(WEB):
        problems.append(
            f"SITE_URL is {settings.SITE_URL!r}, which is no address. Begin it with https://, for "
            "instance: SITE_URL=https://register.example.org"
        )
    if settings.TIMESTAMP_URL and not settings.TIMESTAMP_URL.startswith(WEB):
        problems.append(
            f"TIMESTAMP_URL is {settings.TIMESTAMP_URL!r}, which is no address. Begin it with "
            "https:// or http://, for instance: TIMESTAMP_URL=https://timestamp.example.org/tsr"
        )
    for name, begins in TERMS.items():
        if (value := getattr(settings, name)) and not value.startswith(begins):
            problems.append(
                f"{name} is {value!r}, which no reader can follow. Begin it with "
                f"{' or '.join(begins)}"
            )
    if settings.DATA_LICENCE and settings.DATA_LICENCE not in LICENCES:
        problems.append(
            f"DATA_LICENCE is {settings.DATA_LICENCE!r}, which the register does not know. Choose "
            f"one of: {', '.join(LICENCES)}"
        )
    if settings.DEFAULT_LANGUAGE not in dict(settings.LANGUAGES):
        problems.append(
            f"DEFAULT_LANGUAGE is {settings.DEFAULT_LANGUAGE!r}, which nothing is written in. "
            f"Choose one of: {', '.join(dict(settings.LANGUAGES))}"
        )
    if settings.SEAL_MINUTES not in DIVIDES_AN_HOUR:
        problems.append(
            f"SEAL_MINUTES is {settings.SEAL_MINUTES}, which does not divide an hour. Choose one "
            f"of: {', '.join(map(str, DIVIDES_AN_HOUR))}"
        )
    return [Error(sentence, id="twinning.E001") for sentence in problems]
