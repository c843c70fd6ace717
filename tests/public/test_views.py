"""Every public page as a reader gets it: cost, weight, language, head lines, footnote."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve
from django.utils import translation

from public.frame import CITED
from public.urls import urlpatterns
from releases.document.tables import FORMATS
from tests.public.make import DEMO, EVERY_PAGE, KS, PAGES, get, make_released

pytestmark = pytest.mark.django_db
CSS = Path(settings.BASE_DIR, "static/public/public.css")
LIGHT = 74_000  # bytes, with the stylesheet and every chart with its axis


def light(page: str) -> int:
    """How large a page may be; those that explain every column, code or figure
    are looked up, not read."""
    return 86_000 if page.endswith(("/data/", "/codes/", "/queries/")) else LIGHT


# Every kind of page; each may cost three queries.
LONG = [
    "", "projects/tw-1/", "projects/tw-1/components/1/", "projects/tw-1/deliverables/",
    "projects/tw-1/deliverables/?page=2", "projects/tw-1/deliverables/?q=rezult&late=now",
    "projects/tw-1/deliverables/D1.1/", "projects/tw-1/experts/", "projects/tw-1/budget/",
    "projects/tw-1/about/", "projects/tw-1/data/", "projects/tw-1/deliverables.csv",
    "projects/tw-1/release.json",
]  # fmt: skip


def test_every_kind_of_page_is_among_those_that_the_tests_read() -> None:
    read = {str(resolve(f"/en/{page.partition('?')[0]}").url_name) for page in PAGES}
    read |= {name.removeprefix(CITED) for name in read}  # those of a release are the same views
    files = {
        "check", "check_release", "evidence_file", "queries_csv", "release_about", "release_json",
        "release_proof", "releases_atom", "releases_between_json", "results_atom", "due_ics",
        "datapackage", "all_zip", "projects_csv", "chart", "chart_png", "headline",
        *(one.route for one in FORMATS.values()),
    }  # fmt: skip
    names = {str(entry.name).removeprefix(CITED) for entry in urlpatterns}
    # A headline in a frame: tests/public/test_embedding.py.
    # "Verify a file" alone has a script; tests/public/test_verify.py reads it. Those of an address
    # for heads need a link of a letter: tests/accounts/test_mailing.py.
    assert names - files - {"verify", "embed", "heads_confirm", "heads_leave"} == read - {
        f"{CITED}project"
    }


def test_a_page_of_a_project_is_one_query_once_its_document_is_read_and_the_portfolio_three(
    client: Client, django_assert_num_queries: Any
) -> None:
    make_released(1)
    for page, queries in (("projects/tw-1/", 2), ("projects/tw-1/data/", 1), ("", 3)):
        with django_assert_num_queries(queries):
            client.get(f"/en/{page}")


@pytest.mark.parametrize("how_many", [1, 1000])
def test_pages_cost_three_queries_and_stay_light_however_long_the_project(
    client: Client, django_assert_max_num_queries: Any, how_many: int
) -> None:
    make_released(how_many)
    for page in LONG:
        if how_many == 1:
            page = page.replace("page=2", "page=1")
        with django_assert_max_num_queries(3):
            response = client.get(f"/lv/{page}")
        assert response.status_code == 200, page
        if "text/html" in response.headers["Content-Type"]:
            assert len(response.content) + CSS.stat().st_size < light(page), page


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("address", EVERY_PAGE)
def test_a_page_is_light_has_one_heading_its_language_and_no_cookie(
    client: Client, address: str
) -> None:
    response = client.get(address)
    text = response.content.decode()
    assert response.status_code == 200
    assert len(response.content) + CSS.stat().st_size < light(address)
    assert text.count("<h1") == 1
    assert f'<html lang="{address[1:3]}">' in text
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not re.search(r' style=|<script(?! type="application/ld)|<style|on(click|load)=', text)
    assert not re.search(r'(?:src|action)="(?:https?:)?//', text)


@pytest.mark.usefixtures("seeded")
def test_the_dashboard_says_in_english_what_was_claimed_by_whom(client: Client) -> None:
    text = get(client, f"/en/{KS}")
    assert "18 of 18 main results reported delivered by PMLP 15 Apr 2019" in text
    assert "None is independently documented." in text
    assert "Expert-days not stated" in text
    assert "Netherlands (lead), Austria, Belgium, Latvia, Poland, Sweden · 15 experts" in text
    assert "Latvia 15: PMLP 8 · institution not stated 7" in text
    assert "88 % EUR 2.2 of 2.5 million spent within 84–92 %, as the amounts are rounded" in text
    left = text.split("Money left")[1].replace("\u202f", " ").replace("\u00a0", " ")
    assert left.startswith(" EUR 200 000–400 000")
    parts = re.findall(r"(\d) of \1 (?:(\d+|not stated) (\d+|not stated))", text)
    assert parts == [(n, "not stated", "not stated") for n in "3771"]
    assert "Time Concluded: March 2016 – 21 Feb 2019" in text
    assert "Actual: March 2016 – 21 Feb 2019 · Planned dates: not stated" in text
    assert "Contract number (CRIS/IPA)" in text


@pytest.mark.usefixtures("seeded")
def test_what_is_due_soon_is_not_listed_among_the_late_ones(client: Client) -> None:
    text = client.get(f"/en/{DEMO}").content.decode()
    late = re.search(r"Late ones, delivered or not:(.*?)</p>", text, re.DOTALL)
    assert late
    assert late[1].count("<a ") == 2
    assert "due within 60 days" not in late[1]
    assert re.search(r'<p>\s*<a [^>]*late=soon">\d+ due within 60 days</a>\s*</p>', text)


@pytest.mark.usefixtures("seeded")
def test_the_dashboard_says_it_in_latvian(client: Client) -> None:
    text = get(client, f"/lv/{KS}")
    assert (
        "18 no 18 galvenajiem rezultātiem paziņoti par sasniegtiem (ziņo PMLP) 15.04.2019." in text
    )
    assert "Neviens nav neatkarīgi dokumentēts." in text
    assert "88 % 2,2 no 2,5 milj. EUR apgūti robežās 84–92 %, jo summas ir noapaļotas" in text
    assert "2016. gada marts – 21.02.2019." in text


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith(KS) or not page])
@pytest.mark.parametrize("lang", ["lv", "en"])
def test_the_country_has_one_asterisk_at_its_first_mention_and_one_footnote(
    client: Client, lang: str, page: str
) -> None:
    text = client.get(f"/{lang}/{page}").content.decode().partition("<body>")[2]
    text = re.sub(r"<option [^>]*>Kosov[ao]\*</option>", "", text)  # no link can stand there
    first = text.index("Kosov")
    assert re.match(r'Kosov[ao]<a class="mark" href="#(footnote[-1]*)"', text[first:])
    assert text.count('class="mark"') == 1
    assert text.count('class="footnote"') == 1
    target = re.search(r'class="mark" href="#([^"]+)"', text)
    assert target
    assert f'id="{target[1]}"' in text
    assert text.count(">*</a>") == 1


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("projects/")])
def test_a_project_of_the_union_shows_emblem_and_statement_and_an_invented_one_says_so(
    client: Client, page: str
) -> None:
    text = client.get(f"/en/{page}").content.decode()
    funded, invented = "This project is funded by the European Union." in text, "demo" in page
    assert funded is not invented
    assert ("public/emblem.svg" in text) is not invented
    assert ("Fictitious project." in text) is invented


def _rows(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode())))


@pytest.mark.usefixtures("seeded")
def test_the_figures_of_the_dashboard_are_those_of_the_tables(client: Client) -> None:
    text = get(client, f"/en/{DEMO}")
    results = _rows(client, f"/en/{DEMO}deliverables.csv")
    counted = [row for row in results if row["active"] == "yes" and row["rung"] != "dropped"]
    accepted = [row for row in counted if row["rung"] in ("accepted", "confirmed")]
    assert f"{len(accepted)} of {len(counted)} accepted by the beneficiary" in text
    assert f"{len(_rows(client, f'/en/{DEMO}experts.csv'))} experts" in text
    entries = _rows(client, f"/en/{DEMO}budget_entries.csv")
    spent, planned = (
        sum(Decimal(row["amount"]) for row in entries if row["kind"] == kind)
        for kind in ("spent", "planned")
    )
    assert f"EUR {spent:,.0f} of {planned:,.0f}".replace(",", " ") in text
    for part in _rows(client, f"/en/{DEMO}components.csv"):
        mine = [row for row in counted if row["component"] == part["number"]]
        page = get(client, f"/en/{DEMO}components/{part['number']}/")
        delivered = [
            r for r in mine if r["rung"] in ("delivered", "documented", "accepted", "confirmed")
        ]
        assert f"{len(delivered)} of {len(mine)} results reported delivered" in page


@pytest.mark.usefixtures("seeded")
def test_every_row_of_the_tables_is_on_the_pages(client: Client) -> None:
    listed = get(client, f"/lv/{KS}deliverables/")
    for row in _rows(client, f"/lv/{KS}deliverables.csv"):
        assert row["code"] in listed
        page = get(client, f"/lv/{KS}deliverables/{row['code']}/")
        assert row["title_lv"] in page
    experts = get(client, f"/lv/{KS}experts/")
    assert all(row["code"] in experts for row in _rows(client, f"/lv/{KS}experts.csv"))
    assert "O. Vaikulis" in experts
    assert "550 studējošie" in get(client, f"/lv/{KS}deliverables/D4.1/")


def _sentences() -> list[str]:
    """Longer texts of the interface, in English, from the templates."""
    found = []
    for path in Path(settings.BASE_DIR, "templates/public").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found += re.findall(r"""{% translate ["']([^"']{20,})["'] %}""", text)
    return sorted(set(found))


@pytest.mark.usefixtures("seeded")
def test_latvian_pages_hold_no_english_of_the_interface(client: Client) -> None:
    sentences = _sentences()
    assert len(sentences) > 60
    with translation.override("lv"):
        assert [text for text in sentences if translation.gettext(text) == text] == []
    pages = [address for address in EVERY_PAGE if address.startswith("/lv/")]
    for address in pages:
        text = get(client, address)
        assert [one for one in sentences if re.search(rf"\b{re.escape(one)}", text)] == []


@pytest.mark.usefixtures("seeded")
def test_posting_is_refused_everywhere(client: Client) -> None:
    assert {client.post(address).status_code for address in EVERY_PAGE} == {405}
