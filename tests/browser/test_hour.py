"""A coordinator's hour, in Latvian: from the second factor to a signature that an auditor reads.

Every screen on the way is free of axe's violations and of anything that the policy refuses.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, expect

from accounts.models import User
from deliverables.evidence.models import Evidence
from deliverables.ladder.models import Deliverable, Step
from tests.browser.screens import Screens
from tests.deliverables.test_file_kinds import PDF, PNG
from tests.make import make_component, make_deliverable, make_member, make_project
from tests.second_factor import code_of, with_totp

PASSWORD = "a long pass phrase"


class Desk(Screens):
    """A person at a browser of their own."""

    def __init__(self, browser: Browser, server: str, user: User) -> None:
        self.user, self.server = user, server
        self.secret = with_totp(user)
        self.context: BrowserContext = browser.new_context(locale="lv", accept_downloads=True)
        super().__init__(self.context.new_page(), user.username)

    def log_in(self) -> None:
        self.page.goto(f"{self.server}/admin/")
        self.page.fill("#id_login", self.user.username)
        self.page.fill("#id_password", PASSWORD)
        self.look("pieteiksanas")
        self.page.press("#id_password", "Enter")
        self.look("otrais-faktors")
        self.page.fill("#id_code", code_of(self.secret))
        self.page.press("#id_code", "Enter")
        front = "Audita pieraksts" if self.user.username == "rita" else "Mans darbs"
        expect(self.page.locator("h1")).to_have_text(front)

    def says(self, text: str) -> None:
        expect(self.page.locator(".messagelist, .errornote").first).to_contain_text(text)

    def open(self, row: Deliverable) -> None:
        self.page.goto(f"{self.server}/admin/deliverables/deliverable/{row.pk}/change/")


@pytest.mark.django_db(transaction=True)
def test_a_coordinators_hour(browser: Browser, live_server: Any, tmp_path: Path) -> None:
    cache.clear()
    soon = timezone.localdate() + dt.timedelta(days=7)
    row = make_deliverable(
        make_component(make_project(title_lv="Pārtikas drošība")), due_original=soon.isoformat(),
        title_lv="Nolikums par laboratorijām", title_en="Regulation on laboratories",
    )  # fmt: skip
    given = {"language": "lv"}
    people = {
        "anna": make_member(row.component, "coordinator", "anna", **given),
        "bruno": make_member(row.component, "coordinator", "bruno", **given),
        "ieva": make_member(row.project, "ms_leader", "ieva", **given),
        "beni": make_member(row.project, "bc_leader", "beni", **given),
        "rita": make_member(row.project, "auditor", "rita", **given),
    }
    desks = {name: Desk(browser, live_server.url, user) for name, user in people.items()}
    anna, bruno, beni, rita = (desks[name] for name in ("anna", "bruno", "beni", "rita"))
    for name, data in (("zinojums.pdf", PDF), ("attels.png", PNG)):
        (tmp_path / name).write_bytes(data)

    anna.log_in()
    anna.look("mans-darbs")
    anna.page.click("text=Termiņš 14 dienu laikā")
    anna.page.click("text=Nolikums par laboratorijām")
    anna.look("nodevums")
    anna.page.click("a.verb:has-text('Paziņot par sasniegtu')")
    anna.page.check("#id_outcome_0")
    anna.page.fill("#id_on", "20.11.2026")
    anna.look("solis")
    anna.page.click("button.default")
    anna.says("D1.1 tagad ir „Paziņots par sasniegtu”")

    anna.page.click("text=Pievienot datnes")
    anna.page.set_input_files("#id_uploads", [tmp_path / "zinojums.pdf", tmp_path / "attels.png"])
    anna.page.fill("#id_shows_lv", "Nolikuma gala teksts")
    anna.page.fill("#id_shows_en", "Final text of the regulation")
    anna.look("pievienot-datnes")
    anna.page.click("button.default")
    anna.says("Pievienoti 2 pierādījumi.")
    assert Evidence.objects.filter(file__isnull=False).count() == 2

    a_conflict_is_met_and_resolved(anna, bruno, row)

    anna.open(row)
    expect(anna.page.locator(".ladder").first).to_contain_text(
        "Par sasniegšanu paziņojāt jūs pats, tāpēc šo soli sper kāds cits"
    )
    bruno.open(row)
    bruno.page.click("a.verb:has-text('Apliecināt pierādījumus')")
    bruno.page.click("button.default")
    beni.log_in()
    beni.page.click("text=Gaida, lai pārbaudu vai pieņemu")
    beni.page.click("text=Nolikums par pārtikas laboratorijām")
    beni.page.click("a.verb:has-text('Pieņemt saņēmēja vārdā')")
    beni.page.fill("#id_on", "23.11.2026")
    beni.page.click("button.default")
    beni.says("D1.1 tagad ir „Saņēmēja pieņemts”")
    beni.page.click("text=Izlasīt un parakstīt")
    beni.look("parakstit")
    beni.page.click("button.default")
    expect(beni.page.locator(".ladder").first).to_contain_text("Saņēmējs: beni")

    rita.log_in()
    rita.open(row)
    expect(rita.page.locator("input[name=_save]")).to_have_count(0)
    rita.look("revidents-nodevums")
    rita.page.goto(f"{live_server.url}/admin/deliverables/deliverable/{row.pk}/history/")
    for told in ("anna", "bruno", "beni", "Plānots", "Saņēmēja pieņemts"):
        expect(rita.page.locator("#content")).to_contain_text(told)
    rita.look("vesture")
    rita.page.goto(f"{live_server.url}/admin/roles/")
    rita.look("lomas")
    assert list(Step.objects.values_list("verb", flat=True)) == [
        "deliver", "document", "accept",
    ]  # fmt: skip
    assert {name: desk.problems for name, desk in desks.items() if desk.problems} == {}


def a_conflict_is_met_and_resolved(anna: Desk, bruno: Desk, row: Deliverable) -> None:
    """Both open the page; Bruno saves first; Anna is told, keeps her text and saves again."""
    bruno.log_in()
    for desk in (anna, bruno):
        desk.open(row)
    bruno.page.fill("#id_title_en", "Regulation on food laboratories")
    bruno.page.click("input[name=_save]")
    bruno.says("Izmaiņas saglabātas")
    anna.page.fill("#id_title_lv", "Nolikums par pārtikas laboratorijām")
    anna.page.click("input[name=_save]")
    expect(anna.page.locator(".conflict")).to_contain_text("bruno")
    expect(anna.page.locator(".conflict")).to_contain_text("Regulation on food laboratories")
    anna.look("konflikts")
    expect(anna.page.locator("#id_title_lv")).to_have_value("Nolikums par pārtikas laboratorijām")
    anna.page.click("input[name=_save]")
    anna.says("Izmaiņas saglabātas")
    row.refresh_from_db()
    assert (row.title_lv, row.title_en) == (
        "Nolikums par pārtikas laboratorijām",
        "Regulation on food laboratories",
    )
