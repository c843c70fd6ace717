"""Heads that a time-stamping service has seen: one of the test, which openssl answers for."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from audit.models import Seal, Timestamp
from audit.seals import rfc3161, timestamps
from audit.seals.seal_checks import Verdict
from audit.seals.sealing import seal
from audit.seals.verify import verify
from tests.make import make_project

pytestmark = pytest.mark.django_db
SETTINGS = """
[tsa]
default_tsa = ours
[ours]
serial = serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
accuracy = secs:1, millisecs:500
clock_precision_digits = 3
ordering = yes
"""
Answer = Callable[[bytes], bytes]


class Service(ThreadingHTTPServer):
    """`answers` makes the body of an answer from that of a question."""

    daemon_threads = True
    answers: Answer
    asked = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/tsr"


class Post(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        self.server.asked += 1
        query = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            body = self.server.answers(query)
        except NotImplementedError:
            return self.send_error(500)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for byte in body if self.path == "/slow" else [body]:
            self.wfile.write(bytes([byte]) if isinstance(byte, int) else byte)
            self.wfile.flush()
            time.sleep(0.01 if isinstance(byte, int) else 0)
        return None

    def log_message(self, *_words: Any) -> None:
        return None


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(["openssl", *command], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "serial").write_text("01")
    (folder / "tsa.cnf").write_text(SETTINGS)
    run(
        folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-keyout", "key.pem", "-out", "ca.pem", "-subj", "/CN=Test", "-addext",
        "extendedKeyUsage=critical,timeStamping",
    )  # fmt: skip
    return folder


@pytest.fixture
def service(folder: Path, settings: Any) -> Iterator[Service]:
    def answered(query: bytes) -> bytes:
        (folder / "q.tsq").write_bytes(query)
        run(
            folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-signer",
            "ca.pem", "-inkey", "key.pem", "-out", "r.tsr",
        )  # fmt: skip
        return (folder / "r.tsr").read_bytes()

    with Service(("127.0.0.1", 0), Post) as service:
        service.answers = answered
        threading.Thread(target=service.serve_forever, args=(0.01,), daemon=True).start()
        settings.TIMESTAMP_URL = service.url
        yield service
        service.shutdown()


def stamped(capsys: pytest.CaptureFixture[str]) -> str:
    call_command("timestamp")
    return capsys.readouterr().out


def test_the_newest_head_is_timestamped_once_and_anybody_can_check_it(
    service: Service, folder: Path, settings: Any, client: Client, capsys: Any
) -> None:
    settings.SITE_URL = "https://register.example:8443"
    assert stamped(capsys) == "Nothing is sealed yet, so there is no head to timestamp.\n"
    make_project()
    made = seal("first")
    assert made
    before = client.get("/en/heads/")
    said = stamped(capsys)
    row = Timestamp.objects.get()

    assert abs(row.at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    assert said == f"Seal 1 is timestamped: {row.at.isoformat()} by {row.service}\n"
    assert stamped(capsys) == said.replace("timestamped", "timestamped already")
    assert service.asked == 1
    (told,) = client.get("/audit/heads.json").json()["heads"]
    assert told["timestamp"]["file"] == "https://register.example:8443/audit/heads/1.tsr"
    assert told["timestamp"]["by"] == row.service == service.url.split("/")[2]
    answer = client.get("/audit/heads/1.tsr")
    (folder / "seal-1.tsr").write_bytes(answer.content)
    check = ["ts", "-verify", "-digest", made.head, "-in", "seal-1.tsr", "-CAfile", "ca.pem"]
    assert "Verification: OK" in run(folder, *check)
    page = client.get("/en/heads/", headers={"If-None-Match": before.headers["ETag"]})
    assert page.status_code == 200  # whoever had it without the timestamp
    assert 'href="/audit/heads/1.tsr">seal-1.tsr</a>' in page.content.decode()
    assert client.get("/audit/heads/2.tsr").status_code == 404
    assert list(verify(Verdict())) == []


def of_another_head(service: Service) -> Answer:
    ours = service.answers
    return lambda query: ours(rfc3161.query(b"\1" * 32, query[-11:-3]))


def to_another_question(service: Service) -> Answer:
    ours = service.answers
    return lambda query: ours(query[:-11] + b"\x41" * 8 + query[-3:])


def at_a_moment(moment: bytes) -> Callable[[Service], Answer]:
    """The signature is not looked at, so any hand on the way can write another one."""

    def changed(service: Service) -> Answer:
        ours = service.answers
        told = re.compile(rb"(?<=\x18.)\d{14}", re.DOTALL)
        return lambda query: told.sub(moment, ours(query), count=1)

    return changed


def failing(_query: bytes) -> bytes:
    raise NotImplementedError


def half(service: Service) -> Answer:
    ours = service.answers
    return lambda query: ours(query)[:300]


def always(body: bytes) -> Callable[[Service], Answer]:
    return lambda _service: lambda _query: body


REFUSED = bytes.fromhex("3019 3017 020102 300e 0c0c") + b"No \xc4\xabsti <b>" + b"\x03\x02\x05\x20"
WRONG = {
    "another head": (of_another_head, "answered about another head"),
    "another question": (to_another_question, "answered another question"),
    "long ago": (at_a_moment(b"20010101000000"), "named a moment at which it cannot have"),
    "the end of days": (at_a_moment(b"99991231235959"), "named a moment at which it cannot have"),
    "refused": (always(REFUSED), "refused (No īsti b)"),
    "a page": (always(b"<html>"), "sent what is no answer of such a service"),
    "nothing": (always(b""), "sent what is no answer of such a service"),
    "half": (half, "sent what is no answer"),
    "too much": (always(b"0" * 70_000), "sent more than the 64 kB"),
    "an error": (lambda _: failing, "answered 500 instead of a timestamp"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_an_answer_that_proves_nothing_is_told_and_not_kept(service: Service, kind: str) -> None:
    make_project()
    seal("first")
    make, sentence = WRONG[kind]
    service.answers = make(service)

    with pytest.raises(CommandError) as told:
        call_command("timestamp")

    assert f"was asked to timestamp seal 1, and {sentence}" in str(told.value)
    assert "Nothing was kept: run the command again" in str(told.value)
    assert not Timestamp.objects.exists()


def test_who_is_slow_or_away_does_not_hold_the_command(
    service: Service, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project()
    seal("first")
    monkeypatch.setattr(timestamps, "WITHIN", 0.2)
    settings.TIMESTAMP_URL = service.url.replace("/tsr", "/slow")
    with pytest.raises(CommandError, match=r"sent no whole answer within 0\.2 seconds"):
        call_command("timestamp")
    settings.TIMESTAMP_URL = "http://127.0.0.1:1/"
    with pytest.raises(CommandError, match="could not be reached"):
        call_command("timestamp")
    settings.TIMESTAMP_URL = ""
    with pytest.raises(CommandError, match="TIMESTAMP_URL is not set"):
        call_command("timestamp")
    assert not Timestamp.objects.exists()


def test_a_timestamp_that_is_not_of_its_head_is_named(service: Service) -> None:
    make_project()
    seal("first")
    call_command("timestamp")
    row = Timestamp.objects.get()
    make_project("two")
    seal("second")
    newest = Seal.objects.get(number=2)
    Timestamp.objects.create(seal=newest, service="x", at=row.at, answer=row.answer)

    assert [str(one) for one in verify(Verdict())] == [
        "timestamp of seal 2: it is not of its head."
    ]


def test_any_bytes_are_an_answer_or_refused(folder: Path, service: Service) -> None:
    whole = service.answers(rfc3161.query(b"\1" * 32, b"\x40" * 8))
    assert rfc3161.read(whole).nonce == b"\x40" * 8
    for place in range(len(whole)):
        for answer in (whole[:place], whole[:place] + b"\xff" + whole[place + 1 :]):
            try:
                rfc3161.read(answer)
            except rfc3161.Unusable:
                continue
            assert len(answer) == len(whole)
