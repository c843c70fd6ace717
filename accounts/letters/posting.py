"""Handing one message to the mail server, with what is certain told from what is not.

Until the text of a message is sent, nothing can have been accepted. Once it is, only the server's
answer says what became of it (RFC 5321, 4.2.5 and 6.1); without one, nobody knows.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from typing import Any, cast

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends import smtp
from django.core.mail.message import sanitize_address

Answer = tuple[int, bytes]


class LetterRefused(Exception):
    """The message was not accepted, for certain; `for_good`: a later try would be refused, too."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


class NoAnswer(Exception):
    """The message was handed over, and the server went away without saying what became of it."""


class NotOurs(Exception):
    """Somebody else has handed it over."""


def post(message: EmailMessage, let_go: Callable[[], bool]) -> None:
    """Hand the message over. `let_go` is asked right before its text leaves us, and may say no.

    Raises LetterRefused, NoAnswer or NotOurs.
    """
    connection = get_connection()
    if not isinstance(connection, smtp.EmailBackend):  # a file, the screen, a list of a test
        if not let_go():
            raise NotOurs
        connection.send_messages([message])
        return
    with _nothing_accepted():
        connection.open()
    server = cast(smtplib.SMTP, connection.connection)
    try:
        _talk(server, message, let_go)
    finally:
        _hang_up(server)


def _talk(server: smtplib.SMTP, message: EmailMessage, let_go: Callable[[], bool]) -> None:
    """The envelope, the word DATA, and the text; each is answered by the server."""
    written: Any = message.message()
    text = written.as_bytes(linesep="\r\n")
    both = (sanitize_address(address, "utf-8") for address in (message.from_email, message.to[0]))
    sender, recipient = (
        parseaddr(address)[1] for address in both
    )  # a domain as the network has it
    with _nothing_accepted():
        server.ehlo_or_helo_if_needed()
        _agreed(server.mail(sender), ours=True)
        _agreed(server.rcpt(recipient))
        _agreed(server.docmd("DATA"), 354)
    if not let_go():
        raise NotOurs
    try:
        server.send(re.sub(rb"(?m)^\.", b"..", text) + b"\r\n.\r\n")
        answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise NoAnswer(_words(error)) from error
    _agreed(answer)


def _agreed(answer: Answer, wanted: int = 250, *, ours: bool = False) -> None:
    """A 4xx is for now and a 5xx for good, except where it is about us and not about the letter."""
    code, said = answer
    if code == wanted or (wanted == 250 and code == 251):
        return
    reason = f"{code} {said.decode('utf-8', 'replace')}"
    raise LetterRefused(reason, for_good=500 <= code < 600 and not ours)


@contextmanager
def _nothing_accepted() -> Iterator[None]:
    """What fails here is tried again: the server is away, hangs, or does not let us in."""
    try:
        yield
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise LetterRefused(_words(error)) from error


def _words(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return f"{error.smtp_code} {text}"
    return str(error) or type(error).__name__


def _hang_up(server: smtplib.SMTP) -> None:
    """What a server says to a farewell changes nothing; without a whole message it takes none."""
    server.close()
