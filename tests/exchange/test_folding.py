from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from exchange.tables.folding import fold
from tests.make import make_project

LETTERS = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=60)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("MĒRĶSADARBĪBA", "merksadarbiba"),
        ("Ģirts Ķēniņš", "girts kenins"),
        ("Đorđe", "dorde"),
        ("Пројекат", "projekat"),
        ("me\u0304rk\u0327is", "merkis"),
    ],
)
def test_fold_strips_case_and_diacritics(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(LETTERS)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.django_db
def test_the_database_folds_as_the_query_does() -> None:
    title = "Mērķsadarbības ĀČĒĢĪĶĻŅŠŪŽ projekts"
    project = make_project(title_lv=title, summary_lv="Ša")
    project.refresh_from_db()

    assert fold(title) in project.search_text
    with connection.cursor() as cursor:
        cursor.execute("UPDATE deliverables_project SET title_lv = 'ŠĶĒDE' WHERE slug = 'tw-1'")
    project.refresh_from_db()
    assert "skede" in project.search_text


@pytest.mark.django_db
def test_letters_beyond_ascii_have_two_cases_whatever_locales_the_system_has() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ĢĪRTS Ж'), 'ģ' ~* 'Ģ', 'ā' ~ '^[[:alpha:]]$'")
        assert cursor.fetchone() == ("ģīrts ж", True, True)
