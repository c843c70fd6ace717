"""The order of names in both languages: in Python, and the same in the database."""

from __future__ import annotations

import random
import unicodedata

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from audit.lists.alphabets import BY, LATVIAN, TABLES, key
from audit.lists.ordering import Alphabetical, InListedOrder, Said
from deliverables.projects.models import Project
from tests.make import make_project
from tests.volume import volume

# Expected orders, as Unicode CLDR (lv, en) gives them.
ORDERS = {
    "lv": [
        "Ābele", "abols", "ābols", "Aija", "cena", "Cēsis", "Cz", "Čehija", "Čīle", "Dānija",
        "Ēģipte", "ezers", "Gatve", "Gruzija", "Ģirts", "Ģvido", "Hana", "igla", "yogi", "Īrija",
        "Yves", "Izraēla", "Jānis", "kaķis", "Kyle", "Kūle", "Kz", "Ķemeri", "Lībija", "Ļaudona",
        "Maija", "nams", "Nz", "Ņina", "ola", "Ōsaka", "Pēteris", "Q", "Rīga", "Rz", "Ŗ", "Sz",
        "Šveice", "Tukums", "Ūdens", "Vācija", "Warszawa", "Xavier", "Zviedrija", "Žanis",
        "Жданов",
    ],
    "en": [
        "Åland", "Albania", "Ålborg", "Alžir", "Amber", "Čačak", "Chad", "Cyprus", "Czechia",
        "Đorđe", "Dz", "Iceland", "Île", "Ireland", "Kosovo", "Łódź", "Lux", "Øresund", "Oslo",
        "Turkey", "Türkiye", "Tz", "Ukraine", "Ypres", "Zagreb", "Žilina", "zz",
    ],
}  # fmt: skip
NAMES = st.text(st.sampled_from("aāAĀbcčĢgiyzžŽ -–'’\u00a0„“.1 29éßÆжЖ\u0328"), max_size=12)


@pytest.mark.parametrize("language", ORDERS)
def test_names_stand_in_the_order_of_the_alphabet(language: str) -> None:
    expected = ORDERS[language]
    for seed in range(20):
        mixed = expected[:]
        random.Random(seed).shuffle(mixed)  # noqa: S311
        assert sorted(mixed, key=lambda name: key(name, language)) == expected


def test_quotation_marks_do_not_count_and_a_hyphen_is_a_space() -> None:
    names = ["Zeme", "“Ābols”", "„Bērzs”", "Jan-Erik", "Jan Dirk", "Jan Åke", "Jan–Ola"]
    assert sorted(names, key=lambda name: key(name, "en")) == [
        "“Ābols”", "„Bērzs”", "Jan Åke", "Jan Dirk", "Jan-Erik", "Jan–Ola", "Zeme",
    ]  # fmt: skip


@pytest.mark.parametrize("language", BY)
def test_a_key_is_of_ascii_for_each_letter_of_the_alphabet_in_its_order(language: str) -> None:
    keys = [key(letter, language).split("\t")[0] for letter in BY[language]]
    assert all(len(one) == 1 and one.isascii() for one in keys)
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert all(len(to) <= 1 for to in TABLES[language].values())
    assert len(LATVIAN) == 33


@given(NAMES, NAMES)
def test_an_accent_or_a_capital_decides_only_between_names_that_are_the_same_without(
    one: str, other: str
) -> None:
    for language in BY:
        first, second = (key(name, language).split("\t")[0] for name in (one, other))
        if first != second:
            assert (first < second) == (key(one, language) < key(other, language))


@given(NAMES)
def test_letters_put_together_and_taken_apart_are_the_same(name: str) -> None:
    taken_apart = unicodedata.normalize("NFD", name)
    assert key(taken_apart, "lv") == key(unicodedata.normalize("NFC", name), "lv")


@pytest.mark.django_db
@pytest.mark.parametrize("language", BY)
@pytest.mark.parametrize("name", ["title_lv", "title_en"])
def test_the_database_sorts_as_python_does(quick: None, language: str, name: str) -> None:
    drawn = random.Random(7)  # noqa: S311
    letters = "aāAĀbcčĢgiyzžŽ -–'’\u00a0„“.129éßÆжЖ"
    names = ORDERS["lv"] + ORDERS["en"]
    names += ["".join(drawn.choices(letters, k=drawn.randint(1, 9))) for _n in range(volume(500))]
    names = sorted({unicodedata.normalize("NFC", one).strip() for one in names} - {""})
    Project.objects.bulk_create(
        Project(
            slug=f"p{n}", reference=f"P {n}", title_lv=one, title_en=one, beneficiary_country="AL"
        )
        for n, one in enumerate(names)
    )
    with translation.override(language):
        found = list(Project.objects.order_by(Alphabetical(name)).values_list(name, flat=True))

    assert found == sorted(names, key=lambda one: key(one, language))


@pytest.mark.django_db
def test_a_text_in_two_languages_is_sorted_as_it_is_shown() -> None:
    titles = {"b": ("Ābols", "Zebra"), "c": ("Čehija", "Apple"), "a": ("Cēsis", "Mouse")}
    for slug, (latvian, english) in titles.items():
        make_project(slug, title_lv=latvian, title_en=english)
    for language, expected in (("lv", "bac"), ("en", "cab")):
        with translation.override(language):
            rows = Project.objects.order_by(Said("title"))
            assert "".join(rows.values_list("slug", flat=True)) == expected
            back = Project.objects.order_by(Said("title").desc())
            assert "".join(back.values_list("slug", flat=True)) == expected[::-1]


@pytest.mark.django_db
def test_coded_values_stand_as_they_are_listed() -> None:
    for slug, status in (("a", "concluded"), ("b", "planned"), ("c", "running")):
        make_project(slug, status=status)
    order = ("planned", "running", "concluded")
    rows = Project.objects.order_by(InListedOrder("status", lambda: [(one, one) for one in order]))
    assert "".join(rows.values_list("slug", flat=True)) == "bca"


@pytest.mark.django_db
def test_it_does_not_matter_how_the_server_sorts() -> None:
    """Whatever the collation of the column is, keys are compared by code point."""
    assert 'COLLATE "C"' in str(Project.objects.order_by(Alphabetical("title_lv")).query)
