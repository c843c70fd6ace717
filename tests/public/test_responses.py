"""What stands around the pages: validators, files, refusals, the day asked for, the preview."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import html
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from experts.people.models import Assignment
from releases.models import Release
from tests.public.make import DEMO, EVERY_PAGE, KS, get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
TOMORROW = timezone.localdate() + dt.timedelta(days=1)


@pytest.mark.parametrize(
    "address", [*EVERY_PAGE, f"/lv/{KS}budget_entries.csv", f"/lv/{KS}release.json"]
)
def test_a_page_that_the_reader_has_is_not_sent_again(client: Client, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    kinds = ("accessibility/", "definitions/", "queries/", "codes/", "api/")
    of_software = "public, max-age=0, s-maxage=300, stale-while-revalidate=86400"
    assert (
        first.headers["Cache-Control"]
        == again.headers["Cache-Control"]
        == (of_software if address.endswith(kinds) else "public, max-age=0, must-revalidate")
    )


def test_the_validator_differs_by_language_address_data_and_names(client: Client) -> None:
    seen = [client.get(f"/{lang}/{KS}").headers["ETag"] for lang in ("lv", "en")]
    seen.append(client.get(f"/lv/{KS}?page=1").headers["ETag"])
    Assignment.objects.filter(holder_name="O. Vaikulis").update(name_published=False)
    seen.append(client.get(f"/lv/{KS}").headers["ETag"])
    assert len(set(seen)) == 4


def test_a_withdrawn_name_leaves_every_page_at_once(client: Client) -> None:
    assert "O. Vaikulis" in get(client, f"/lv/{KS}components/1/")
    Assignment.objects.filter(holder_name="O. Vaikulis").update(name_published=False)
    for address in EVERY_PAGE:
        assert "Vaikulis" not in client.get(address).content.decode()


def test_the_release_is_the_exact_bytes_of_its_digest(client: Client) -> None:
    release = Release.objects.filter(slug="ks-14-jb-jh-04").latest("number")
    response = client.get(f"/en/{KS}release.json")
    sha = hashlib.sha256(response.content)
    assert sha.hexdigest() == release.digest == response.headers["X-Content-SHA256"]
    assert response.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(sha.digest()).decode()}:"
    assert response.headers["Content-Type"] == "application/json"


def test_a_table_is_a_file_with_the_name_of_its_release(client: Client) -> None:
    response = client.get(f"/en/{KS}experts.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="ks-14-jb-jh-04_experts_release-1.csv"'
    )


def test_the_former_name_of_a_table_leads_to_it(client: Client) -> None:
    for release in ("", "releases/1/"):
        response = client.get(f"/en/{KS}{release}budget.excel.csv?at=2026-01-01")
        now = f"/en/{KS}{release}budget_entries.excel.csv?at=2026-01-01"
        assert (response.status_code, response.headers["Location"]) == (301, now)


def test_the_data_page_prints_digest_and_rows_of_each_file(client: Client) -> None:
    text = get(client, f"/en/{KS}data/")
    counted = {"deliverables": 18, "experts": 15, "budget_entries": 2, "components": 4}
    for table, rows in counted.items():
        response = client.get(f"/en/{KS}{table}.csv")
        assert hashlib.sha256(response.content).hexdigest() in text
        assert response.content.count(b"\r\n") == rows + 1


REFUSALS = [
    (
        "projects/nobody/", 404,
        "There is no project at the address “nobody”. Choose one from the list of all projects.",
    ),
    (
        "projects/%00/", 404,
        "There is no project at the address “\ufffd”. Choose one from the list of all projects.",
    ),
    (
        f"{KS}components/9/", 404,
        "KS 14 JB JH 04 has no component “9”. Its components are: 1, 2, 3, 4.",
    ),
    (
        f"{KS}deliverables/D9.9/", 404,
        "KS 14 JB JH 04 has no result with the code “D9.9”. The list holds all codes.",
    ),
    (
        f"{KS}deliverables/%00/", 404,
        "KS 14 JB JH 04 has no result with the code “\ufffd”. The list holds all codes.",
    ),
    (
        f"{KS}deliverables/?page=99999999", 404,
        "There is no page “99999999” of this list: its pages go from 1 to 1.",
    ),
    (
        f"{KS}about/?page=abc", 404,
        "There is no page “abc” of this list: its pages go from 1 to 1.",
    ),
    (
        f"{KS}names.csv", 404,
        "There is no table “names.csv”. The tables of a project are: "
        "components.csv, deliverables.csv, experts.csv, budget_entries.csv, projects.csv, "
        "sources.csv, titles.csv, suspensions.csv, items.csv, figures.csv, evidence.csv, "
        "statements.csv, partnerships.csv, assignments.csv, rulesets.csv, terms.csv, "
        "reports.csv, budget_headings.csv, budget_lines.csv, contract_changes.csv, "
        "contract_moves.csv, work_plans.csv, "
        "activities.csv, activity_deliverables.csv, planned_activities.csv, indicators.csv, "
        "measurements.csv, institutions.csv, person_days.csv.",
    ),
    (
        f"{KS}deliverables/?component=7", 400,
        "“7” is not a value of the filter “component”. It can be: 1, 2, 3, 4.",
    ),
    (
        f"{KS}deliverables/?late=often", 400,
        "“often” is not a value of the filter “late”. It can be: now, current, original, soon.",
    ),
    (
        f"{KS}deliverables/?q=%00", 400,
        "“\ufffd” holds a character that no text has (NUL). Look for words or a code.",
    ),
    (
        f"{KS}deliverables/?q={'x' * 10_000}", 400,
        "The text to look for has 10000 characters. "
        "Look for 200 characters or fewer; a few words find most.",
    ),
    (
        f"{KS}?at={TOMORROW}", 404,
        f"{TOMORROW} is still to come, so nothing is known of it. "
        f"Ask for a day up to today, {timezone.localdate()}.",
    ),
    (
        f"{KS}?at=2001-01-01", 404,
        "On 2001-01-01 no release of a project at the address “ks-14-jb-jh-04” was in force. "
        "Ask for a later day, or leave the day out.",
    ),
    (
        "<script>alert(1)</script>/", 404,
        "There is no page at the address “/en/<script>alert(1)</script>/”. "
        "It may be mistyped, or never have been here.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("page", "status", "sentence"), REFUSALS, ids=[r[2][:50] for r in REFUSALS]
)
def test_bad_input_is_answered_with_a_sentence(
    client: Client, page: str, status: int, sentence: str
) -> None:
    response = client.get(f"/en/{page}")
    assert response.status_code == status
    text = response.content.decode()
    for letter, entity in (("<", "&lt;"), (">", "&gt;")):
        sentence = sentence.replace(letter, entity)
    assert f'<p class="lead">{sentence}</p>' in text
    assert 'href="/en/"' in text
    assert (response.headers["Cache-Control"], text.count("<h1")) == ("no-store", 1)


@pytest.mark.parametrize("address", ["/xx/", "/lv/nekas/", "/\0/", "/en/projects/a/b/c/d/"])
def test_an_unknown_address_is_answered_with_a_sentence(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert 'class="lead"' in response.content.decode()


def test_unknown_parameters_are_left_alone_and_the_last_of_two_counts(client: Client) -> None:
    assert "18 results" in get(client, f"/en/{KS}deliverables/?utm=1&page=1&page=1&x=%00")
    text = get(client, f"/en/{KS}deliverables/?component=1&component=4")
    assert "1 of 18 results match." in text


def test_a_day_is_said_on_top_and_carried_in_links(client: Client) -> None:
    today = timezone.localdate()
    text = client.get(f"/en/{KS}?at={today}").content.decode()
    assert "You read the register as it stood on" in text
    assert f'href="/en/{KS}deliverables/?component=1&amp;at={today}"' in text
    assert f'<a href="/lv/{KS}?at={today}" hreflang="lv"' in text
    assert f'href="/en/{KS}">Back to today</a>' in text


@pytest.mark.parametrize("page", ["", "verify/", "accessibility/"])
@pytest.mark.parametrize("asked", ["2026-02-30", "10000-01-01", "2026-W48", "<script>"])
def test_what_is_no_day_is_refused_on_every_page(client: Client, page: str, asked: str) -> None:
    response = client.get(f"/en/{page}", {"at": asked})
    assert response.status_code == 400
    text = html.unescape(response.content.decode())
    assert f"“{asked}” is not a day." in text
    assert "You read the register" not in text


@pytest.mark.parametrize("page", ["verify/", "accessibility/"])
def test_a_page_that_reads_no_release_carries_the_day_and_shows_none(
    client: Client, page: str
) -> None:
    today = timezone.localdate()
    text = client.get(f"/en/{page}?at={today}").content.decode()
    assert "You read the register" not in text
    assert f'<a href="/lv/{page}?at={today}" hreflang="lv"' in text
    assert f'href="/en/?at={today}"' in text


def test_the_other_language_is_the_same_page(client: Client) -> None:
    text = client.get(f"/en/{DEMO}deliverables/?late=now&utm=1").content.decode()
    assert f'<a href="/lv/{DEMO}deliverables/?late=now" hreflang="lv"' in text


def test_the_side_of_the_budget_is_kept_by_languages_and_pages_alone(client: Client) -> None:
    text = client.get(f"/en/{DEMO}budget/?by=quarter").content.decode()
    assert text.count(f'href="/lv/{DEMO}budget/?by=quarter"') == 1
    assert text.count(f'href="/en/{DEMO}budget/?by=quarter"') == 1
    assert f'<a rel="next" href="/en/{DEMO}budget/?by=quarter&amp;entries=2">' in text
    assert text.count("by=quarter") == 3
    plain = client.get(f"/en/{DEMO}budget/").content.decode()
    assert f'<a rel="next" href="/en/{DEMO}budget/?entries=2">' in plain


def test_the_preview_says_that_it_is_not_published_and_keeps_its_links(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root", is_staff=True))
    for page in ("", KS, f"{KS}deliverables/D1.2/", f"{KS}data/"):
        response = client.get(f"/admin/preview/en/{page}")
        text = response.content.decode()
        assert response.status_code == 200
        assert "Live preview: not published." in text
        assert 'href="/admin/preview/en/"' in text
        assert 'href="/en/' not in text
        assert response.headers["Cache-Control"] == "no-store"


def test_a_failure_of_ours_is_said_without_the_database(client: Client, monkeypatch: Any) -> None:
    def fail(*given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("public.source.source_of", fail)
    client.raise_request_exception = False
    response = client.get("/en/")
    assert response.status_code == 500
    assert "The page cannot be shown right now." in response.content.decode()
