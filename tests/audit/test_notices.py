"""What is public anyway has leaves of its own under new seals; older seals stay as they were."""

from __future__ import annotations

import pytest
from django.db import connection

from audit.models import Notice, Seal
from audit.seals import notices
from audit.seals.books import tree_under, trees
from audit.seals.proofs import proof
from audit.seals.sealing import digest, seal
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from releases.actions import publish
from releases.models import Release
from tests.audit.test_seals import differences, lifted
from tests.make import make_component, make_deliverable, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    project = make_project(publishing="by_hand")
    make_deliverable(make_component(project), "D1.1", title_en="Title 1")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return project


def release(project: Project, title: str) -> Release:
    """The next release, sealed; a test's own transaction ends too late for that."""
    Deliverable.objects.update(title_en=title)
    made = publish(project, by=None)
    assert made
    assert seal("release")
    return made


def leaf(made: Release, seal: int) -> list[str]:
    """What stands under a seal where the mark of a release has its place."""
    mark = digest(f"release {made.digest}")
    *_way, last = tree_under(seal).way(mark)
    return last.split(" ") if last.startswith(mark) else []


def test_a_release_has_a_leaf_under_each_seal_from_its_own_on(project: Project) -> None:
    seal("before")
    first, second = release(project, "Title 1"), release(project, "Title 2")
    mark = digest(f"release {first.digest}")

    assert [leaf(first, number) for number in (1, 2, 3)] == [
        [], [mark, "1", first.digest], [mark, "1", first.digest]
    ]  # fmt: skip
    assert [bool(leaf(second, number)) for number in (1, 2, 3)] == [False, False, True]
    assert notices.posted_under("release", first.digest, 1) == 2
    assert differences() == []


def test_of_two_releases_with_one_document_the_later_number_stands(project: Project) -> None:
    first, _second, third = (release(project, title) for title in ("A", "B", "A"))

    assert first.digest == third.digest
    assert [leaf(first, number)[1] for number in (1, 2, 3)] == ["1", "1", "3"]
    assert notices.posted_under("release", first.digest, 1) == 1
    assert notices.posted_under("release", third.digest, 3) == 3
    assert differences() == []


def test_releases_of_before_come_under_the_next_thorough_seal_and_older_seals_stay(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a filled register comes to this version: its seals have no notices."""
    with monkeypatch.context() as patch:
        patch.setattr("audit.seals.notices.post", lambda _seal, _after: 0)
        old = [release(project, title) for title in ("A", "B")]
    heads = list(Seal.objects.order_by("number").values_list("root", "head"))
    monkeypatch.setattr("audit.seals.sealing.RECENT", 0)
    assert not Notice.objects.exists()
    assert differences() == []

    assert seal("of what is recent") is None
    made = seal("timer", thorough=True)

    assert made
    assert (made.number, made.events) == (3, 0)
    assert [leaf(one, made.number)[1] for one in old] == ["1", "2"]
    assert [leaf(one, number) for one in old for number in (1, 2)] == [[], [], [], []]
    assert list(Seal.objects.order_by("number").values_list("root", "head"))[:2] == heads
    assert [tree_under(number).root for number in (1, 2)] == [root for root, _head in heads]
    assert digest(proof({1: []}, 0).seals[0]) == heads[0][1]
    assert differences() == []
    assert seal("again", thorough=True) is None


def test_a_tree_that_goes_on_growing_has_each_notice_in_its_turn(project: Project) -> None:
    for title in ("A", "B", "A"):
        release(project, title)
    grown = [(number, tree.root) for number, tree in trees([1, 2, 3])]

    assert grown == list(Seal.objects.order_by("number").values_list("number", "root"))


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE audit_notice SET number = 7", "seal 1: it is not the seal of what stands"),
        ("UPDATE audit_notice SET sha256 = repeat('a', 64)", "seal 1: it is not the seal of what"),
        ("UPDATE audit_notice SET word = 'x'", "seal 1: it is not the seal of what stands"),
        ("UPDATE audit_notice SET seal = 9", "seal 9: books or notices name it"),
        ("DELETE FROM audit_notice", "seal 1: it is not the seal of what stands under it."),
        (
            "INSERT INTO audit_notice (seal, word, number, sha256) "
            "VALUES (2, 'release', 1, repeat('a', 64))",
            f"notice of release 1, {'a' * 64}: no sealed event tells of it.",
        ),
    ],
)
def test_a_notice_that_was_tampered_with_is_found(project: Project, sql: str, told: str) -> None:
    release(project, "A")
    assert differences() == []

    lifted(sql)

    assert any(told in difference for difference in differences())


def test_nothing_else_is_posted(project: Project) -> None:
    release(project, "A")

    assert list(Notice.objects.values_list("word", "number")) == [("release", 1)]
