from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import now

from audit.rows.refused import Refused
from deliverables.projects.models import Change, Project
from releases import actions
from releases.document import live
from releases.document.build import digest
from releases.models import Release
from tests.make import make_component, make_deliverable, make_project, make_user
from tests.work import carry_out, let_pass, waiting


def numbers() -> list[tuple[str, int]]:
    return list(Release.objects.order_by("slug", "number").values_list("slug", "number"))


@pytest.mark.django_db
def test_publish_makes_the_next_release_and_takes_up_the_changes() -> None:
    project = make_project()
    ana = make_user()

    release = actions.publish(project, by=ana)

    assert release is not None
    assert (release.number, release.made_by, release.slug) == (1, ana, "tw-1")
    assert release.digest == digest(release.document) == digest(live.build(project))
    assert not Change.objects.exists()
    project.title_en = "Renamed"
    project.save()
    second = actions.publish(project, by=None)
    assert second is not None
    assert second.number == 2
    assert second.document["project"]["title_en"] == "Renamed"


@pytest.mark.django_db
def test_publish_twice_makes_one_release() -> None:
    project = make_project()
    seen = digest(live.build(project))

    assert actions.publish(project, by=None, seen=seen) is not None
    assert actions.publish(project, by=None, seen=seen) is None
    assert numbers() == [("tw-1", 1)]


@pytest.mark.django_db
def test_publish_refuses_what_the_person_has_not_seen() -> None:
    project = make_project(publishing="by_hand")
    seen = digest(live.build(project))
    make_component(project)

    with pytest.raises(Refused) as refusal:
        actions.publish(project, by=None, seen=seen)

    assert str(refusal.value).startswith(
        "Somebody changed the project after this list was made, so nothing was published. "
        "Read the new list below, and publish that. Last change: unknown, "
    )
    assert numbers() == []
    assert Change.objects.exists()


def typed_in(project: Project) -> None:
    """Tests are one transaction, which notes itself once: this is another one each time."""
    Project.objects.filter(pk=project.pk).update(title_en=f"Title {now()}")
    notes = Change.objects.filter(project=project).order_by("-pk")
    Change.objects.filter(pk=notes[0].pk).update(transaction=-notes[0].pk, at=now())
    actions.enter_waiting(by=None)


@pytest.mark.django_db
def test_nothing_becomes_public_for_the_first_time_by_itself() -> None:
    draft = make_project("draft", publishing="at_once")
    typed_in(draft)

    assert waiting() == []
    carry_out(dt.timedelta(days=1))
    assert numbers() == []
    actions.publish(draft, by=None)
    typed_in(draft)
    assert waiting() == [("releases.tasks.publish_at_once", {"project": draft.pk, "by": None})]


@pytest.mark.django_db
def test_projects_that_publish_by_hand_wait() -> None:
    project = make_project()
    actions.publish(project, by=None)
    typed_in(project)

    assert project.publishing == "by_hand"
    assert waiting() == []
    assert Change.objects.filter(project=project).exists()


@pytest.mark.django_db
def test_what_is_typed_in_one_sitting_is_one_release(settings: Any) -> None:
    """Each change moves the release by a pause, and no further than four from the first."""
    settings.PUBLISH_PAUSE = 10
    project = make_project(publishing="at_once")
    actions.publish(project, by=None)
    released = []
    for _minutes in range(0, 48, 6):
        typed_in(project)
        let_pass(dt.timedelta(minutes=6))
        carry_out(dt.timedelta())
        released.append(len(numbers()) - 1)
    assert released == [0, 0, 0, 0, 0, 0, 1, 1]

    let_pass(dt.timedelta(minutes=9))
    carry_out(dt.timedelta())
    assert len(numbers()) == 3


@pytest.mark.django_db
def test_entering_costs_one_query_when_nothing_changed(django_assert_num_queries: Any) -> None:
    actions.publish(make_project(publishing="at_once"), by=None)

    with django_assert_num_queries(1):
        actions.enter_waiting(by=None)


@pytest.mark.django_db
@pytest.mark.parametrize("how_many", [1, 3])
def test_a_document_costs_the_same_however_long(
    how_many: int, django_assert_num_queries: Any
) -> None:
    component = make_component(make_project())
    for number in range(how_many):
        make_deliverable(component, f"D1.{number}")

    with django_assert_num_queries(29):
        built = live.build(component.project)

    assert len(built["deliverables"]) == how_many


@pytest.mark.django_db
@pytest.mark.parametrize(
    "write",
    [
        lambda releases: releases.update(number=2),
        lambda releases: releases.delete(),
        lambda releases: releases.get().save(),
    ],
)
def test_a_release_never_changes(write: Any) -> None:
    actions.publish(make_project(), by=None)

    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        write(Release.objects.all())
    assert numbers() == [("tw-1", 1)]


@pytest.mark.django_db
def test_a_write_during_the_reading_starts_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Torn: the component of before and the deliverable of after would stand in one document."""
    project = make_project()
    build = live.build
    reads: list[Any] = []

    def interrupted(which: Project) -> Any:
        built = build(which)
        if not reads:
            Change.objects.all().delete()  # as if another transaction had just committed one
            make_component(project)
        reads.append(built)
        return built

    monkeypatch.setattr(live, "build", interrupted)

    release = actions.publish(project, by=None)

    assert release is not None
    assert len(reads) == 2
    assert len(release.document["components"]) == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_one_release() -> None:
    project = make_project()
    barrier = threading.Barrier(2)
    made: list[Release | None] = []

    def publish() -> None:
        barrier.wait()
        try:
            made.append(actions.publish(Project.objects.get(pk=project.pk), by=None))
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(release is None for release in made) == [False, True]
    assert numbers() == [("tw-1", 1)]
