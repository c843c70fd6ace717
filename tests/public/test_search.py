"""What people type leads to what they mean; nothing that may not be read is there."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.public.searching import KS, listed, table

pytestmark = pytest.mark.django_db
SEARCHES = list(table())


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize(("typed", "meant", "place"), SEARCHES, ids=[row[0] for row in SEARCHES])
def test_what_is_typed_leads_first_to_what_is_meant(
    client: Client, lang: str, typed: str, meant: str, place: str
) -> None:
    hits = listed(client, typed, lang)

    if not place:
        (right,) = [word for word in ("asylum law",) if word in meant]
        assert hits == []
        assert f'?q={right.replace(" ", "+")}">{right}</a>' in _page(client, typed, lang)
        return
    assert hits[0].address.removeprefix(f"/{lang}").partition("#items")[0] == place
    if "(item)" in meant:
        assert "D1.2." in hits[0].text
    if "then the project" in meant:
        assert hits[1].address == f"/{lang}/projects/{KS}/"


def test_the_table_has_sixty_searches() -> None:
    assert len(SEARCHES) >= 40


def _page(client: Client, asked: str, lang: str = "en") -> str:
    return client.get(f"/{lang}/search/", {"q": asked}).content.decode()
