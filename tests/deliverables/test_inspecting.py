"""Files are looked into in a process that has 5 seconds, 256 MB and nothing of ours."""

from __future__ import annotations

import io
import struct
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from deliverables.evidence import inspecting
from deliverables.evidence.file_kinds import FileKind, WrongFile
from deliverables.evidence.inspecting import inspected, kind_of

MAIL = b"From: %b\r\nTo: b@example.org\r\nDate: %b\r\nSubject: x\r\n\r\nHere it is.\r\n"
WHO, WHEN = b"a@example.org", b"Tue, 24 Nov 2026 10:00:00 +0200"
TOO_MUCH = (
    "It could not be looked through within 5 seconds and 256 MB of memory, so it is not kept. Save "
    "it again in a simpler form, or as PDF."
)
BOMB = "It would unpack to far more than it seems to be. Save it again, or as PDF."


def kind(name: str, data: bytes) -> FileKind:
    return kind_of(name, io.BytesIO(data), len(data))


def refused(name: str, data: bytes) -> str:
    with pytest.raises(WrongFile) as caught:
        kind(name, data)
    return str(caught.value)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Has the process run something else instead of looking into the file."""
    (tmp_path / "deliverables" / "evidence").mkdir(parents=True)
    monkeypatch.setattr(inspecting, "ROOT", tmp_path)

    def write(code: str) -> None:
        lines = [f"    {line}" for line in code.splitlines()]
        text = "\n".join(["def judge(data):", *lines])
        (tmp_path / "deliverables" / "evidence" / "contents.py").write_text(text)

    return write


def test_what_takes_too_long_is_ended(stand_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "SECONDS", 1)
    for busy in ("while True: pass", "import time; time.sleep(60)"):
        stand_in(busy)
        began = time.monotonic()
        assert refused("a.pdf", b"%PDF-") == TOO_MUCH.replace("5 seconds", "1 seconds")
        assert time.monotonic() - began < 20


@pytest.mark.skipif(sys.platform != "linux", reason="macOS keeps no limit of memory")
def test_what_takes_too_much_memory_is_ended(stand_in: Any) -> None:
    stand_in("return 'pdf' if bytearray(100 << 20) else ''")
    assert kind("a.pdf", b"%PDF-") == "pdf"
    stand_in("return 'pdf' if bytearray(300 << 20) else ''")
    assert refused("a.pdf", b"%PDF-") == TOO_MUCH


@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError(data)",
        "import os; os._exit(0)",
        "return 'exe'",
        "import tempfile; tempfile.TemporaryFile(buffering=0).write(b'x'); return 'pdf'",
    ],
    ids=["fails", "says nothing", "says something else", "writes"],
)
def test_what_comes_to_no_verdict_is_not_kept(stand_in: Any, code: str) -> None:
    stand_in(code)
    assert refused("a.pdf", b"%PDF-") == TOO_MUCH


def test_the_process_has_nothing_of_ours(stand_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for strangers")
    stand_in("import os, sys; return f'{sorted(os.environ)} {\"django\" in sys.modules}'")

    told = inspected(io.BytesIO(b"x"))

    assert "SECRET_KEY" not in told
    assert "DATABASE" not in told
    assert told.endswith(" False")


def test_a_file_on_disk_is_read_where_it_is_and_stays_at_its_start(tmp_path: Path) -> None:
    data = MAIL % (WHO, WHEN) + b"x" * 100_000
    (tmp_path / "a.eml").write_bytes(data)
    with (tmp_path / "a.eml").open("rb") as file:
        file.read(5)
        assert kind_of("a.eml", file, len(data)) == "eml"
        assert file.read() == data


LONG = 96 * 1024


@pytest.mark.parametrize(
    "who",
    [
        b"a" * LONG, b"a@example.org, " * (LONG // 15), b'"' * LONG, b"(" * LONG,
        b"=?utf-8?q?a?= " * (LONG // 14), b"\r\n a" * (LONG // 4), b"<" * LONG,
    ],
    ids=["a word", "addresses", "quotes", "comments", "encoded words", "folds", "angles"],
)  # fmt: skip
def test_a_mail_with_a_header_of_96_kb_is_known_at_once(who: bytes) -> None:
    began = time.monotonic()
    assert kind("a.eml", MAIL % (who, WHEN)) == "eml"
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "who",
    [b"<", b"a@[", b'"', b"=?utf-8?q?=0A?= <a@b>", b":;)", b".:", b".<", b"(" * 3_000,
     b"a\xff\xfe", b"=?idna?q?a?="],
)  # fmt: skip
def test_an_odd_mail_is_a_mail(who: bytes) -> None:
    """A parser of mails fails on most of these."""
    assert kind("a.eml", MAIL % (who, WHEN)) == "eml"
    assert kind("a.eml", MAIL % (WHO, who)) == "eml"


def directory(members: int) -> bytes:
    """An archive of a directory alone: so many empty members, all of one name."""
    name = b"word/document.xml"
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 0, 20, 0, 0, 0, 0, 33, 0, 0, 0,
                        len(name), 0, 0, 0, 0, 0, 0) + name  # fmt: skip
    size = len(entry) * members
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, members % 65536, members % 65536, size, 0, 0)
    return entry * members + end


def test_an_archive_that_is_all_directory_is_refused() -> None:
    assert kind("a.docx", directory(3)) == "docx"
    assert refused("a.docx", directory(2_001)) == BOMB
    assert refused("a.docx", directory(400_000)) in (BOMB, TOO_MUCH)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"a,b\n" * (24 << 18)), ("a.csv", ("ā,b\n" * (3 << 20)).encode("utf-16")),
        ("a.csv", b"a,b\n" + b"\n" * (24 << 20)), ("a.csv", b"a," * (12 << 20)),
        ("a.csv", ("a,b\n" + "🙂" * (6 << 20)).encode()),
        ("a.eml", MAIL % (WHO, WHEN) + b"a: b\r\n" * (4 << 20)),
    ],
    ids=["rows", "UTF-16", "empty lines", "one line", "emoji", "a long mail"],
)  # fmt: skip
def test_a_file_of_24_mb_is_within_the_limits(name: str, data: bytes) -> None:
    assert kind(name, data) == name[2:]
