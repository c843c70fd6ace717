from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Both projects of seed/, loaded once for a module; its tests are rolled back to that."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_seed", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def seeded_for_all(transactional_db: None) -> None:
    """The same, committed, for tests with other connections: the browser's server, threads."""
    call_command("load_seed", verbosity=0)
