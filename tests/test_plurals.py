"""What counts things says 1 event and 2 events; in Latvian 1 and 21 are alike, 11 is not."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import polib
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from audit.lists.counting import counted
from audit.models import Seal
from releases.reading.issued_files import Issued

NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
CATALOGUE = polib.pofile(str(settings.BASE_DIR / "locale/lv/LC_MESSAGES/django.po"))
# Numbers that are never one, so that English needs no singular; the Latvian agrees with none.
NEVER_ONE = ("most", "length", "count", "columns", "size", "rows", "megabytes", "shown", "days")


@pytest.mark.django_db
@pytest.mark.parametrize("events", [0, 1, 2, 11, 21])
def test_the_feed_of_seals_counts_events(client: Client, events: int) -> None:
    digest = {"root": "f" * 64, "head": "f" * 64}
    Seal.objects.create(number=9, events=events, made_at=NOW, occasion="test", **digest)
    english = client.get("/en/audit/heads.atom").content.decode()
    latvian = client.get("/lv/audit/heads.atom").content.decode()

    said = "event" if events == 1 else "events"
    assert f"<title>Seal 9: {events} {said}</title>" in english
    told = {0: "notikumu", 1: "notikums", 2: "notikumi", 11: "notikumi", 21: "notikums"}[events]
    assert f"<title>9. zīmogs: {events} {told}</title>" in latvian


@pytest.mark.parametrize(
    ("rows", "english", "latvian"),
    [(0, "0 rows", "0 rindu"), (1, "1 row", "1 rinda"), (2, "2 rows", "2 rindas"),
     (11, "11 rows", "11 rindas"), (21, "21 rows", "21 rinda")],
)  # fmt: skip
def test_what_a_verified_file_is_counts_its_rows(rows: int, english: str, latvian: str) -> None:
    pack = Issued("pack", "x.zip", NOW, "", rows=rows)
    for lang, expected in (("en", english), ("lv", latvian)):
        with translation.override(lang):
            framed = {
                "lang": lang,
                "sha256": "f" * 64,
                "files": [pack, replace(pack, kind="table")],
            }
            page = render_to_string(
                "public/verify.html", framed | {"namespace": "public", "languages": [], "at": ""}
            )
        assert len(re.findall(rf", {expected}\.", page)) == 2


def test_no_sentence_counts_with_a_word_that_fits_only_some_numbers() -> None:
    """A number right before an English plural needs both forms, unless it is never one."""
    before_a_plural = re.compile(r"%\((\w+)\)s (?!is |was |has |as )[a-z-]+s\b")
    found = {
        (match[1], entry.msgid)
        for entry in CATALOGUE
        if not entry.msgid_plural
        for match in before_a_plural.finditer(entry.msgid)
        if match[1] in ("n", "m", "number", "events", "rows", "size", "count", "whole", "left")
    }
    assert {name for name, _text in found} <= set(NEVER_ONE), found


def test_the_catalogue_has_each_of_the_three_forms() -> None:
    plural = [entry for entry in CATALOGUE if entry.msgid_plural and not entry.obsolete]
    assert len(plural) > 50
    for entry in plural:
        assert set(entry.msgstr_plural) == {0, 1, 2}, entry.msgid
        assert all(entry.msgstr_plural.values()), entry.msgid


def test_commands_count_in_english() -> None:
    assert [counted(n, "row") for n in (0, 1, 2, 21)] == ["0 rows", "1 row", "2 rows", "21 rows"]
