"""What is wrong with a form is told at its top, with a link to each field."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from deliverables.ladder.models import Deliverable
from tests.audit.test_conflicts import inline, post
from tests.make import make_component, make_deliverable, make_item, make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Deliverable:
    return make_deliverable(make_component(make_project()))


@pytest.fixture
def ana(client: Client, row: Deliverable) -> Client:
    client.force_login(make_member(row.project))
    return client


def summary(page: Any) -> tuple[str, list[str]]:
    """The heading and the lines, each with where it leads in brackets."""
    text = page.content.decode()
    (found,) = re.findall(r'<section class="wrong".*?</section>', text, re.DOTALL)
    assert 'role="alert" tabindex="-1"' in found
    (heading,) = re.findall(r"<h2 id=\"wrong\">\s*(.*?)\s*</h2>", found)
    lines = re.findall(r"<li>(.*?)</li>", found, re.DOTALL)
    linked = [re.sub(r'<a href="#([^"]*)">(.*?)</a>', r"[\1] \2", line) for line in lines]
    places = re.findall(r'href="#([^"]*)"', found)
    assert [place for place in places if f'id="{place}"' not in text] == []
    return heading, [" ".join(line.split()) for line in linked]


def test_each_wrong_field_is_named_and_linked_and_nothing_else_says_so(
    ana: Client, row: Deliverable
) -> None:
    page = post(ana, row, title_en="", weight="many")

    assert summary(page) == (
        "2 fields need another look",
        ["[id_title_en] Title in English: This field is required.",
         "[id_weight] Weight: “many” is not a whole number. Write it in digits, as 12 or 1250."],
    )  # fmt: skip
    text = page.content.decode()
    assert "Please correct the error" not in text
    assert "<title>Error: " in text


def test_a_row_of_the_page_is_named_too(ana: Client, row: Deliverable) -> None:
    item = make_item(row)
    new = {f"items-1-{name}": "" for name in ("id", "code", "kind", "title_lv", "title_en", "seen")}
    rows = inline(item, kind="") | new | {"items-1-title_lv": "x", "items-TOTAL_FORMS": 2}

    heading, lines = summary(post(ana, row, **rows))

    assert heading == f"{len(lines)} fields need another look"
    assert lines[0] == f"{item}: [id_items-0-kind] Kind: This field is required."
    assert "Item, row 2: [id_items-1-code] Code: This field is required." in lines


def test_a_rule_that_concerns_the_whole_row_has_no_field_to_lead_to(
    ana: Client, row: Deliverable
) -> None:
    Deliverable.objects.update(title_en="Theirs")

    heading, (line,) = summary(post(ana, row, title_en="Mine"))

    assert heading == "Nothing was saved"
    assert line.startswith("Somebody else saved this row after you opened it")


def test_pages_of_steps_and_the_log_in_have_the_same(ana: Client, row: Deliverable) -> None:
    step = reverse("admin:deliverables_deliverable_step", args=[row.pk, "deliver"])
    heading, (line,) = summary(ana.post(step, {"seen": "1", "on": "2026-05-01"}))
    assert heading == "1 field needs another look"
    assert line.startswith("[id_outcome] ")
    login = {"login": "ana", "password": "wrong"}
    heading, (line,) = summary(Client().post("/admin/account/login/", login))
    assert heading == "Not accepted"
    assert "The user name or the password is not right." in line
    heading, lines = summary(Client().post("/admin/account/login/", {"login": "ana"}))
    assert heading == "1 field needs another look"
    assert lines == ["[id_password] Password: This field is required."]


def test_a_file_that_is_not_there_is_told_at_its_field(ana: Client) -> None:
    page = ana.post(reverse("admin:deliverables_deliverable_import"))

    assert summary(page) == ("1 field needs another look", ["[file] File: Choose a file first."])


def test_a_page_without_errors_has_none(ana: Client, row: Deliverable) -> None:
    for where in ("/admin/", reverse("admin:deliverables_deliverable_change", args=[row.pk])):
        assert 'class="wrong"' not in ana.get(where).content.decode()
