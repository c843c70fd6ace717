"""The WSGI application on a few threads, none of which waits for a client.

A request gets its thread when its body is in (tryout/bodies.py), and gives it back when the
answer is made; files are then read bit by bit as the client takes them. `/healthz` has a thread,
and so a database session, of its own: it answers also while all others are busy.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIEnvironment

from tryout.bodies import Bodies, BodyRefused, Broken, Receive, forget_the_rest

HEALTH = "/healthz"
NOT_TAKEN = "twinning.not_taken"  # in the environ: the status to answer with, instead of a body
# All that is read is UTF-8; Django fails on charsets that Python knows and that are none of text.
CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)
PIECE = 128 * 1024  # bytes of a file that are read at a time

Send = Callable[[dict[str, object]], Awaitable[None]]
Headers = list[tuple[str, str]]


@dataclass
class FileWrapper:
    """A file that the application hands over (PEP 3333), read when its client takes more of it."""

    file: IO[bytes]
    block_size: int = PIECE


@dataclass
class Answer:
    """What the application said: a body, of which the rest may be in a file to read and close."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    file: Any = None

    def start(self, status: str, headers: Headers, error: object = None) -> None:
        """`start_response` of PEP 3333."""
        self.status, self.headers = int(status[:3]), headers

    def begin(self) -> bool:
        """Read the first piece of the file; whether it is all of it."""
        while len(self.body) < PIECE and (more := self.file.read(PIECE - len(self.body))):
            self.body += more
        return len(self.body) < PIECE

    def message(self) -> dict[str, object]:
        headers = [(name.encode("latin-1"), text.encode("latin-1")) for name, text in self.headers]
        return {"type": "http.response.start", "status": self.status, "headers": headers}


class OnThreads:
    """An ASGI application that runs a WSGI one on so many threads."""

    def __init__(self, application: Callable[..., Iterable[bytes]], threads: int) -> None:
        self.application = application
        self.bodies = Bodies()
        self.requests = ThreadPoolExecutor(threads, "request")
        self.health = ThreadPoolExecutor(1, "health")
        self.files = ThreadPoolExecutor(2, "files")

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        environ = environ_of(scope)
        try:
            await self._take_in(environ, receive)
        except Broken:
            await send(Answer(400).message())
            await send(piece(b""))
            return
        pool = self.health if environ["PATH_INFO"] == HEALTH else self.requests
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(pool, self._answer, environ)
        await send(answer.message())
        if answer.file is None:
            await send(piece(answer.body))
            if environ.get(NOT_TAKEN) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                await forget_the_rest(receive)
        else:
            await self._send_file(answer, receive, send)

    async def _take_in(self, environ: WSGIEnvironment, receive: Receive) -> None:
        """Have the whole body in the environ, with its length, however it was announced."""
        declared = environ.get("CONTENT_LENGTH", "0")
        chunked = environ.pop("HTTP_TRANSFER_ENCODING", None)
        if declared == "0" and not chunked:
            return
        try:
            body = await self.bodies.whole(receive, int(declared))
        except BodyRefused as refused:
            environ[NOT_TAKEN] = refused.status
            environ["CONTENT_LENGTH"] = "0"
        else:
            environ["wsgi.input"] = body
            environ["CONTENT_LENGTH"] = str(body.seek(0, io.SEEK_END))
            body.seek(0)

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        """In a thread: run the application until its answer is in memory, or in a file."""
        answer = Answer()
        with environ["wsgi.input"]:
            said: Any = self.application(environ, answer.start)
            if isinstance(said, FileWrapper):
                answer.file = said.file
                if environ["REQUEST_METHOD"] == "HEAD" or answer.begin():
                    answer.file.close()
                    answer.file = None
                return answer
            try:
                if getattr(said, "streaming", False):
                    answer.file = written(said)
                else:
                    answer.body = b"".join(said)
            finally:
                said.close()
        return answer

    async def _send_file(self, answer: Answer, receive: Receive, send: Send) -> None:
        """The rest of a file, as fast as the client takes it and as long as it is there."""
        loop, file = asyncio.get_running_loop(), answer.file
        gone = asyncio.create_task(departure(receive))
        data = answer.body
        try:
            while not gone.done():
                await send(piece(data, more=True))
                if not (data := await loop.run_in_executor(self.files, file.read, PIECE)):
                    break
            await send(piece(b""))
        finally:
            gone.cancel()
            await loop.run_in_executor(self.files, file.close)


async def departure(receive: Receive) -> None:
    """Until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def written(pieces: Iterable[bytes]) -> IO[bytes]:
    """What is made while it is sent, made first: it may use the database of its thread."""
    file = tempfile.SpooledTemporaryFile(PIECE)  # noqa: SIM115 - closed when it is sent
    file.writelines(pieces)
    file.seek(0)
    return file


def piece(data: bytes, *, more: bool = False) -> dict[str, object]:
    return {"type": "http.response.body", "body": data, "more_body": more}


def environ_of(scope: dict[str, Any]) -> WSGIEnvironment:
    """The environ of PEP 3333 for a request of ASGI, still without its body."""
    host, port = scope["server"]
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for name, value in scope["headers"]:
        if b"_" not in name:  # X_Forwarded_For would pass for X-Forwarded-For
            _add(environ, name.decode("latin-1").upper().replace("-", "_"), value.decode("latin-1"))
    if "CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = CHARSET.sub("", environ["CONTENT_TYPE"])
    return environ


def _add(environ: WSGIEnvironment, name: str, text: str) -> None:
    """A header under its name of CGI; one that comes again is added to the first."""
    key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
    if key not in environ:
        environ[key] = text
    elif key == "HTTP_COOKIE":
        environ[key] += f";{text}"
    elif key != name:
        environ[key] += f",{text}"
