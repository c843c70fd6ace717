"""A large file: asked for, awaited on its page, taken away; with a script and without."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from exchange.models import Export
from exchange.tables import limits
from tests import work
from tests.browser.screens import Screens
from tests.make import make_component, make_deliverable, make_member, make_project
from tests.volume import languages

pytestmark = pytest.mark.django_db(transaction=True)
SAID = {
    "lv": ("to vēl gatavo", "Datne ir gatava", "Lejupielādēt datni", "Paskatīties"),
    "en": ("is being prepared", "The file is ready", "Download the file", "Look whether"),
}


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("language", languages("prepared"))
def test_a_large_file_is_awaited_on_its_page(
    browser: Browser, live_server: Any, client: Client, monkeypatch: Any, language: str,
    script: bool,
) -> None:  # fmt: skip
    waits, ready, download, again = SAID[language]
    monkeypatch.setattr(limits, "ROWS_AT_ONCE", 0)
    project = make_project()
    make_deliverable(make_component(project))
    client.force_login(make_member(project, "auditor", "rita", language=language))
    context = browser.new_context(java_script_enabled=script)
    session = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    page = context.new_page()
    rita = Screens(page, "prepared")
    page.goto(f"{live_server.url}/admin/extracts/tw-1/")
    page.locator("button.default").last.click()

    expect(page.locator("#prepared")).to_contain_text(waits)
    if script:
        rita.look("waits")
        expect(page.get_by_text(again)).to_have_count(0)
    work.carry_out()
    if not script:
        page.get_by_text(again).click()

    expect(page.locator("#prepared")).to_contain_text(ready)
    if script:
        rita.look("ready")
    with page.expect_download() as waiting:
        page.click(f"text={download}")
    export = Export.objects.get()
    assert waiting.value.suggested_filename == export.name
    assert Path(waiting.value.path()).stat().st_size == export.size
    page.goto(f"{live_server.url}/admin/extracts/tw-1/")
    if script:
        rita.look("list")
    link = page.locator("#content a", has_text="TW-1").first
    expect(link).to_have_attribute("href", re.compile("/admin/prepared/"))
