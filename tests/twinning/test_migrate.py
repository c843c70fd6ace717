"""Where the first migrations of each room replace those that were before: what stands where."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db
LAST = ("releases", "0005_summary")
OURS = "0001_tables", "0002_plans", "0002_second_factor"


def forget(**which: object) -> None:
    MigrationRecorder(connection).migration_qs.filter(**which).delete()


def done() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())


def test_a_register_at_the_last_state_of_before_is_taken_over_as_it_is() -> None:
    before = done()
    forget(name__in=OURS)
    assert len(before - done()) == 9

    call_command("migrate", verbosity=0)

    assert done() == before


@pytest.mark.parametrize("ours_are_recorded", [True, False])
def test_a_register_at_an_earlier_state_is_left_as_it_is_and_told_the_way(
    ours_are_recorded: bool,
) -> None:
    if not ours_are_recorded:
        forget(name__in=OURS)
    forget(app=LAST[0], name=LAST[1])
    before = done()

    with pytest.raises(CommandError) as refusal:
        call_command("migrate", verbosity=0)

    assert str(refusal.value) == (
        "The database was left as it is: it stands at an earlier version, before "
        "releases.0005_summary, which is not here any more. Migrate it with the last version that "
        "has it first: see “A register from before the first migrations were squashed” in "
        "docs/operations.md."
    )
    assert done() == before
