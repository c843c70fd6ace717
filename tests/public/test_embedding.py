"""The headline of a project on somebody else's page."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from releases.models import Release
from tests.make import make_component, make_project
from tests.public.make import KS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def test_any_page_may_frame_the_headline_and_nothing_else(client: Client) -> None:
    framed, other = client.get(f"/en/{KS}embed/"), client.get(f"/en/{KS}")

    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]
    assert other.headers["X-Frame-Options"] == "DENY"
    assert "Set-Cookie" not in framed.headers
    assert not framed.cookies
    assert "script-src 'self'" in framed.headers["Content-Security-Policy"]


def test_the_two_sizes_show_the_figures_of_the_release(client: Client) -> None:
    totals = Release.objects.get(slug="ks-14-jb-jh-04", number=1).document["totals"]
    results = f'{totals["results"]["delivered"]} of <a href="/en/{KS}deliverables/">'
    large, small = (
        client.get(f"/en/{KS}embed/{query}").content.decode() for query in ("", "?size=small")
    )

    assert results in large
    assert results in small
    assert (f'href="/en/{KS}budget/"' in large, f'href="/en/{KS}budget/"' in small) == (True, False)
    assert '<base target="_top">' in small


def test_the_page_of_the_data_says_how(client: Client) -> None:
    text = html.unescape(client.get(f"/lv/{KS}data/").content.decode())
    sources = re.findall(r'<iframe src="http://127.0.0.1:8000([^"]+)"', text)

    assert sources == [f"/lv/{KS}embed/", f"/lv/{KS}embed/?size=small"]
    assert all(client.get(source).status_code == 200 for source in sources)


def test_a_size_that_is_none_and_a_draft_are_refused(client: Client) -> None:
    make_component(make_project(slug="draft"))
    wrong = client.get(f"/en/{KS}embed/?size=huge")

    assert wrong.status_code == 400
    assert "It can be: small, large." in wrong.content.decode()
    assert client.get("/en/projects/draft/embed/").status_code == 404
