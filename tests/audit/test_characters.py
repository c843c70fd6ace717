"""Texts hold what can be seen: looked at in one place, for forms, imports and whatever writes."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from audit.rows.characters import differences, fit
from audit.rows.checked import Typed
from tests.make import make_project

NEVER = [
    *(chr(n) for n in (*range(9), *range(14, 32), *range(0x7F, 0xA0)) if n != 0x85),
    *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2060\ufeff\ufffd",
    "\ud800", "\udfff", "\uffff",
]  # fmt: skip
JOINS = ["\u00ad", "\u200b", "\u200c", "\u200d"]


@pytest.mark.parametrize("character", NEVER)
@pytest.mark.parametrize("lines", [True, False])
def test_what_cannot_be_seen_is_refused_with_its_name_and_place(
    character: str, lines: bool
) -> None:
    with pytest.raises(ValueError, match=f"U\\+{ord(character):04X}"):
        fit(f"Migrācija{character} un", lines=lines)


@pytest.mark.parametrize("character", JOINS)
def test_joins_of_words_are_for_longer_texts(character: str) -> None:
    assert fit(f"Migrā{character}cija", lines=True) == f"Migrā{character}cija"
    if character in "\u00ad\u200b":  # where a word may break: nothing is lost without them
        assert fit(f"Migrā{character}cija", lines=False) == "Migrācija"
        return
    with pytest.raises(ValueError, match="stands a character that cannot be seen"):
        fit(f"Migrā{character}cija", lines=False)


def test_the_sentence_says_what_and_where() -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole sentence is below
        fit("Strengthening Kosovo institutions\u202e in migration", lines=False)
    assert str(refused.value) == (
        "After “Kosovo institutions” stands a character that cannot be seen, U+202E "
        "(right-to-left override). Delete it, or type the text again."
    )
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        fit("\x07Bell", lines=True)
    assert str(refused.value) == (
        "The text begins with a character that cannot be seen, U+0007 (control character). "
        "Delete it, or type the text again."
    )


def test_letters_are_composed_and_line_breaks_are_of_one_kind() -> None:
    assert fit("Me\u0304rk\u0327is", lines=False) == "Mērķis"
    assert fit("a\r\nb\rc\u2028d\te", lines=True) == "a\nb\nc\nd\te"
    assert fit("a \r\n b\u2029c", lines=False) == "a b c"


@pytest.mark.parametrize("blank", "\u00a0\u2007\u2009\u202f\u3000")
def test_one_line_has_one_kind_of_blank(blank: str) -> None:
    assert fit(f"2,5{blank}milj.", lines=False) == "2,5 milj."
    assert fit(f"2,5{blank}milj.", lines=True) == f"2,5{blank}milj."


def test_texts_that_look_alike_are_told_apart_by_name() -> None:
    assert differences("a b", "a\u00a0b") == "U+00A0 (no-break space)"
    assert differences("ab", "a\u00adb\u200b") == "U+00AD (soft hyphen), U+200B (zero width space)"
    assert differences("a b", "a c") == differences("a b", "a b") == ""


@given(st.text(max_size=40), st.booleans())
def test_what_was_taken_is_taken_again_unchanged(text: str, lines: bool) -> None:
    try:
        once = fit(text, lines=lines)
    except ValueError:
        return
    assert fit(once, lines=lines) == once


def test_every_table_that_people_write_looks_at_its_texts() -> None:
    ours = ("accounts", "exchange", "deliverables", "experts", "budget", "releases")
    rows = [model for model in apps.get_models() if model._meta.app_label in ours]
    assert {m._meta.label for m in rows if not issubclass(m, Typed)} == {
        "accounts.Draft",  # as it was sent, ciphered: it is looked at when it is sent again
        "accounts.LastCode",
        "releases.Edition",  # triggers write both, of releases
        "releases.Listing",
        "accounts.SecondFactor",
    }


@pytest.mark.django_db
def test_a_row_is_refused_at_the_field_with_all_that_is_wrong_of_it() -> None:
    project: Any = make_project()
    project.title_en, project.summary_lv, project.slug = "a\u202eb", "x\x00", ""

    with pytest.raises(ValidationError) as refused:
        project.full_clean()

    assert set(refused.value.message_dict) == {"title_en", "summary_lv", "slug"}
    assert refused.value.message_dict["title_en"] == [
        "After “a” stands a character that cannot be seen, U+202E (right-to-left override). "
        "Delete it, or type the text again."
    ]
