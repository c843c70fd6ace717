"""Words of the public pages in their two languages: dates, quarters, amounts, decided terms."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.translation import override

from public import figures
from public.templatetags import register
from tests.public.make import EVERY_PAGE, get

pytestmark = pytest.mark.django_db
LATVIAN = [page for page in EVERY_PAGE if page.startswith("/lv/") and "/data/" not in page]


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("page", LATVIAN)
def test_a_latvian_page_writes_dates_and_quarters_as_latvian_does(
    client: Client, page: str
) -> None:
    text = get(client, page)
    assert re.findall(r"\d\d\.\d\d\.20\d\d(?:[^.]|\.\.)", text) == []
    assert re.findall(r"20\d\d-Q\d", text) == []


def test_a_sentence_that_ends_with_a_date_has_one_full_stop() -> None:
    for lang, ends in (("lv", "31.10.2026.</time>"), ("en", "31\u00a0Oct\u00a02026</time>.")):
        with override(lang):
            assert register.sentence(register.day("2026-10-31")).endswith(ends)


def test_what_was_moved_has_its_sign_and_what_is_left_its_bounds() -> None:
    said = {}
    for lang in ("lv", "en"):
        with override(lang):
            texts = (
                *(figures.moved("-5000.00"), figures.moved("5000.00")),
                figures.between_amounts(("200000.00", "400000.00")),
            )
            said[lang] = [text.replace("\u00a0", " ").replace("\u202f", " ") for text in texts]
    assert said == {
        "lv": ["\u22125 000 EUR", "+5 000 EUR", "200 000–400 000 EUR"],
        "en": ["EUR \u22125 000", "EUR +5 000", "EUR 200 000–400 000"],
    }
