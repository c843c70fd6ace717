"""What is missing in operation is said before anything starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from twinning import checks

ROOT = Path(__file__).resolve().parents[2]


def said() -> list[str]:
    return [error.msg for error in checks.complete()]


def test_in_the_tests_and_the_try_out_nothing_is_missing() -> None:
    assert said() == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        *((name, "", sentence) for name, sentence in checks.MISSING.items()),
        (
            "SITE_URL", "register.example",
            "SITE_URL is 'register.example', which is no address. Begin it with https://, for "
            "instance: SITE_URL=https://register.example.org",
        ),
        (
            "DEFAULT_LANGUAGE", "ru",
            "DEFAULT_LANGUAGE is 'ru', which nothing is written in. Choose one of: lv, en",
        ),
        (
            "TIMESTAMP_URL", "file:tsa",
            "TIMESTAMP_URL is 'file:tsa', which is no address. Begin it with https:// or http://, "
            "for instance: TIMESTAMP_URL=https://timestamp.example.org/tsr",
        ),
        (
            "PRIVACY_URL", "privacy.html",
            "PRIVACY_URL is 'privacy.html', which no reader can follow. Begin it with https:// or "
            "http://",
        ),
        (
            "SECURITY_CONTACT", "security@example.org",
            "SECURITY_CONTACT is 'security@example.org', which no reader can follow. Begin it with "
            "https:// or mailto:",
        ),
        (
            "DATA_LICENCE", "MIT",
            "DATA_LICENCE is 'MIT', which the register does not know. Choose one of: CC0-1.0, "
            "CC-BY-4.0, CC-BY-SA-4.0",
        ),
        (
            "SEAL_MINUTES", 7,
            "SEAL_MINUTES is 7, which does not divide an hour. Choose one of: 1, 2, 3, 4, 5, 6, "
            "10, 12, 15, 20, 30, 60",
        ),
    ],
)  # fmt: skip
def test_each_setting_that_is_missing_or_wrong_has_a_sentence(
    settings: Any, name: str, value: Any, sentence: str
) -> None:
    setattr(settings, name, value)

    assert said() == [sentence]
    for command in ("check", "serve", "worker"):
        with pytest.raises(SystemCheckError, match=sentence.split(",")[0]):
            call_command(command, **({} if command == "check" else {"skip_checks": False}))


def settings_of(**given: str) -> str:
    """What the settings make of this environment, in a process of its own."""
    code = (
        "from django.conf import settings as s;"
        "print(s.SITE_URL, s.DEFAULT_FROM_EMAIL, s.EMAIL_TIMEOUT, s.EMAIL_URL, s.EMAIL_BACKEND)"
    )
    ours = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "twinning.settings"}
    empty = dict.fromkeys(("SITE_URL", "DEFAULT_FROM_EMAIL", "DATABASE_URL", "EMAIL_URL"), "")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=ours | empty | given,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_in_the_try_out_links_carry_the_port_and_in_operation_nothing_is_guessed(
    tmp_path: Path,
) -> None:
    key = {"SECRET_KEY": "x" * 50, "VAR_DIR": str(tmp_path)}
    console = "consolemail:// django.core.mail.backends.console.EmailBackend"
    operated = {"DATABASE_URL": "postgres://r@db/r", "ALLOWED_HOSTS": "register.example"} | key

    assert settings_of(**key) == f"http://127.0.0.1:8000 register@localhost 10 {console}"
    assert settings_of(**key, PORT="8123").startswith("http://127.0.0.1:8123 ")
    assert settings_of(**operated, PORT="8123").split() == [
        "10", "django.core.mail.backends.console.EmailBackend"
    ]  # fmt: skip
