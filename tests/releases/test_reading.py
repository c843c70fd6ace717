from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from deliverables.projects.access import Access
from deliverables.projects.models import Project
from experts.people.models import Assignment
from releases import actions
from releases.document import shapes
from releases.reading.reading import Live, Released
from tests.make import make_assignment, make_expert, make_project, make_release

pytestmark = pytest.mark.django_db


def release_on(project: Any, number: int, day: dt.date) -> None:
    made_at = timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59)))
    document = {
        "schema": shapes.SCHEMA,
        "project": {"n": number, "slug": project.slug},
        **dict.fromkeys(("partnerships", "assignments", "experts"), []),
        "totals": {},
    }
    make_release(project, document, number=number, made_at=made_at)


def test_the_release_in_force_is_the_last_one_made_up_to_the_end_of_the_day() -> None:
    project = make_project()
    release_on(project, 1, dt.date(2026, 1, 10))
    release_on(project, 2, dt.date(2026, 2, 10))
    source = Released()

    def number(at: dt.date | None) -> int | None:
        reading = source.project("tw-1", at)
        return reading.number if reading else None

    assert number(None) == 2
    assert number(dt.date(2026, 2, 10)) == 2
    assert number(dt.date(2026, 2, 9)) == 1
    assert number(dt.date(2026, 1, 9)) is None
    assert source.project("nobody", None) is None
    listed = source.portfolio(dt.date(2026, 2, 9))
    assert [reading.number for reading in listed.readings(listed.rows({}))] == [1]


def test_the_portfolio_is_one_query_however_many_projects(
    django_assert_num_queries: Any,
) -> None:
    for slug in ("a", "b", "c"):
        release_on(make_project(slug), 1, dt.date(2026, 1, 10))

    with django_assert_num_queries(1):
        listed = Released().portfolio(None)
        assert len(listed.readings(listed.rows({}))) == 3


def test_a_draft_is_read_live_only() -> None:
    project = make_project(publishing="by_hand")
    actions.publish(project, by=None)
    project.title_en = "Secret plan"
    project.save()

    released, live = (
        Released().project("tw-1", None),
        Live(Project.objects.all(), Access(True, frozenset())).project("tw-1", None),
    )

    assert released is not None
    assert live is not None
    assert released.document["project"]["title_en"] == "Project"
    assert live.document["project"]["title_en"] == "Secret plan"
    assert (live.number, live.made_at) == (None, None)


def test_a_name_is_read_from_the_live_row_while_it_may_be_shown() -> None:
    project = make_project()
    leader = make_assignment(project, "A1", holder_name="Canary One", name_published=True)
    expert = make_expert(name="Canary Two", name_consent=True)
    make_assignment(project, "A2", function="short_term_expert", expert=expert)
    make_assignment(project, "A3", holder_name="Canary Three")
    actions.publish(project, by=None)
    source = Released()

    def names() -> dict[str, str]:
        reading = source.project("tw-1", None)
        assert reading is not None
        assert "Canary" not in str(reading.document)
        return reading.names

    assert names() == {"A1": "Canary One", "LV-E01": "Canary Two"}
    Assignment.objects.filter(pk=leader.pk).update(name_published=False)
    expert.name_consent, expert.consent_withdrawn_on = False, "2026-05"
    expert.save()
    assert names() == {}


def test_a_name_that_changed_after_the_release_is_not_shown_until_the_next_one() -> None:
    project = make_project(publishing="by_hand")
    leader = make_assignment(project, "A1", holder_name="Canary One", name_published=True)
    silent = make_assignment(project, "A2", holder_name="Canary Silent")
    actions.publish(project, by=None)
    source = Released()

    def names() -> dict[str, str]:
        reading = source.project("tw-1", None)
        assert reading is not None
        return reading.names

    Assignment.objects.filter(pk=leader.pk).update(holder_name="Canary Draft")
    Assignment.objects.filter(pk=silent.pk).update(name_published=True)
    assert names() == {}

    actions.publish(project, by=None)
    assert names() == {"A1": "Canary Draft", "A2": "Canary Silent"}
