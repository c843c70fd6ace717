"""The comparison of what users see can fail: each byte of an answer counts, what is random not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests import stillness
from tests.rendered import Folder, Walk, as_shown, main, shown

HASH = "0123456789abcdef" * 4
KEY = "01234567-89ab-cdef-0123-456789abcdef"
HEAD = "200\nContent-Type: text/html; charset=utf-8\n\n"


def written(folder: Path, masked: Any = str, *, text: bool = False) -> dict[str, str]:
    """Three answers to a stranger."""
    walk = Walk(Folder(folder, text, masked), "seeded", "nobody", Client(), 1)
    for where in ("/en/accessibility/", "/en/projects/demo/", "/en/projects/demo/budget_lines.csv"):
        walk.get(where)
    return {path.name: path.read_bytes().decode() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_a_word_that_changes_is_found_on_its_page_alone(tmp_path: Path, settings: Any) -> None:
    masked = stillness.masks()
    before = written(tmp_path / "before", masked)
    assert written(tmp_path / "same", masked) == before
    settings.ACCESSIBILITY_EMAIL = "somebody.else@example.org"
    after = written(tmp_path / "after", masked)

    assert before.keys() == after.keys()
    assert len(before) == 3
    assert [name for name in before if before[name] != after[name]] == ["en%2Faccessibility"]


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_the_other_mode_can_be_made_of_what_is_written(tmp_path: Path) -> None:
    plain = written(tmp_path / "plain")
    main([str(tmp_path / "made"), "--text", "--of", str(tmp_path / "plain")])
    made = {path.name: path.read_bytes().decode() for path in (tmp_path / "made").glob("*/*/*")}
    assert made == written(tmp_path / "text", text=True)
    assert {name for name in plain if made[name] != plain[name]} == {
        "en%2Faccessibility",
        "en%2Fprojects%2Fdemo",
    }


@pytest.mark.django_db
def test_what_is_random_is_masked_by_which_it_is() -> None:
    masked = stillness.masks()
    other = HASH[::-1]
    assert masked(f"{HASH} {KEY} {other} {HASH}") == "<digest 1> <uuid 1> <digest 2> <digest 1>"
    assert masked(f"{HASH[:32]}.{HASH}0 1000000") == f"<digest 1>.{HASH}0 1000000"
    token = '<input type="hidden" name="csrfmiddlewaretoken" value="abc123">'
    assert masked(token) == token.replace("abc123", "<secret>")


@pytest.mark.django_db
def test_the_clock_of_the_database_stands() -> None:
    """(The transaction takes the functions back.)"""
    moment = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)
    stillness.set_the_clock(moment)
    with connection.cursor() as cursor:
        cursor.execute("SELECT now(), clock_timestamp(), statement_timestamp()")
        assert cursor.fetchone() == (moment,) * 3


SAME = [
    ("<ul><li>a</li></ul>", "<ul>\n  <li>\n    a\n  </li>\n</ul>"),
    ('<a class="x" href="/">a</a>', '<a\n  class="x"\n  href="/"\n>a</a>'),
    ("<p>a b <b>c</b></p>", "<p>a\n b\n<b>c</b>\n</p>\n"),
]
DIFFERENT = [
    ("<p>a<b>b</b></p>", "<p>a <b>b</b></p>"),
    ('<p class="a">', '<p class="b">'),
    ("<pre>a b</pre>", "<pre>a  b</pre>"),
    ("<pre>\n\n\na</pre>", "<pre>\n\na</pre>"),
    ("<textarea>\n\na</textarea>", "<textarea>\na</textarea>"),
    ("<td>a</td>", "<td></td>"),
]


@pytest.mark.parametrize(("before", "after"), SAME)
def test_a_template_that_was_reformatted_shows_the_same(before: str, after: str) -> None:
    assert shown(before) == shown(after)
    assert as_shown(HEAD + before) == as_shown(HEAD + after)


@pytest.mark.parametrize(("before", "after"), DIFFERENT)
def test_what_is_shown_otherwise_is_different(before: str, after: str) -> None:
    assert shown(before) != shown(after)


def test_what_is_no_page_keeps_its_whitespace() -> None:
    assert as_shown("200\nContent-Type: text/csv\n\na  b\n\n\n") == (
        "200\nContent-Type: text/csv\n\na  b\n\n\n"
    )
