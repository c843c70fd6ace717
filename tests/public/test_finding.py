"""What search engines and browsers find: robots, sitemaps, one lasting address of each page."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from releases.models import Release
from tests.public.make import DEMO, KS, get, make_released, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
SITE = "https://register.example.org"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
LINK = "{http://www.w3.org/1999/xhtml}link"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


def mapped(client: Client, address: str) -> ElementTree.Element:
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "application/xml"
    return ElementTree.fromstring(answer.content)  # noqa: S314 - our own answer


def test_robots_leads_to_maps_of_every_public_page_and_of_nothing_else(client: Client) -> None:
    make_released(1, slug="more")
    text = client.get("/robots.txt").content.decode()
    (start,) = re.findall(rf"^Sitemap: {SITE}(.*)$", text, re.MULTILINE)
    listed = [str(loc.text).removeprefix(SITE) for loc in mapped(client, start).iter(LOC)]
    pages = [
        str(loc.text).removeprefix(SITE)
        for each in listed
        for loc in mapped(client, each).iter(LOC)
    ]

    assert "Disallow: /admin/\nDisallow: /desk/\n" in text
    assert listed == [
        f"/sitemap-{name}.xml" for name in ("pages", "demo", "ks-14-jb-jh-04", "more")
    ]
    assert {f"/lv/{KS}deliverables/D1.1/", f"/en/{DEMO}experts/", "/en/definitions/"} <= {*pages}
    assert f"/en/{KS}plan/" not in pages
    for page in [page for page in pages if page.startswith("/en/") and "/D" not in page]:
        shown = client.get(page)
        assert f'<link rel="canonical" href="{SITE}{page}">' in shown.content.decode(), page


def test_a_page_of_a_map_names_the_same_page_in_the_other_language(client: Client) -> None:
    first = next(iter(mapped(client, "/sitemap-demo.xml")))
    links = {link.attrib["hreflang"]: link.attrib["href"] for link in first.iter(LINK)}

    assert links == {lang: f"{SITE}/{lang}/{DEMO}" for lang in ("lv", "en")}


@pytest.mark.parametrize("slug", ["nobody", "draft", "%00"])
def test_there_is_no_map_of_a_project_without_a_release(client: Client, slug: str) -> None:
    answer = client.get(f"/sitemap-{slug}.xml", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "There is no project at the address" in answer.content.decode()


def heads(client: Client, address: str) -> tuple[str, dict[str, str]]:
    text = client.get(address).content.decode()
    (lasting,) = re.findall(r'<link rel="canonical" href="([^"]+)">', text)
    (shared,) = re.findall(r'<meta property="og:url" content="([^"]+)">', text)
    assert shared == lasting
    return lasting, dict(re.findall(r'rel="alternate" hreflang="(\w+)" href="([^"]+)"', text))


def test_each_page_has_one_lasting_address_whatever_is_filtered_or_asked(client: Client) -> None:
    today = timezone.localdate()
    page = f"{KS}deliverables/"
    for asked, lasting in (
        (page, page),
        (f"{page}?component=1&q=migr&utm=1", page),
        (f"{DEMO}budget/?by=quarter&entries=2", f"{DEMO}budget/?entries=2"),
        (f"{page}?at={today}", f"{KS}releases/1/deliverables/"),
        (f"{KS}releases/1/deliverables/", f"{KS}releases/1/deliverables/"),
        (f"?at={today}", f"?at={today}"),
        (f"codes/?at={today}", "codes/"),
    ):
        expected = {lang: f"{SITE}/{lang}/{lasting}" for lang in ("lv", "en")}
        assert heads(client, f"/en/{asked}") == (expected["en"], expected)


def test_what_is_refused_or_previewed_has_no_lasting_address(client: Client) -> None:
    assert "canonical" not in client.get("/en/projects/nobody/").content.decode()


def test_titles_and_descriptions_are_the_projects_own(client: Client) -> None:
    document = Release.objects.get(slug="ks-14-jb-jh-04", number=1).document
    project, result = document["project"], document["deliverables"][0]
    overview, page = (
        client.get(f"/lv/{KS}{rest}").content.decode()
        for rest in ("", f"deliverables/{result['code']}/")
    )

    assert f"<title>{project['reference']} · {project['title_lv']} –\nES " in overview
    assert f"<title>{project['reference']} · {result['code']} {result['title_lv']} – " in page
    for text in (overview, page):
        assert f'<meta property="og:title" content="{project["title_lv"]}">' in text
        assert f'<meta name="description" content="{project["summary_lv"]}">' in text


def test_security_txt_says_whom_to_write_to_and_until_when(client: Client, settings: Any) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.CONTACT_EMAIL = "register@example.org"
    text = client.get("/.well-known/security.txt").content.decode()
    said = dict(line.split(": ", 1) for line in text.splitlines())
    expires = dt.datetime.fromisoformat(said.pop("Expires").replace("Z", "+00:00"))

    assert said == {
        "Contact": "mailto:register@example.org",
        "Preferred-Languages": "lv, en",
        "Canonical": f"{SITE}/.well-known/security.txt",
    }
    assert dt.timedelta(100) < expires - timezone.now() < dt.timedelta(365)
    settings.SECURITY_CONTACT = "https://example.org/weakness"
    assert b"Contact: https://example.org/weakness\n" in (
        client.get("/.well-known/security.txt").content
    )


def test_the_icon_that_browsers_ask_for_is_there(client: Client) -> None:
    assert client.get("/favicon.ico").content[:6] == b"\0\0\1\0\3\0"


def test_who_publishes_on_which_terms_stands_on_each_page_once_it_is_stated(
    client: Client, settings: Any
) -> None:
    none = "No licence of the data has been stated: before you publish them again, ask whoever runs"
    before = client.get(f"/en/{KS}data/")
    assert none in words(before)
    assert "Licence of the data:" not in words(before)
    assert "Published by:" not in words(before)
    settings.OPERATOR_NAME, settings.DATA_LICENCE = "Office of <Examples>", "CC-BY-4.0"
    settings.PRIVACY_URL, settings.CONTACT_EMAIL = "https://example.org/privacy", "a@example.org"

    after = get(client, f"/en/{KS}data/")
    text = client.get("/en/").content.decode()

    assert client.get(f"/en/{KS}data/").headers["ETag"] != before.headers["ETag"]
    assert none not in after
    assert "Published by: Office of <Examples>. Licence of the data: CC BY 4.0." in after
    assert 'href="https://creativecommons.org/licenses/by/4.0/" rel="license ' in text
    assert 'href="https://example.org/privacy"' in text
    assert 'href="mailto:a@example.org"' in text
