"""The list of projects: filtered, summed up, as a file, and kept by readers, all from SQL."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from public import results
from public.pages.overview import member_states
from releases import actions, withdrawing
from releases.models import Listing
from releases.reading.reading import Released
from tests.make import (
    make_component,
    make_deliverable,
    make_entry,
    make_line,
    make_project,
    make_user,
)
from tests.public.make import get, make_released

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> None:
    """One runs late, one is concluded and says what it cost, and one is fictitious."""
    late = make_project(
        "late", reference="MD 1", title_en="Cadastre", title_lv="Zemes kadastrs", status="running",
        beneficiary_country="MD", start_actual="2024-03", end_planned="2026-02",
    )  # fmt: skip
    make_deliverable(make_component(late), due_original="2025-01")
    paid = make_project(
        "paid", reference="UA 2", title_en="Audit", status="concluded", beneficiary_country="UA",
        start_actual="2019", end_actual="2021-05-31",
    )  # fmt: skip
    line = make_line(paid)
    make_entry(line, "N1", amount=200)
    make_entry(line, "N2", kind="spent", amount=50)
    invented = make_project("invented", reference="AA 3", fictitious=True, status="running")
    for project in (late, paid, invented):
        actions.publish(project, by=None)


def listed(client: Client, query: str, lang: str = "en") -> list[str]:
    """The projects on a page, in its order."""
    page = client.get(f"/{lang}/?{query}").content.decode()
    return re.findall(r'id="p-([a-z0-9-]+)"', page)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["late", "paid", "invented"]),
        ("status=running", ["late", "invented"]),
        ("country=UA", ["paid"]),
        ("partner=NL", []),
        ("year=2020", ["paid"]),
        ("year=2026", ["late"]),
        ("late=now", ["late"]),
        ("q=KADASTRS+zemes", ["late"]),
        ("q=md+1&status=running", ["late"]),
        ("o=planned", ["paid", "late", "invented"]),
        ("o=begun", ["late", "paid", "invented"]),
        ("o=results&status=concluded", ["paid"]),
    ],
)
def test_a_filter_leaves_the_projects_that_match_and_files_hold_the_same(
    client: Client, query: str, slugs: list[str]
) -> None:
    assert listed(client, query) == slugs
    file = client.get(f"/en/projects.csv?{query}").content.decode()
    assert sorted(row["slug"] for row in csv.DictReader(io.StringIO(file))) == sorted(slugs)
    asked = client.get(f"/api/v1/projects?{query}").json()
    assert (asked["count"], [row["project"] for row in asked["rows"]]) == (
        len(slugs), sorted(slugs),
    )  # fmt: skip


@pytest.mark.usefixtures("three")
def test_sums_leave_out_what_is_invented_and_say_how_many_projects_state_them(
    client: Client,
) -> None:
    text = get(client, "/en/")
    assert "Projects 2 1 fictitious sample is listed last and not counted" in text
    assert "Results reported delivered 0 of 1 stated by 1 project of 2" in text
    assert "Spent EUR 50 of 200 · 25 % stated by 1 project of 2" in text
    assert "Experts stated by 0 projects of 2" in text
    assert "With a result overdue 1 1 project has results still due on a stated day" in text
    assert "Spent stated by 0 projects of 1" in get(client, "/en/?country=MD")


@pytest.mark.usefixtures("three")
def test_a_filter_that_is_not_understood_keeps_the_page_and_is_refused_in_a_file(
    client: Client,
) -> None:
    text = get(client, "/en/?year=20&late=never&country=UA&view=heap")
    assert "“20” is not a year. Write it with four digits, from 2000 on." in text
    assert "“never” is not a value of the filter “late”. It can be: now." in text
    assert "“heap” is not a value of the filter “view”. It can be: table." in text
    assert text.count("The list is shown without it.") == 3
    assert "Only projects with: Beneficiary country: Ukraine" in text
    assert listed(client, "year=20&late=never&country=UA") == ["paid"]
    for file in ("/en/projects.csv", "/api/v1/projects"):
        answer = client.get(f"{file}?year=20&country=UA")
        assert answer.status_code == 400
        assert "is not a year" in answer.content.decode()


@pytest.mark.usefixtures("three")
def test_the_table_shows_the_same_projects_and_its_links_keep_the_filter(client: Client) -> None:
    page = client.get("/en/?view=table&status=running").content.decode()
    assert re.findall(r'<a href="/en/projects/([a-z]+)/">', page) == ["late", "invented"]
    assert "overdue" in page.partition("<tbody>")[2]
    assert 'href="/en/?status=running"' in page
    assert 'href="/en/projects.csv?status=running"' in page
    assert 'href="/api/v1/projects?status=running"' in page
    assert 'href="/lv/?status=running&amp;view=table"' in page


@pytest.mark.usefixtures("seeded", "three")
def test_a_listing_says_what_the_document_says() -> None:
    source = Released()
    for row in Listing.objects.filter(until=None):
        reading = source.project(row.slug, None)
        assert reading
        document, totals = reading.document, reading.document["totals"]
        due = [
            result.timing.days_current
            for result in results.of(reading)
            if result.counted and result.is_open and result.timing.days_current is not None
        ]
        assert (row.reference, row.title_lv, row.status, row.country, row.fictitious) == tuple(
            document["project"][name]
            for name in ("reference", "title_lv", "status", "beneficiary_country", "fictitious")
        )
        assert row.partners == sorted(member_states(document["partnerships"]))
        assert (row.results, row.delivered, row.experts) == (
            totals["results"]["whole"], totals["results"]["delivered"],
            totals["experts"]["whole"],
        )  # fmt: skip
        assert [None if sum_ is None else str(sum_) for sum_ in (row.planned, row.spent)] == [
            totals["budget"]["planned"], totals["budget"]["spent"],
        ]  # fmt: skip
        assert row.due == (reading.on - dt.timedelta(max(due)) if due else None)
        assert (row.since, row.until) == (reading.made_at, None)


def test_a_day_shows_the_releases_that_were_in_force(client: Client) -> None:
    project = make_released(1, slug="tw-1", title_en="Before")
    first = project.releases.get()
    monday = dt.datetime.combine(dt.date(2026, 2, 2), dt.time(23, 59))
    Listing.objects.filter(pk=first.pk).update(since=timezone.make_aware(monday))
    project.title_en = "After"
    project.save()
    actions.publish(project, by=None)

    assert "After" in get(client, "/en/")
    assert "Before" in get(client, "/en/?at=2026-02-02")
    assert listed(client, "at=2026-02-01") == []
    second = project.releases.get(number=2)
    assert [row.until for row in Listing.objects.order_by("since")] == [second.made_at, None]


def test_what_a_reader_keeps_costs_one_row_until_a_project_is_published_or_withdrawn(
    client: Client, django_assert_num_queries: Any
) -> None:
    project = make_released(1, slug="tw-1")
    admin = make_user("admin")

    def etag() -> str:
        return str(client.get("/en/?status=running").headers["ETag"])

    kept = etag()
    with django_assert_num_queries(1):
        again = client.get("/en/?status=running", headers={"if-none-match": kept})
    assert again.status_code == 304

    make_released(1, slug="tw-2")
    after = etag()
    assert kept != after
    withdrawing.withdraw(project, by=admin, reason="mistake", sentence_en="Wrong.")
    assert listed(client, "") == ["tw-2"]
    assert etag() not in (kept, after)
    withdrawing.give_back(project, by=admin)
    assert listed(client, "") == ["tw-1", "tw-2"]


def test_a_page_has_thirty_projects_in_three_queries(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(31):
        actions.publish(make_project(f"tw-{number:02}", reference=f"TW {number:02}"), by=None)
    with django_assert_num_queries(3):
        assert listed(client, "") == [f"tw-{number:02}" for number in range(30)]
    assert listed(client, "page=2&q=tw") == ["tw-30"]
    assert client.get("/en/?page=3").status_code == 404


def test_a_project_without_partners_leaves_no_sign_that_separates_nothing(client: Client) -> None:
    make_released(1, slug="tw-1")
    with translation.override("en"):
        page = client.get("/en/").content.decode()
    meta = re.search(r'<p class="meta">(.*?)</p>', page, re.DOTALL)
    assert meta
    assert not re.sub(r"<[^>]+>", "", meta[1]).rstrip().endswith("·")


@pytest.mark.usefixtures("three")
def test_the_search_in_the_head_is_empty_beside_the_filters(client: Client) -> None:
    page = client.get("/en/?status=running").content.decode()
    assert '<input type="search" name="q" value=""' in page


def test_what_is_delivered_in_part_is_late_in_the_list_as_on_its_own_page(client: Client) -> None:
    project = make_project("part", publishing="by_hand", status="running", end_planned="2100-01")
    make_deliverable(
        make_component(project), due_original="2020-01", rung="partially_delivered",
        delivered_on="2020-01-05", reason_lv="Daļa", reason_en="A part",
    )  # fmt: skip
    actions.publish(project, by=None)
    assert listed(client, "late=now") == ["part"]
    assert "Behind plan" in client.get("/en/projects/part/").content.decode()
