"""The fictitious project, its story played up to a stage."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command

from tests import databases


@dataclass(frozen=True, slots=True)
class Played:
    stage: str
    told: str


def play(stage: str) -> Played:
    told = io.StringIO()
    call_command("seed", stage=stage, stdout=told)
    return Played(stage, told.getvalue())


@pytest.fixture(scope="module", params=["inception", "midterm", "closing"])
def played(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Played]:
    """A stage played once for all tests that read it; each is rolled back to it."""
    stage = request.param
    with django_db_blocker.unblock(), databases.filled(stage, lambda: play(stage)) as played:
        yield played
