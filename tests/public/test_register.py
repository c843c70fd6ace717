from __future__ import annotations

from typing import Any

import pytest
from django.template import Context
from django.utils import translation

from public import figures
from public.templatetags import register

ROW = {"title_lv": "Likums & kārtība", "title_en": "", "note_lv": "", "note_en": ""}
ROUNDED: Any = {
    "spent": "2200000.00",
    "planned": "2500000.00",
    "rounded_to": "100000.00",
    "percent_low": "84.3",
    "percent_high": "91.8",
}


def test_the_five_ways_of_having_no_value_read_differently() -> None:
    why = ["not_stated", "not_yet", "not_planned", "does_not_apply", "not_published"]
    for lang in ("lv", "en"):
        with translation.override(lang):
            assert len({figures.absent(reason) for reason in why}) == 5


def test_a_text_falls_back_to_the_other_language_and_says_so() -> None:
    with translation.override("en"):
        assert register.say(ROW, "title") == '<span lang="lv">Likums &amp; kārtība</span>'
        assert register.plain(ROW, "title") == "Likums & kārtība"
        assert register.say(ROW, "note") == ""
    with translation.override("lv"):
        assert register.say(ROW, "title") == "Likums & kārtība"


def test_a_date_keeps_its_precision() -> None:
    with translation.override("lv"):
        assert register.day("2016-03") == '<time datetime="2016-03">2016. gada marts</time>'
    with translation.override("en"):
        assert register.day("", "not_yet") == '<span class="none">not yet</span>'
        assert register.day(None) == '<span class="none">not stated</span>'


def test_zero_is_not_missing() -> None:
    with translation.override("en"):
        assert figures.money("0.00") == "EUR\u00a00"
        assert figures.money(None) == '<span class="none">not stated</span>'
        assert figures.percent("0.0") == "0\u00a0%"
        assert figures.percent(None) == '<span class="none">not planned</span>'
        assert figures.millions(None) == '<span class="none">not stated</span>'


@pytest.mark.parametrize(
    ("lang", "amounts"),
    [
        ("en", "EUR\u00a02.2 of 2.5\u00a0million"),
        ("lv", "2,2 no 2,5\u00a0milj.\u00a0EUR"),
    ],
)
def test_rounded_amounts_are_said_in_millions_and_their_bounds_widened(
    lang: str, amounts: str
) -> None:
    with translation.override(lang):
        assert figures.amounts(ROUNDED) == amounts
        assert figures.between(ROUNDED) == "84–92\u00a0%"


def test_exact_amounts_are_said_whole() -> None:
    with translation.override("en"):
        assert figures.amounts(ROUNDED | {"rounded_to": None}) == (
            "EUR\u00a02\u202f200\u202f000 of 2\u202f500\u202f000"
        )


def test_a_rung_is_a_shape_and_a_word() -> None:
    with translation.override("en"):
        shown = register.rung("documented")
    assert 'class="i s-documented"' in shown
    assert shown.endswith("Documented</span>")


@pytest.mark.parametrize(
    ("namespace", "at", "address"),
    [
        ("public", "", "/lv/projects/a/deliverables/?rung=planned"),
        ("public", "2026-01-01", "/lv/projects/a/deliverables/?rung=planned&at=2026-01-01"),
        ("preview", "", "/admin/preview/lv/projects/a/deliverables/?rung=planned"),
    ],
)
def test_a_link_stays_in_its_language_its_day_and_the_preview(
    namespace: str, at: str, address: str
) -> None:
    context: Any = Context({"lang": "lv", "namespace": namespace, "at": at})
    assert register.to(context, "deliverables", "a", rung="planned", q="") == address


def test_a_statement_without_evidence_cites_nothing() -> None:
    given = {"lang": "lv", "namespace": "public", "at": "", "slug": "a"}
    context: Any = Context(given | {"evidence": {}, "sources": {}})
    shown = register.cite(context, "L17")
    assert (shown["row"], shown["source"]) == (None, None)
