from __future__ import annotations

import pytest
from django.db import connections
from playwright.sync_api import expect

expect.set_options(timeout=20_000)  # ms; a page that never comes is awaited longer, no other


@pytest.fixture(autouse=True)
def connections_end_with_their_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser keeps the server's threads alive; their connections would keep the database."""
    monkeypatch.setitem(connections["default"].settings_dict, "CONN_MAX_AGE", 0)
