"""The audit pack, checked by the tools of strangers and by its own script; and tampered with."""

from __future__ import annotations

import csv
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from audit.models import Seal
from audit.seals.replayed import replayed
from audit.seals.sealing import seal
from deliverables.evidence.attaching import attach, sniff
from deliverables.indicators.models import Submission
from deliverables.ladder.models import Deliverable, Step
from deliverables.projects.models import AcceptedFinding, Project
from exchange.models import Export
from experts.missions.models import MissionStep
from releases.packs import pack as packs
from tests.deliverables.test_file_kinds import PDF
from tests.make import (
    make_activity,
    make_component,
    make_deliverable,
    make_entry,
    make_evidence,
    make_expert,
    make_line,
    make_member,
    make_mission,
    make_project,
)
from tests.releases.packing import checked, packed, refused_by
from tests.volume import ALL, volume

pytestmark = pytest.mark.slow("each pack is checked by the tools of strangers")
OWN = ("bagit", "sha256sum", "script")  # what looks at every file; the others, at the tables
FORMULA = '=HYPERLINK("http://x")'


@pytest.fixture
def project() -> Project:
    project = make_project(publishing="by_hand")
    component = make_component(project)
    for number in (1, 2):
        make_deliverable(component, f"D1.{number}", title_en=FORMULA, title_lv='Āķis, "x"\n;')
    make_evidence(project, "E1", deliverable=Deliverable.objects.get(code="D1.1"))
    make_entry(make_line(project), "E1", amount="12.50")
    make_expert(name="Canary Name")
    leader, mission = make_member(project), make_mission(make_activity(component))
    now = timezone.now()
    for _time in range(2):  # more than one step of a thing: none of them is its key
        Step.objects.create(
            deliverable=Deliverable.objects.get(code="D1.1"), verb="deliver", begins="planned",
            ends="delivered", by=leader, at=now,
        )  # fmt: skip
        MissionStep.objects.create(
            project=project, mission=mission, verb="approve", ends="approved", by=leader, at=now
        )
        Submission.objects.create(
            project=project, on="2026-06-30", by=leader.code, at=now, content=[{"code": FORMULA}]
        )
    AcceptedFinding.objects.create(project=project, key="k 1", reason=FORMULA, by="U-1", at=now)
    return project


@pytest.mark.django_db
def test_every_tool_of_a_stranger_accepts_the_pack(project: Project, tmp_path: Path) -> None:
    bag = packed(project, tmp_path)

    assert refused_by(bag) == []
    with (bag / "data" / "deliverables.csv").open(encoding="utf-8", newline="") as file:
        assert {row["title_en"] for row in csv.DictReader(file)} == {"'" + FORMULA}
    assert b"Canary" not in b"".join(path.read_bytes() for path in bag.rglob("*.*"))


def edit(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], Any]:
    def tamper(bag: Path) -> None:
        path = bag / name
        before = path.read_bytes()
        path.write_bytes(change(before))
        assert path.read_bytes() != before

    return tamper


def lines(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    return lambda data: b"".join(change(data.splitlines(keepends=True)))


LOG = "data/audit/events.jsonl"
TAMPERINGS = {
    "edit a cell": edit("data/budget_entries.csv", lambda data: data.replace(b"12.50", b"13.50")),
    "drop a file": lambda bag: (bag / "data" / "deliverables.csv").unlink(),
    "edit a log line": edit(LOG, lambda data: data.replace(b'"insert"', b'"delete"', 1)),
    "cut the log": edit(LOG, lines(lambda all_: all_[:-1])),
}


@pytest.mark.django_db
@pytest.mark.parametrize("how", TAMPERINGS)
def test_each_tool_that_looks_at_every_file_finds_a_simple_forgery(
    project: Project, tmp_path: Path, how: str
) -> None:
    """Those of a forger who knows more are in test_forgeries.py."""
    bag = packed(project, tmp_path)
    TAMPERINGS[how](bag)

    assert refused_by(bag, *OWN) == list(OWN)


@pytest.mark.django_db
def test_a_head_kept_elsewhere_is_found_in_a_pack_that_is_asked_to_reach_it(
    project: Project, tmp_path: Path
) -> None:
    seal("first")
    Deliverable.objects.update(note_en="x")
    head = Seal.objects.get(number=1).head
    without, reaching = packed(project, tmp_path), packed(project, tmp_path, "b", heads=[head])

    assert checked(without, head) == 1
    assert checked(reaching, head) == 2
    assert checked(reaching, "f" * 64) == 1
    with pytest.raises(CommandError, match="No seal of this register has the head “ffff"):
        packed(project, tmp_path, "c", heads=["f" * 64])


@pytest.mark.django_db
def test_the_same_data_make_the_same_bytes_and_each_pack_is_recorded(
    project: Project, tmp_path: Path
) -> None:
    make_project("other")
    for name in ("a", "b"):
        packed(project, tmp_path, name)

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    first, second = Export.objects.order_by("pk")
    assert (first.sha256, first.kind, first.project) == (second.sha256, "pack", "tw-1")
    assert {file["path"] for file in first.files} >= {"data/deliverables.csv"}


@pytest.mark.django_db
def test_a_pack_holds_no_event_of_another_project(project: Project, tmp_path: Path) -> None:
    other = make_project("other", title_en="Canary of another project")
    make_component(other, title_en="Canary component")

    bag = packed(project, tmp_path)

    assert b"Canary" not in b"".join(path.read_bytes() for path in bag.rglob("*.*"))
    assert refused_by(bag, *OWN) == []


@pytest.mark.django_db
def test_a_period_before_the_project_is_no_failure(project: Project, tmp_path: Path) -> None:
    long_ago = dt.date(2001, 1, 1)
    bag = packed(project, tmp_path, first=long_ago, last=long_ago)

    (event,) = (bag / LOG).read_text("utf-8").splitlines()
    assert '"table":"releases_pack"' in event
    assert refused_by(bag) == []
    assert "Period: 2001-01-01/2001-01-01" in (bag / "bag-info.txt").read_text()


@pytest.mark.django_db
def test_evidence_files_are_in_the_pack_where_they_are_asked_for(
    project: Project, tmp_path: Path, settings: Any
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.STORAGES = settings.STORAGES | {
        "evidence": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "kept"},
        }
    }
    row = Deliverable.objects.get(code="D1.1")
    sniffed, _wrong = sniff([SimpleUploadedFile("a.pdf", PDF)])
    leader = User.objects.get()
    attach([row], sniffed, by=leader, shows_lv="a", shows_en="a")

    without, with_files = packed(project, tmp_path), packed(project, tmp_path, "full", files=True)

    assert not (without / "data" / "evidence").exists()
    (file,) = (with_files / "data" / "evidence").iterdir()
    assert file.read_bytes() == PDF
    assert refused_by(with_files, *OWN) == []


@pytest.mark.django_db
def test_no_session_of_the_database_waits_while_evidence_is_read(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gigabyte takes more than the minute after which PostgreSQL ends an idle transaction."""
    within, read = [False], list[bool]()

    @contextmanager
    def noted(before: Any) -> Iterator[Any]:
        with replayed(before) as tables:
            within.append(True)
            yield tables
        within.pop()

    monkeypatch.setattr("releases.packs.pack.replayed", noted)
    monkeypatch.setattr(packs, "_evidence", lambda bag, files: read.append(within[-1]))

    packed(project, tmp_path, files=True)

    assert read == [False]


@pytest.mark.django_db
def test_a_command_says_what_it_cannot_do(project: Project, tmp_path: Path) -> None:
    there = tmp_path / "there.zip"
    there.write_bytes(b"x")

    with pytest.raises(CommandError, match="There is no project 'none'. Known: tw-1."):
        call_command("audit_pack", "none", tmp_path / "a.zip")
    with pytest.raises(CommandError, match="is there already, and is not written over"):
        call_command("audit_pack", "tw-1", there)
    with pytest.raises(CommandError, match="does not tell its format"):
        call_command("export", "deliverables", tmp_path / "a.pdf")
    with pytest.raises(CommandError, match="There is no table 'x'"):
        call_command("export", "x", tmp_path / "a.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["there.zip"]
    assert not Export.objects.exists()


class Writer(threading.Thread):
    """Changes a budget line and the deliverables together, without a pause; keeps how long the
    database took for that at most."""

    def __init__(self, project: Project) -> None:
        super().__init__(daemon=True)
        self.project, self.done, self.longest, self.made = project, False, 0.0, 0

    def run(self) -> None:
        line = make_line(self.project, "B9")
        while not self.done:
            with connection.cursor() as cursor:
                cursor.execute(
                    "WITH a AS (UPDATE budget_line SET note_en = %s WHERE id = %s RETURNING 1), "
                    "b AS (UPDATE deliverables_deliverable SET note_en = %s WHERE project_id = %s "
                    "RETURNING 1) SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b), "
                    "extract(epoch FROM clock_timestamp() - statement_timestamp())",
                    [str(self.made), line.pk, str(self.made), self.project.pk],
                )
                self.longest = max(self.longest, float(cursor.fetchone()[1]))
            self.made += 1
            time.sleep(0.02)
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_packs_beside_a_busy_writer_are_of_one_moment(project: Project, tmp_path: Path) -> None:
    """Each is checked by its own script and across its tables."""
    writer = Writer(project)
    writer.start()
    try:
        for number in range(volume(200, least=8)):
            bag = packed(project, tmp_path, f"p{number}")
            assert checked(bag) != 1
            notes = set()
            for table in ("budget_lines", "deliverables"):
                with (bag / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
                    notes |= {r["note_en"] for r in csv.DictReader(file) if r["code"] != "B1"}
            assert len(notes) == 1, notes
    finally:
        writer.done = True
        writer.join()
    assert writer.made > 50
    if ALL:
        assert writer.longest < 0.1, f"{writer.longest * 1000:.0f} ms"
