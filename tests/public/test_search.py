"""What people type leads to what they mean; nothing that may not be read is there."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deliverables.projects.models import Project
from experts.people.models import Assignment
from releases import actions
from releases.models import SearchEntry, SearchWord
from releases.search import index
from releases.search.finding import find
from releases.withdrawing import give_back, withdraw
from tests.make import (
    make_assignment,
    make_component,
    make_deliverable,
    make_expert,
    make_project,
    make_user,
)
from tests.public.make import get
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


def test_the_table_has_all_that_it_is_meant_to_have() -> None:
    assert len(SEARCHES) == 80


def released(**given: Any) -> Project:
    project = make_project(publishing="at_once", **given)
    make_deliverable(
        make_component(project), title_lv="Ūdens direktīva", title_en="Water directive adopted"
    )
    actions.publish(project, by=None)
    return project


def test_a_draft_and_a_withdrawn_project_are_not_there_and_one_given_back_is(
    client: Client,
) -> None:
    project = released()
    make_deliverable(make_component(make_project("other")), title_en="Water of a draft")
    by = make_user()
    assert [hit.address for hit in listed(client, "water")] == [
        "/en/projects/tw-1/deliverables/D1.1/"
    ]

    withdraw(project, by=by, reason="mistake", sentence_en="Wrong.", sentence_lv="Nepareizi.")
    assert listed(client, "water") == []
    assert "Did you mean" not in _page(client, "watre")
    give_back(project, by=by)
    assert len(listed(client, "water")) == 1


def test_the_newest_release_is_searched_and_no_earlier_one_and_nothing_unreleased(
    client: Client,
) -> None:
    project = released()
    project.deliverables.update(title_en="Air directive adopted")
    assert len(listed(client, "water directive")) == 1
    assert listed(client, "air directive") == []

    actions.publish(project, by=None)
    assert listed(client, "water directive") == []
    assert len(listed(client, "air directive")) == 1


def test_a_name_is_there_while_it_may_be_shown_and_as_it_was_released(client: Client) -> None:
    project = make_project(publishing="by_hand")
    leader = make_assignment(project, "A1", holder_name="O.Canāry-Vaļģis", name_published=True)
    expert = make_expert(name="Canary Two", name_consent=True)
    make_assignment(project, "A2", function="short_term_expert", expert=expert)
    make_assignment(project, "A3", holder_name="Canary Three")
    assert listed(client, "canary") == []
    actions.publish(project, by=None)

    for typed in ("canary valgis", "Vaļģa", "o. canary"):
        (hit,) = listed(client, typed)
        assert hit.address == "/en/projects/tw-1/experts/#functions"
        assert hit.text == "A1 Component Leader · O.Canāry-Vaļģis"
    assert [hit.text for hit in listed(client, "Canary Two")] == ["A2 Expert · Canary Two"]
    assert listed(client, "three") == []

    Assignment.objects.filter(pk=leader.pk).update(holder_name="Canary Later")
    assert listed(client, "canary later") == []
    Assignment.objects.filter(pk=leader.pk).update(name_published=False)
    expert.name_consent, expert.consent_withdrawn_on = False, "2026-05"
    expert.save()
    assert listed(client, "canary") == []
    assert "Canary" not in str(list(SearchEntry.objects.values()))


def test_a_thing_needs_not_say_what_its_project_says(client: Client) -> None:
    released(title_en="Rivers of Norland")
    released(slug="tw-2", reference="TW 2", title_en="Lakes of Sudland")

    for typed in ("norland water", "directive rivers"):
        (hit,) = listed(client, typed)
        assert hit.address == "/en/projects/tw-1/deliverables/D1.1/"
    assert listed(client, "norland lakes") == []


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize(
    ("typed", "place"),
    [("component 3", "components/3/"), ("3. komponente", "components/3/"),
     ("KS14IBJH05R", "about/#notes"), ("ks 14 ib ot 01", "about/#notes")],
)  # fmt: skip
def test_a_component_and_a_contract_that_is_only_named_have_their_numbers(
    client: Client, typed: str, place: str
) -> None:
    assert listed(client, typed)[0].address == f"/en/projects/{KS}/{place}"


def test_the_words_are_marked_and_a_text_of_the_other_language_says_so(client: Client) -> None:
    released()

    english, latvian = _page(client, "Direktīvas udens"), _page(client, "water")

    marked = '<span lang="lv"><mark>Ūdens</mark> <mark>direktīva</mark></span>'
    assert marked in english
    assert "in Latvian" in english
    assert "<mark>Water</mark> directive adopted" in latvian


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("watr", "water"), ("wtaer directive", "water directive"), ("diretive", "directive"),
     ("dirctiive", "directive"), ("ūdsens", "ūdens"),
     ("Water <!> drective", "Water &lt;!&gt; directive")],
)  # fmt: skip
def test_a_mistake_is_put_right_where_that_leads_somewhere(
    client: Client, typed: str, meant: str
) -> None:
    released()

    assert f">{meant}</a>?" in _page(client, typed)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "'", "&|!()<->:*\\", "' OR 1=1 --", "a" * 200, "a " * 100, "%", "₿", "1", "\u202e",
     "water:* & !law", "ab'cd''", "\\'", "zzz yyy xxx www vvv uuu ttt sss rrr qqq"],
)  # fmt: skip
def test_whatever_is_typed_is_answered_with_a_page(client: Client, typed: str) -> None:
    released()

    assert "<h1>Search</h1>" in _page(client, typed)


def test_what_is_too_long_or_no_page_is_refused_with_a_sentence(client: Client) -> None:
    released()
    long = client.get("/en/search/", {"q": "a" * 201})
    last = client.get("/en/search/", {"q": "water", "page": "2"})

    assert (long.status_code, last.status_code) == (400, 404)
    assert "The text to look for has 201 characters." in long.content.decode()
    assert "There is no page “2” of this list" in last.content.decode()


def test_a_page_is_kept_by_its_reader_until_something_of_it_changes(client: Client) -> None:
    project = released()
    first = client.get("/en/search/?q=water")
    again = client.get("/en/search/?q=water", headers={"if-none-match": first.headers["ETag"]})
    project.deliverables.update(title_en="Water directive dropped")
    actions.publish(project, by=None)
    later = client.get("/en/search/?q=water", headers={"if-none-match": first.headers["ETag"]})

    assert (again.status_code, later.status_code) == (304, 200)


def test_hits_come_in_pages_by_project(client: Client) -> None:
    project = make_project(publishing="at_once")
    component = make_component(project)
    for number in range(1, 31):
        make_deliverable(component, f"D1.{number}", title_en=f"Water {number}")
    actions.publish(project, by=None)

    assert len(listed(client, "water")) == 25
    second = get(client, "/en/search/?q=water&page=2")
    assert "26–30 of 30" in second
    assert "“water” was found in 30 places." in second


def test_what_an_older_version_released_is_taken_in(client: Client) -> None:
    released()
    SearchEntry.objects.all().delete()
    assert listed(client, "water") == []

    assert (index.write_missing(), index.write_missing()) == (1, 0)
    assert len(listed(client, "water")) == 1


def test_the_search_is_made_anew_by_a_command(client: Client) -> None:
    released()
    SearchWord.objects.create(folded="gone", shown="gone", stems=["gone"], near=["gone"])
    before = sorted(SearchEntry.objects.values_list("kind", "code", "words"))

    told = StringIO()
    call_command("rebuild_search", stdout=told)

    assert told.getvalue() == "1 projects can be searched.\n"
    assert sorted(SearchEntry.objects.values_list("kind", "code", "words")) == before
    assert not SearchWord.objects.filter(folded="gone").exists()
    assert len(listed(client, "water")) == 1


def test_a_search_costs_three_queries(client: Client, django_assert_num_queries: Any) -> None:
    released()
    with django_assert_num_queries(3):
        client.get("/en/search/?q=water")
    with django_assert_num_queries(0):
        client.get("/en/search/")


def test_names_are_asked_of_their_index_and_not_of_every_entry() -> None:
    released()
    copied = (
        "project_id, release_id, kind, code, of, fictitious, lengths, words, title_lv, title_en"
    )
    with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO releases_searchentry ({copied}, more_lv, more_en, keys, place) "
            f"SELECT {copied}, '', '', '{{}}', n FROM releases_searchentry, "
            "generate_series(1000, 3000) n WHERE place = 1; ANALYZE releases_searchentry"
        )
        find("water", "en")
        (names,) = [query["sql"] for query in asked if "WITH named" in query["sql"]]
        cursor.execute(f"EXPLAIN {names}")
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "search_names" in plan
    assert "Seq Scan on releases_searchentry" not in plan


def test_a_broken_dictionary_is_no_excuse() -> None:
    """English stems are those of PostgreSQL, whatever the database's own configuration is."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL default_text_search_config = 'simple'")
    assert index.english_stems(["policies", "the"]) == {"policies": {"polici"}, "the": set()}


def _page(client: Client, asked: str, lang: str = "en") -> str:
    return client.get(f"/{lang}/search/", {"q": asked}).content.decode()
