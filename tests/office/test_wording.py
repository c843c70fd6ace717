"""What the admin says in Latvian is grammatical, and each text of it is still one of Django's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import django
import polib
import pytest
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, override

from tests.twinning.test_translations import OURS, ROOT, catalogue, texts_of_code

DJANGOS = Path(django.__file__).parent / "contrib/admin/locale/en/LC_MESSAGES/django.po"


def test_each_text_is_one_of_the_admin_and_is_said_otherwise() -> None:
    theirs = {entry.msgid for entry in polib.pofile(str(DJANGOS))}
    ours = {entry.msgid: entry for entry in catalogue(OURS)}
    listed = set(texts_of_code(ROOT / "office" / "wording.py"))

    assert len(listed) == 16
    assert listed - theirs == set()
    assert listed - set(ours) == set()


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 ierakstu"), (1, "1 ieraksts"), (2, "2 ieraksti"), (61, "61 ieraksts")],
)
def test_results_of_a_search_are_counted_in_their_form(count: int, said: str) -> None:
    with override("lv"):
        told = ngettext("%(counter)s result", "%(counter)s results", count)
        assert told % {"counter": count} == said


def test_a_name_stands_in_the_nominative() -> None:
    with override("lv"):
        assert gettext("Add %(name)s") % {"name": "misija"} == "Pievienot: misija"
        side = render_to_string("admin/filter.html", {"title": "stāvoklis", "choices": []})
    assert "Atlase: stāvoklis" in side
    assert "Pēc" not in side


@pytest.mark.parametrize(
    "literal",  # of "may not write", "switch off", "look whether", "the verbs of what was done"
    ["nedrīkstat rakstīt", "izslēdziet „", "paskatieties, vai", "paveiktā darbības vārd"],
)
def test_what_only_a_literal_translation_says_is_not_said(literal: str) -> None:
    assert [entry.msgstr for entry in catalogue(OURS) if literal in entry.msgstr] == []


@pytest.mark.parametrize(
    ("lang", "day", "moment"),
    [("lv", "03.02.2019.", "03.02.2019., 09:05"), ("en", "3 Feb 2019", "3 Feb 2019, 09:05")],
)
def test_days_are_short_as_on_the_public_pages(lang: str, day: str, moment: str) -> None:
    with override(lang):
        assert date_format(dt.date(2019, 2, 3)) == day
        assert (
            date_format(dt.datetime(2019, 2, 3, 9, 5, tzinfo=dt.UTC), "DATETIME_FORMAT") == moment
        )
