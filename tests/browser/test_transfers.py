"""Data out and in, in a real browser: a file that LibreOffice saved, a conflict, an audit pack."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from accounts.models import User
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Component
from tests.browser.test_hour import Desk
from tests.exchange.test_saved import SAVED, make_rows
from tests.make import make_component, make_member, make_project
from tests.volume import languages

pytestmark = pytest.mark.django_db(transaction=True)
ODD = "project,component,code,title_lv,title_en\ntw-1,404,2.1,,x\ntw-1,1,D1.9,Ā,2\n"


@pytest.fixture
def component(settings: Any, tmp_path: Path) -> Component:
    cache.clear()
    settings.VAR_DIR = tmp_path
    component = make_component(make_project(title_lv="Pārtikas drošība"))
    make_rows(component)
    return component


def desk(browser: Browser, server: str, component: Component, role: str, language: str) -> Desk:
    where = component if role == "coordinator" else component.project
    user: User = make_member(where, role, f"{role}-{language}", language=language)
    return Desk(browser, server, user)


def logged_in(made: Desk, client: Any) -> Desk:
    """With the session of a log-in that test_hour.py goes through page by page."""
    client.force_login(made.user)
    cookie = client.cookies["session"]
    made.context.add_cookies([{"name": "session", "value": cookie.value, "url": made.server}])
    return made


WORDS = {
    "lv": ("Eksportēt", "Ņemt no datnes", "Izpildīt importu", "Atsaukt importu", "Konflikti"),
    "en": ("Export", "Take the file’s", "Carry it out", "Take the import back", "Conflicts"),
}


@pytest.mark.parametrize("language", languages("transfers"))
def test_a_coordinator_edits_offline_and_imports(
    browser: Browser, live_server: Any, client: Any, component: Component, language: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    export, take, carry_out, take_back, conflicts = WORDS[language]
    anna = logged_in(desk(browser, live_server.url, component, "coordinator", language), client)
    page = anna.page
    page.goto(f"{live_server.url}/admin/deliverables/deliverable/?active__exact=1")
    page.click(f".object-tools >> text={export}")
    anna.look("eksports")
    page.check("input[value=xlsx]")
    with page.expect_download() as waiting:
        page.click("button.default")
    book = load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert [row[2].value for row in book["deliverables"].rows] == ["code", "D1.1", "D2.10"]

    Deliverable.objects.filter(code="D1.2").update(title_en="By somebody else")
    page.goto(f"{live_server.url}/admin/deliverables/deliverable/import/")
    anna.look("imports")
    page.set_input_files("#file", SAVED / "libreoffice-edited.xlsx")
    page.click("button.default")
    anna.look("prieksskatijums")
    expect(page.locator("#content")).to_contain_text(conflicts)
    expect(page.locator("#content")).to_contain_text(take)
    page.check("input[name=take]")
    page.click(f"text={carry_out}")
    anna.look("iznakums")
    row = Deliverable.objects.get(code="D1.2")
    assert (row.title_en, row.due_current) == ("Edited in LibreOffice", "2026-06-30")
    page.click(f"text={take_back}")
    anna.look("atsaukts")
    row.refresh_from_db()
    assert (row.title_en, row.due_current) == ("By somebody else", "")

    for name, data in (("vecs.csv", ODD.encode("cp1257")), ("kludas.csv", ODD.encode())):
        (tmp_path / name).write_bytes(data)
        page.goto(f"{live_server.url}/admin/deliverables/deliverable/import/")
        page.set_input_files("#file", tmp_path / name)
        page.click("button.default")
        anna.look(name.removesuffix(".csv"))
    assert not Deliverable.objects.filter(code="D1.9").exists()


@pytest.mark.parametrize("language", languages("pack"))
def test_an_auditor_takes_a_pack_and_anybody_verifies_it(
    browser: Browser, live_server: Any, client: Any, component: Component, language: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    rita = logged_in(desk(browser, live_server.url, component, "auditor", language), client)
    page = rita.page
    page.goto(f"{live_server.url}/admin/extracts/tw-1/")
    rita.look("revizijas-paka")
    with page.expect_download() as waiting:
        page.locator("button.default").last.click()
    pack = tmp_path / "pack.zip"
    waiting.value.save_as(pack)
    page.goto(f"{live_server.url}/admin/exchange/export/")
    rita.look("eksportu-saraksts")

    ours = {"lv": "Šī datne ir mūsu, baits baitā.", "en": "This file is ours, byte for byte."}
    never = {"lv": "nekad neesam izsnieguši", "en": "We never issued this file."}
    for script in (True, False):  # hashed in the browser, and by the server
        context = browser.new_context(java_script_enabled=script)
        stranger = context.new_page()
        for content, verdict in ((pack.read_bytes(), ours), (b"x", never)):
            pack.write_bytes(content)
            stranger.goto(f"{live_server.url}/{language}/verify/")
            stranger.set_input_files("#file", pack)
            stranger.click("#choose button")
            expect(stranger.locator("#verdict")).to_contain_text(verdict[language])
            assert ("?sha256=" in stranger.url) == script
        pack.write_bytes(Path(waiting.value.path()).read_bytes())
        assert context.cookies() == []
    page.goto(f"{live_server.url}/{language}/verify/")
    rita.look("parbaudit")
    page.set_input_files("#file", pack)
    page.click("#choose button")
    expect(page.locator("#verdict")).to_be_visible()
    rita.look("parbaudits")
    page.goto(f"{live_server.url}/{language}/projects/tw-1/data/")
