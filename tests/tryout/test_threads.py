"""The server beside clients that are slow, broken or hostile: others do not notice them."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from exchange.tables import limits
from tests import databases
from tests.conftest import load_seed
from tests.tryout import wire
from tests.tryout.test_two_commands import free_port
from tests.tryout.wire import asked, connect, head, said
from tests.waiting import wait_for
from tryout.management.commands import serve
from tryout.threads import Answer, OnThreads, environ_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow("starts a server")]
PAGE, VERIFY = "/en/projects/ks-14-jb-jh-04/", "/en/verify/"
LARGE = 20 * 1024 * 1024  # bytes
FORM = "Content-Type: multipart/form-data; boundary=x"
FILE = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nabc\r\n--x--\r\n'
NOT_OURS = "We never issued this file."
LATE = (
    "What you sent did not arrive in time, so nothing was saved. Look whether your connection "
    "holds, and send it again."
)
TOO_LARGE = (
    "What you sent is larger than 110 MB, so it was not read and nothing was saved. Send fewer "
    "files at once, or smaller ones."
)


@dataclass(frozen=True)
class Running:
    port: int
    pid: int


@pytest.fixture(scope="module")
def server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A server as `make run` starts it, over both projects of seed/."""
    var_dir, port = tmp_path_factory.mktemp("var"), free_port()
    with django_db_blocker.unblock(), databases.copied("seeded", load_seed):
        prepare(var_dir)
        with pytest.MonkeyPatch.context() as patch:
            for name, text in environment(var_dir).items():
                patch.setenv(name, text)
            server = serve.granian(port, "tests.tryout.impatient:application")
        wait_for(partial(serve.answers, port))
        yield Running(port, server.pid)
        serve.finish(server)


@pytest.fixture
def port(server: Running) -> int:
    return server.port


def prepare(var_dir: Path) -> None:
    backend = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    with override_settings(
        STATIC_ROOT=var_dir / "static", STORAGES={"staticfiles": {"BACKEND": backend}}
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
    (var_dir / "static" / "large.bin").write_bytes(bytes(LARGE))


def environment(var_dir: Path) -> dict[str, str]:
    to = connection.settings_dict
    return {
        "DATABASE_URL": f"postgres://{to['USER']}@/{to['HOST']}/{to['NAME']}",
        "VAR_DIR": str(var_dir),
        "LOG_LEVEL": "CRITICAL",  # it tells what it refuses
    }


def sentence(text: str) -> str:
    found = re.search(r'<p class="lead">(.*?)</p>', text, re.DOTALL)
    return " ".join(found[1].split()) if found else text


def test_24_slow_uploads_hold_nobody_and_are_told(port: int) -> None:
    """The threads are eight. A page takes as long as before, on a busy machine a little more."""
    before = [wire.seconds(port, PAGE) for _time in range(20)]
    with wire.dripping(port, VERIFY, clients=24, every=0.2) as slow:
        beside = [wire.seconds(port, PAGE) for _time in range(20)]
        told = {said(client)[0] for client in slow}

    assert wire.p95(beside) < 3 * wire.p95(before) + 0.5
    assert told == {408}


def test_a_body_that_does_not_come_is_told_why_in_the_language_of_the_page(port: int) -> None:
    for path, words in ((VERIFY, LATE), ("/lv/verify/", "Nosūtītais nepienāca laikā")):
        with connect(port) as client:
            client.sendall(head("POST", path, FORM, "Content-Length: 1000") + b"--x")
            status, text = said(client)
        assert status == 408
        assert sentence(text).startswith(words)


def test_what_is_too_large_is_refused_before_it_is_sent(port: int) -> None:
    with connect(port) as client:
        length = f"Content-Length: {limits.REQUEST + 1}"
        client.sendall(head("POST", VERIFY, FORM, length, "Expect: 100-continue"))
        status, text = said(client)

    assert (status, sentence(text)) == (413, TOO_LARGE)


def test_who_sends_it_all_the_same_reads_the_refusal(port: int) -> None:
    """As browsers do: they would show an error of the connection."""
    with connect(port) as client:
        client.sendall(head("POST", VERIFY, FORM, f"Content-Length: {limits.REQUEST + 1}"))
        for _megabyte in range(limits.REQUEST // 1024 // 1024):
            client.sendall(bytes(1024 * 1024))
        assert client.recv(65536).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "told",
    [
        (f"Content-Length: {len(FILE)}", FILE),
        ("Transfer-Encoding: chunked", b"%x\r\n%b\r\n0\r\n\r\n" % (len(FILE), FILE)),
        ("Transfer-Encoding: chunked",
         b"".join(b"1\r\n%b\r\n" % FILE[n:n + 1] for n in range(len(FILE))) + b"0\r\n\r\n"),
    ],
    ids=["in one piece", "chunked", "a chunk for each byte"],
)  # fmt: skip
def test_a_file_is_taken_in_however_it_is_sent(port: int, told: tuple[str, bytes]) -> None:
    status, text = asked(port, "POST", VERIFY, FORM, told[0], body=told[1])

    assert status == 200
    assert NOT_OURS in text


@pytest.mark.parametrize("charset", ["rot13", "hex", "undefined", "nothing", "iso-8859-1"])
def test_an_odd_charset_is_no_fault_of_ours(port: int, charset: str) -> None:
    told = f"Content-Type: multipart/form-data; charset={charset}; boundary=x"
    length = f"Content-Length: {len(FILE)}"

    assert asked(port, "GET", f"{PAGE}?q=1", told)[0] == 200
    assert asked(port, "POST", VERIFY, told, length, body=FILE)[0] == 200


def test_who_expects_to_be_asked_for_the_body_is_asked(port: int) -> None:
    with connect(port) as client:
        length = f"Content-Length: {len(FILE)}"
        client.sendall(head("POST", VERIFY, FORM, length, "Expect: 100-continue"))
        assert client.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(FILE)
        assert client.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (["Content-Length: 1000"], b"--x\r\n"),
        (["Transfer-Encoding: chunked"], b"5\r\nabcde\r\nzz\r\n"),
        (["Transfer-Encoding: chunked"], b"5\r\nabc"),
        (["Transfer-Encoding: gzip"], b"abc"),
        (["Content-Length: 3", "Content-Length: 4"], b"abcd"),
        (["Content-Length: +3"], b"abc"),
    ],
    ids=["shorter than said", "no chunk", "half a chunk", "not chunked", "two lengths", "signed"],
)
def test_a_broken_body_is_no_request(port: int, headers: list[str], body: bytes) -> None:
    """Nothing is told of a file: no view has seen it."""
    with connect(port) as client:
        client.sendall(head("POST", VERIFY, FORM, *headers) + body)
        client.shutdown(1)
        data = client.recv(65536)

    assert not data or data.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([f"Content-Length: {5 + len(SMUGGLED)}", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
        (["Content-Length: 0", f"Content-Length: {len(SMUGGLED)}"], b""),
        ([f"Content-Length: {len(SMUGGLED)}", "Transfer-Encoding: x chunked"], b""),
        (["Transfer_Encoding: chunked", f"Content-Length: {len(SMUGGLED)}"], b""),
    ],
    ids=["both", "two lengths", "odd coding", "with an underscore"],
)
def test_a_request_within_a_body_is_not_answered_where_a_proxy_sees_one(
    port: int, headers: list[str], body: bytes
) -> None:
    """Where it is not clear where a body ends the connection ends with the answer (RFC 9112, 6)."""
    with connect(port) as client:
        client.sendall(head("POST", VERIFY, FORM, *headers) + body + SMUGGLED)
        client.shutdown(1)
        data = b""
        while more := client.recv(65536):
            data += more

    assert b"/smuggled" not in data
    assert data.count(b"HTTP/1.1 ") <= 1


def test_requests_one_behind_the_other_are_answered_in_their_order(port: int) -> None:
    last = head("GET", "/healthz", "Connection: close")
    with connect(port) as client:
        length = f"Content-Length: {len(FILE)}"
        client.sendall(head("HEAD", "/static/large.bin") + head("POST", VERIFY, FORM, length)
                       + FILE + last)  # fmt: skip
        text = b""
        while more := client.recv(65536):
            text += more

    assert re.findall(rb"^HTTP/1.1 (\d+)", text, re.MULTILINE) == [b"200"] * 3
    assert f"content-length: {LARGE}".encode() in text.partition(b"\r\n\r\n")[0].lower()
    assert NOT_OURS.encode() in text
    assert text.endswith(b"\r\n\r\nok\n")


def test_a_file_is_sent_whole_and_in_parts(port: int) -> None:
    assert len(asked(port, "GET", "/static/large.bin")[1]) == LARGE
    status, text = asked(port, "GET", "/static/large.bin", "Range: bytes=5-1000004")
    assert (status, len(text)) == (206, 1_000_000)


def test_readers_that_do_not_read_hold_nobody(port: int) -> None:
    slow = [connect(port) for _client in range(24)]
    try:
        for client in slow:
            client.sendall(head("GET", "/static/large.bin"))
            assert client.recv(100).startswith(b"HTTP/1.1 200")
        assert wire.seconds(port, PAGE) < 10
        assert len(asked(port, "GET", "/static/large.bin")[1]) == LARGE
    finally:
        for client in slow:
            client.close()


def test_healthz_answers_while_every_thread_waits(port: int) -> None:
    """For a lock on the releases, which pages give up after five seconds."""
    to = connection.settings_dict
    login = {"host": to["HOST"], "port": to["PORT"], "user": to["USER"], "dbname": to["NAME"]}
    clients = serve.WORKERS * serve.THREADS * 2
    with (
        psycopg.connect(**login) as session,
        psycopg.connect(**login, autocommit=True) as watching,
        ThreadPoolExecutor(clients) as pool,
    ):
        session.execute("LOCK TABLE releases_release IN ACCESS EXCLUSIVE MODE")
        # Addresses at which nothing is kept ready.
        pages = [pool.submit(asked, port, "GET", f"{PAGE}?{client}") for client in range(clients)]
        count = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        threads = serve.WORKERS * serve.THREADS
        wait_for(lambda: (watching.execute(count).fetchone() or [0])[0] == threads)
        began = time.monotonic()
        told = [asked(port, "GET", "/healthz") for _time in range(4)]
        took = time.monotonic() - began
        waited = not any(page.done() for page in pages)
        session.rollback()

    assert told == [(200, "ok\n")] * 4
    assert waited, f"it took {took} s"
    assert all(page.result()[0] == 200 for page in pages[threads:])


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whose child a process is")
def test_a_killed_worker_is_replaced_and_the_others_answer_meanwhile(server: Running) -> None:
    before = children(server.pid)
    os.kill(before[-1], signal.SIGKILL)
    wait_for(lambda: not set(before[-1:]) & set(children(server.pid)))
    wait_for(lambda: len(children(server.pid)) == len(before))
    assert asked(server.port, "GET", "/healthz") == (200, "ok\n")
    assert wire.seconds(server.port, PAGE) < 30


def test_headers_become_those_of_cgi_and_none_passes_for_another() -> None:
    names = [(b"x-forwarded-for", b"1.1.1.1"), (b"x-forwarded-for", b"2.2.2.2"),
             (b"x_forwarded_for", b"9.9.9.9"), (b"cookie", b"a=1"), (b"cookie", b"b=2"),
             (b"content-type", b"a/b"), (b"content-type", b"c/d"), (b"accept", b"\xc4\x81"),
             (b"content_length", b"5")]  # fmt: skip
    scope = {"method": "GET", "raw_path": b"/%C4%81%2F", "query_string": b"q=%C4%81",
             "http_version": "1.1", "server": ("127.0.0.1", "8000"), "scheme": "http",
             "client": ("10.0.0.1", "5000"), "headers": names}  # fmt: skip
    environ = environ_of(scope)

    assert environ["HTTP_X_FORWARDED_FOR"] == "1.1.1.1,2.2.2.2"
    assert environ["HTTP_COOKIE"] == "a=1;b=2"
    assert (environ["CONTENT_TYPE"], "CONTENT_LENGTH" in environ) == ("a/b", False)
    assert environ["HTTP_ACCEPT"] == "\xc4\x81"
    assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/\xc4\x81/", "q=%C4%81")
    assert environ["REMOTE_ADDR"] == "10.0.0.1"


def test_what_is_made_while_it_is_sent_is_made_first() -> None:
    """In the thread whose database it may use."""
    made: list[str] = []

    class Streaming:
        streaming = True

        def __iter__(self) -> Iterator[bytes]:
            made.append("made")
            yield b"abc"

        def close(self) -> None:
            made.append("closed")

    def application(environ: Any, start: Any) -> Any:
        start("200 OK", [("Content-Type", "text/plain")])
        return Streaming()

    scope = {"method": "GET", "raw_path": b"/", "query_string": b"", "http_version": "1.1",
             "server": ("127.0.0.1", "8000"), "scheme": "http", "client": ("10.0.0.1", "5000"),
             "headers": []}  # fmt: skip
    answer = OnThreads(application, 1)._answer(environ_of(scope))

    assert (answer.status, made) == (200, ["made", "closed"])
    assert isinstance(answer, Answer)
    with answer.file as file:
        assert file.read() == b"abc"
