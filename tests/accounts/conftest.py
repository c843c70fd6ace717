from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nothing_counted_yet(db: None) -> None:
    """What an earlier test with connections of its own counted is committed."""
    cache.clear()
