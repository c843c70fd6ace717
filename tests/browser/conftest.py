from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandlerMixin
from playwright.sync_api import expect

expect.set_options(timeout=20_000)  # ms; a page that never comes is awaited longer, no other


@pytest.fixture(autouse=True)
def static_files_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the deployed server has browsers do; else each page asks again for each of its files."""
    served = StaticFilesHandlerMixin.serve

    def serve(handler: Any, request: Any) -> Any:
        answer = served(handler, request)
        answer.headers["Cache-Control"] = "max-age=3600"
        return answer

    monkeypatch.setattr(StaticFilesHandlerMixin, "serve", serve)


@pytest.fixture(autouse=True)
def windows_end_with_their_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """A window that stays open costs all that come after it."""
    used = "browser" in request.fixturenames
    browser = request.getfixturevalue("browser") if used else None
    yield
    for context in browser.contexts if browser else ():
        context.close()
