"""Audit packs as of a day: what is in them, which heads they reach, and the same bytes later."""

from __future__ import annotations

import csv
import datetime as dt
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max
from django.test import Client
from django.utils import timezone

from audit.events.baseline import record_state
from audit.models import Event, Seal
from audit.seals.seal_checks import Verdict
from audit.seals.sealing import seal
from audit.seals.verify import verify
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from releases.actions import publish
from tests.make import (
    make_assignment,
    make_component,
    make_deliverable,
    make_expert,
    make_institution,
    make_project,
)
from tests.releases.packing import checked, packed, refused_by
from tests.volume import volume

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow("packs are made, after a thousand changes again, and checked"),
]
OWN = ("bagit", "sha256sum", "script")
JANUARY, FEBRUARY, MARCH = (
    (dt.date(2026, month, 1), dt.date(2026, month + 1, 1) - dt.timedelta(1)) for month in (1, 2, 3)
)
When = Callable[[str], None]


@pytest.fixture
def when(monkeypatch: pytest.MonkeyPatch) -> When:
    """Says when all was done that is not sealed yet, and seals it then."""

    def sealed(at: str) -> None:
        moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER append_only")
            cursor.execute(
                "UPDATE audit_event SET at = %s WHERE NOT EXISTS "
                "(SELECT FROM audit_line WHERE event = audit_event.id)",
                [moment],
            )
            cursor.execute("ALTER TABLE audit_event ENABLE ALWAYS TRIGGER append_only")
        with monkeypatch.context() as patch:
            patch.setattr("audit.seals.sealing.timezone.now", lambda: moment)
            assert seal("timer")

    return sealed


@pytest.fixture
def project(when: When) -> Project:
    """Begun in January, silent in February, changed in March."""
    project = make_project(publishing="by_hand")
    expert = make_expert("LV-E01", institution=make_institution("LV-1"))
    make_assignment(project, "A1", expert=expert)
    make_deliverable(make_component(project), "D1.1", title_en="As in January")
    when("2026-01-20T10:00:00")
    make_project("other")
    when("2026-02-10T10:00:00")
    publish(project, by=None)
    Deliverable.objects.update(title_en="As in March")
    project.title_en = "Renamed in March"
    project.save()
    when("2026-03-05T10:00:00")
    return project


def cells(bag: Path, table: str, column: str) -> list[str]:
    with (bag / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def later(project: Project) -> None:
    """A thousand further changes, and seals under them."""
    row = Deliverable.objects.get()
    for number in range(volume(1000)):
        Deliverable.objects.filter(pk=row.pk).update(note_en=str(number))
        if number % 250 == 0:
            seal("timer")
    seal("timer")


def newest_head() -> str:
    return Seal.objects.latest("number").head


@pytest.mark.parametrize(
    ("period", "title", "releases"),
    [
        (JANUARY, ["As in January"], 0), (FEBRUARY, ["As in January"], 0),
        ((None, MARCH[1]), ["As in March"], 1), ((None, None), ["As in March"], 1),
    ],
    ids=["first month", "empty month", "whole life", "no end"],
)  # fmt: skip
def test_a_pack_is_as_of_the_end_of_its_period_and_the_same_at_any_later_time(
    project: Project, tmp_path: Path, period: Any, title: list[str], releases: int
) -> None:
    given = {"first": period[0], "last": period[1]}
    older = Seal.objects.get(number=1).head
    bag = packed(project, tmp_path, "now", **given)
    published = newest_head()

    assert cells(bag, "deliverables", "title_en") == title
    assert cells(bag, "experts", "code") == ["LV-E01"]
    assert cells(bag, "institutions", "code") == ["LV-1"]
    assert (bag / "data" / "release.json").exists() == bool(releases)
    assert refused_by(bag, *OWN) == []
    assert (checked(bag, older), checked(bag, published)) == (2, 0)
    if period[1] is None:
        return
    later(project)
    packed(project, tmp_path, "later", **given)
    assert (tmp_path / "now.zip").read_bytes() == (tmp_path / "later.zip").read_bytes()
    newest = newest_head()
    assert checked(bag, newest) == 1
    reaching = packed(project, tmp_path, "newest", heads=[newest], **given)
    assert (checked(reaching, older), checked(reaching, newest)) == (2, 2)
    assert checked(reaching, older, newest, newest_head()) == 0  # which files it holds came later
    for path in (bag / "data").glob("*.csv"):
        assert path.read_bytes() == (reaching / "data" / path.name).read_bytes()


def test_what_is_changed_past_the_triggers_is_in_no_pack(project: Project, tmp_path: Path) -> None:
    """It is made of what was sealed; verify_audit names what differs."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE deliverables_deliverable SET title_en = 'Forged'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    bag = packed(project, tmp_path)

    assert cells(bag, "deliverables", "title_en") == ["As in March"]
    assert refused_by(bag, *OWN) == []
    assert ["title_en" in str(one) for one in verify(Verdict())] == [True]


def test_rows_older_than_the_trail_begin_with_what_was_found_and_accuse_nobody(
    when: When, tmp_path: Path
) -> None:
    """As the migration that began the trail found them; then they were changed."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        project = make_project(publishing="by_hand")
        make_deliverable(make_component(project), "D1.1", title_en="Older")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    record_state()
    Deliverable.objects.update(title_en="As in January")
    when("2026-01-20T10:00:00")

    bag = packed(project, tmp_path)

    assert cells(bag, "deliverables", "title_en") == ["As in January"]
    assert cells(bag, "components", "number") == ["1"]
    assert checked(bag, newest_head()) == 0


def test_the_live_tables_are_there_again_after_a_pack(project: Project, tmp_path: Path) -> None:
    packed(project, tmp_path, first=JANUARY[0], last=JANUARY[1])

    assert Project.objects.count() == 2
    assert Deliverable.objects.get().title_en == "As in March"
    newest = Event.objects.aggregate(at=Max("at"))["at"]
    assert newest > timezone.now() - dt.timedelta(minutes=5)


def test_of_another_project_a_pack_holds_nothing_and_is_no_larger(
    project: Project, tmp_path: Path
) -> None:
    packed(project, tmp_path, "alone")
    other = make_project("canary-of-another", title_en="Canary of another")
    for number in range(100):
        make_component(other, number, title_en="Canary component")
        if number % 10 == 0:
            seal("timer")
    Deliverable.objects.update(note_en="x")

    bag = packed(project, tmp_path, "among")

    assert b"anary" not in b"".join(path.read_bytes() for path in bag.rglob("*.*"))
    sizes = [(tmp_path / f"{name}.zip").stat().st_size for name in ("alone", "among")]
    assert sizes[1] < 1.05 * sizes[0]


def test_a_stranger_checks_a_pack_by_what_the_public_pages_say_and_with_python_alone(
    project: Project, client: Client, tmp_path: Path
) -> None:
    packed(project, tmp_path, "given")
    heads = re.findall(r"<code>([0-9a-f]{64})</code>", client.get("/en/heads/").content.decode())
    page = client.get("/en/verify/").content.decode()
    (tmp_path / "check.py").write_bytes(client.get("/en/verify/check.py").content)
    commands = "\n".join(
        re.findall(r"<code>(python3 -m[^<]*|cd [^<]*|python3 [.][^<]*)</code>", page)
    )
    given = {"PACK": "given", "PROJECT": project.slug, "HEAD": heads[0], "python3": sys.executable}
    for word, meant in given.items():
        commands = commands.replace(word, meant)

    done = subprocess.run(["sh", "-ec", commands], cwd=tmp_path, capture_output=True, check=False)  # noqa: S603, S607
    lost = subprocess.run([sys.executable, "check.py"], cwd=tmp_path, capture_output=True)  # noqa: S603, PLW1510

    told = done.stdout.decode()
    assert told.endswith("All of it stands under the head that you gave.\n"), done
    assert done.returncode == 0
    assert lost.stdout.startswith(
        b"Here is no bagit.txt: run check.py in the folder of the unpacked"
    )
    assert lost.returncode == 1
