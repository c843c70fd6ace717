"""A mail server for tests that misbehaves on demand, at any stage of a session."""

from __future__ import annotations

import email
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any

STAGES = ("connect", "ehlo", "mail", "rcpt", "data", "text")  # text: the whole message was read
HANG, DROP = "hang", "drop"
# What is answered at a stage, to which recipient: a line, HANG, DROP, or None for "all is well".
Behaviour = Callable[[str, str], str | None]


def well(_stage: str, _recipient: str) -> None:
    return None


def at(stage: str, answer: str) -> Behaviour:
    return lambda now, _recipient: answer if now == stage else None


class Server(socketserver.ThreadingTCPServer):
    """`taken` are recipient and message of all that was accepted, answered or not."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.behaviour: Behaviour = well
        self.taken: list[tuple[str, Message]] = []
        self.reached: list[str] = []  # stages, of all sessions
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def to(self) -> list[str]:
        return sorted(recipient for recipient, _message in self.taken)


class Session(socketserver.StreamRequestHandler):
    server: Server
    recipient = ""

    def handle(self) -> None:
        try:
            if self.says("connect", "220 test"):
                while (line := self.rfile.readline()) and self.answers(line.decode().strip()):
                    pass
        except OSError:  # the register hung up
            pass

    def answers(self, line: str) -> bool:
        verb = line.split(" ")[0].upper()
        if verb == "EHLO":
            return self.says("ehlo", "250 test")
        if verb == "MAIL":
            return self.says("mail", "250 ok")
        if verb == "RCPT":
            (self.recipient,) = re.findall(r"<(.*)>", line)
            return self.says("rcpt", "250 ok")
        if verb == "DATA":
            return self.says("data", "354 go on") and self.reads()
        self.write("221 bye")
        return False

    def reads(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        if not line:
            return False
        answer = self.server.behaviour("text", self.recipient)
        if answer in (None, HANG, DROP):
            self.server.taken.append((self.recipient, email.message_from_bytes(b"".join(lines))))
        return self.says("text", "250 taken", answer)

    def says(self, stage: str, usual: str, answer: str | None = None) -> bool:
        self.server.reached.append(stage)
        answer = answer or self.server.behaviour(stage, self.recipient)
        if answer == HANG:
            self.server.over.wait()
        if answer in (HANG, DROP):
            return False
        self.write(answer or usual)
        return answer is None

    def write(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def running() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def use(settings: Any, server: Server, timeout: float = 1) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = timeout
