"""Rows that are older than the trail, and columns that a migration filled."""

from __future__ import annotations

import pytest
from django.db import connection

from audit.events.baseline import record_state
from audit.models import Event
from audit.seals.seal_checks import Verdict
from audit.seals.verify import verify
from tests.make import make_component, make_expert, make_project

pytestmark = pytest.mark.django_db


def without_triggers(sql: str) -> None:
    """As a migration does it: what alters a table fires no row trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_a_row_without_a_story_gets_one_event_and_verifies() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        make_component(make_project())
        make_expert(name="Canary Kalna")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert len(list(verify(Verdict()))) == 3

    record_state()
    record_state()

    told = Event.objects.values_list("table", "operation", "who", "why")
    assert sorted(told) == [
        (table, "state", "system", "migrate")
        for table in ("deliverables_component", "deliverables_project", "experts_expert")
    ]
    assert list(verify(Verdict())) == []
    assert "Canary" not in str(list(Event.objects.values_list("after", flat=True)))


def test_a_column_that_a_migration_filled_is_recorded_and_the_replay_goes_on() -> None:
    project = make_project()
    without_triggers("UPDATE deliverables_project SET fund = 'IPA II'")
    assert len(list(verify(Verdict()))) == 1

    record_state(altered="deliverables_project")
    project.refresh_from_db()
    project.fund = "IPA III"
    project.save()

    assert list(verify(Verdict())) == []
    newest = Event.objects.order_by("-pk")[0]
    assert (newest.before or {})["fund"] == "IPA II"
