"""No list, choice or search result shows the order of code points; odd questions are no errors."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from audit.lists.alphabets import key
from audit.lists.ordering import Alphabetical, InListedOrder
from deliverables.fields import countries
from deliverables.ladder.models import Deliverable
from public.pages.overview import member_states
from releases import actions
from tests.make import (
    make_component,
    make_deliverable,
    make_institution,
    make_member,
    make_project,
)
from tests.volume import share

pytestmark = pytest.mark.django_db
LISTS = {
    f"{model._meta.app_label}_{model._meta.model_name}": page
    for model, page in admin.site._registry.items()
}
LANGUAGES = ("lv", "en")


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root", password="a long pass phrase")


@pytest.fixture
def office(client: Client, root: User) -> Client:
    client.force_login(root)
    return client


def columns(page: str, field: str) -> list[str]:
    cells = re.findall(rf'<t[dh] class="field-{field}[^"]*">(.*?)</t[dh]>', page, re.S)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]


def place(office: Client, where: str, column: int) -> int:
    """How the address names a column: the boxes of a list with actions come first."""
    return column + ("action-checkbox-column" in office.get(where).content.decode())


def speaks(root: User, language: str) -> None:
    root.language = language
    root.save(update_fields=["language"])


TITLES = [
    "Ābece",
    "Cēsis",
    "Čehija",
    "Zeme",
    "Žagars",
    "Abava",
    "“Ļaudis”",
    "Liepāja",
    "Yves",
    "Jānis",
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_sorted_by_the_alphabet_of_the_person(
    office: Client, root: User, language: str
) -> None:
    for number, title in enumerate(TITLES):
        other = TITLES[number - 5]
        make_project(f"p-{number}", title_lv=title, title_en=other)
    speaks(root, language)
    where = reverse("admin:deliverables_project_changelist")

    for sign, order in (("", 1), ("-", -1)):
        page = office.get(where, {"o": f"{sign}{place(office, where, 1)}"}).content.decode()
        expected = sorted(TITLES, key=lambda title: key(title, language))
        assert columns(page, "title") == expected[::order]


@pytest.mark.parametrize("language", LANGUAGES)
def test_countries_are_sorted_by_their_names_in_lists_and_choices(
    office: Client, root: User, language: str
) -> None:
    codes = ["CZ", "CY", "AT", "EG", "EE", "LV", "SK", "SI", "XK", "ME", "MK"]
    for code in codes:
        make_institution(f"{code}-1", country=code)
    speaks(root, language)
    names = [f"{countries.name(c, language)} ({c})" for c in countries.in_order(codes, language)]

    page = office.get(reverse("admin:experts_institution_changelist")).content.decode()
    where = reverse("admin:experts_institution_changelist")
    sorted_page = office.get(where, {"o": f"-{place(office, where, 3)}"})
    form = office.get(reverse("admin:experts_institution_add")).content.decode()

    assert columns(page, "country") == names
    assert columns(sorted_page.content.decode(), "country") == names[::-1]
    offered = re.findall(r'<option value="[A-Z]{2}">(.*?)</option>', form)
    assert offered == sorted(offered, key=lambda name: key(name, language))
    filters = re.findall(r'country__exact=([A-Z]{2})"', page)
    assert filters == countries.in_order(filters, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_are_sorted_by_the_alphabet(office: Client, root: User, language: str) -> None:
    for name in ("Zane", "Ādams", "anna", "Bērziņš", "Čaks", "Cīrulis"):
        User.objects.create_user(name)
    speaks(root, language)

    page = office.get(reverse("admin:accounts_user_changelist")).content.decode()

    shown = columns(page, "username")
    assert len(shown) == 7
    assert shown == sorted(shown, key=lambda name: key(name, language))


def test_no_column_of_a_list_is_sorted_by_code_points() -> None:
    """Of every list: texts are sorted by the alphabet, coded values as listed; codes stay codes."""
    seen = 0
    for name, page in LISTS.items():
        request: Any = None
        changes = page.get_changelist(request)
        bare = changes.__new__(changes)
        bare.model_admin, bare.model, bare.lookup_opts = page, page.model, page.model._meta
        for column in page.list_display:
            by = bare.get_ordering_field(column)
            if not isinstance(by, str) or "__" in by:
                seen += isinstance(by, Alphabetical | InListedOrder)
                continue
            if by not in {one.name for one in page.model._meta.get_fields()}:
                continue  # counted or told by the query
            field = page.model._meta.get_field(by)
            text = isinstance(field, models.CharField | models.TextField)
            assert not text or field.db_collation, (name, column)
    assert seen > 15


# What a person, a program or an attacker puts behind the address of a list.
ODD = [
    "pk__regex=(((", "pk__regex=%28%28%28&e=1", "e=1", "e=1&e=1", "p=99999999999999999999",
    "p=-1", "p=abc", "p=1e3", "p=%EF%BC%91", "p=" + "9" * 5000, 
    "q=%00", "q=%ED%A0%80", "q=" + "x" * 5000,
    "q=%22", "q='", "q=%E2%80%AE", "o=abc", "o=-", "o=99.-1.x", "o=" + "1." * 500, "all=", "all=x",
    "_facets=True", "_facets=x", "_popup=1&_to_field=nothing", "_to_field=password",
    "_to_field=(((",
    "id__exact=x", "id__exact=" + "9" * 30, "id__in=1,x", "pk=%00", "password__startswith=p",
    "username__regex=(((", "search_text__contains=k", "project__id__exact=x",
    "project__id__exact=" + "9" * 30, "project__isnull=maybe", "project__slug__regex=(((",
    "country__exact=%00", "status__exact=nothing", "is_active__exact=maybe", "kind__exact=(((",
    "work=nothing", "turn=nothing", "nothing=1", "nothing__nothing__nothing=1", "__=1", "=1", "&&&",
    "project=1&project=2&project=x", "version__gt=1", "made_at__year=x", "about__contains=[]",
]  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_answers_every_odd_question_with_itself_or_a_sentence(
    office: Client, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    make_deliverable(make_component(make_project()))
    where = reverse(f"admin:{name}_changelist")
    for query in share(ODD, name, of=12):
        caplog.clear()
        answer = office.get(f"{where}?{query}", follow=True)
        assert answer.status_code in (200, 400), query
        assert len(caplog.records) <= 1, query
        assert all(record.exc_info is None for record in caplog.records), query
        if answer.redirect_chain:
            page = answer.content.decode()
            told = ("The list has no such filter or value; it was left.",
                    "The filter holds characters that no list has; it was left.")  # fmt: skip
            assert any(sentence in page for sentence in told), query


PUBLIC = [
    "",
    "projects/tw-1/deliverables/",
    "projects/tw-1/experts/",
    "projects/tw-1/budget/",
    "verify/",
]
ASKED = [
    *ODD, "page=0", "page=99999999999999999999", "page=１", "q=%00", "q=%ED%A0%80%ED%B0%80",
    "at=2026-02-30", "at=%00", "at=２０２６-01-01", "component=(((", "rung=%00", "kind=nothing",
    "by=nothing",
    "entries=x", "functions=-1", "late=x", "counted=x", "sha256=%00", "page=1&page=x",
    "q=" + "a+" * 900,
]  # fmt: skip


@pytest.mark.parametrize("page", PUBLIC)
def test_public_lists_answer_every_odd_question(
    client: Client, caplog: pytest.LogCaptureFixture, page: str
) -> None:
    actions.publish(make_deliverable(make_component(make_project())).project, by=None)
    for query in share(ASKED, page, of=4):
        caplog.clear()
        answer = client.get(f"/lv/{page}?{query}")
        assert answer.status_code in (200, 400, 404), query
        assert b"<h1" in answer.content
        assert len(caplog.records) <= 1, query
        assert all(record.exc_info is None for record in caplog.records), query


@pytest.mark.parametrize("language", LANGUAGES)
def test_portfolio_names_countries_in_order(client: Client, language: str) -> None:
    rows: Any = [{"role": "junior", "country": c} for c in ("SK", "SI", "CZ", "CY")]
    rows.append({"role": "lead", "country": "ZZ"})
    with translation.override(language):
        expected = ["ZZ", *countries.in_order(["SK", "SI", "CZ", "CY"], language)]
        assert member_states(rows) == expected


def test_a_column_of_people_is_sorted_by_their_names(office: Client) -> None:
    project = make_project()
    for name in ("Čaks", "Zane", "Cīrulis", "anna"):
        make_member(project, "auditor", name)

    where = reverse("admin:deliverables_membership_changelist")
    page = office.get(where, {"o": place(office, where, 3)}).content.decode()

    assert columns(page, "user") == ["anna", "Čaks", "Cīrulis", "Zane"]


@pytest.mark.parametrize("order", ["", "o=1&", "o=-1&"])
def test_the_pages_of_a_list_are_all_of_its_rows_in_order(
    office: Client, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    """Whether they are read project by project or from the end, also of projects without a
    reference, which stand at the same place."""
    for number, reference in enumerate(("TW 2", "TW 1", "", "")):
        project = make_project(f"tw-{number}", reference=reference)
        for code in range(1, 2 + 3 * number):
            make_deliverable(make_component(project) if code == 1 else project.components.get(),
                             f"D{number}.{code}")  # fmt: skip
    page = admin.site.get_model_admin(Deliverable)
    monkeypatch.setattr(page, "list_per_page", 5)
    found: list[str] = []
    for number in range(1, 6):
        answer = office.get(f"/admin/deliverables/deliverable/?{order}p={number}")
        found += columns(answer.content.decode(), "code")
    rows = Deliverable.objects.order_by("project", "project_id", "code_order")
    whole = [row.code for row in rows]
    assert len(found) == len(whole) == 22
    if order:
        assert found == sorted(whole, key=lambda code: [int(n) for n in code[1:].split(".")],
                               reverse="-" in order)  # fmt: skip
    else:
        assert found == whole
