"""Bodies of requests, taken in whole before a thread is held: within a size, a pace and a number.

A body may take GRACE seconds, and one more for every PACE bytes that have come. So one that stands
still ends soon, and a large one over a thin line has its time. Each process takes in so many at
once, large and small; when all places are taken, the one that would end first makes room.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable
from typing import IO, Any

from exchange.tables import limits

GRACE = 20  # seconds
PACE = 32 * 1024  # bytes a second
IN_MEMORY = 256 * 1024  # bytes; what is larger waits in a file without a name
AT_ONCE, LARGE_AT_ONCE = 100, 10  # bodies on their way in; of those, larger than IN_MEMORY

Receive = Callable[[], Awaitable[dict[str, Any]]]


class BodyRefused(Exception):
    """Why a body was not taken in: a status of HTTP (RFC 9110, 15.5)."""

    def __init__(self, status: int) -> None:
        self.status = status


class BodyTooSlow(BodyRefused):
    def __init__(self) -> None:
        super().__init__(408)


class BodyTooLarge(BodyRefused):
    def __init__(self) -> None:
        super().__init__(413)


class DiskFull(BodyRefused):
    """The disk of the server is full."""

    def __init__(self) -> None:
        super().__init__(503)


class Broken(Exception):
    """The client went away, or what it sent is no body."""


async def forget_the_rest(receive: Receive) -> None:
    """Read past what is refused, for GRACE seconds: most clients send all before they listen."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GRACE):
            while (await receive()).get("more_body"):
                pass


class Places:
    """So many bodies at once; one more ends the one that has the least time left."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.taken: set[asyncio.Timeout] = set()

    def take(self, patience: asyncio.Timeout) -> None:
        if len(self.taken) >= self.most:
            slowest = min(self.taken, key=lambda timeout: timeout.when() or 0)
            self.taken.remove(slowest)
            if not slowest.expired():
                slowest.reschedule(asyncio.get_running_loop().time())
        self.taken.add(patience)


class Bodies:
    """The bodies that one process takes in."""

    def __init__(self) -> None:
        self.all, self.large = Places(AT_ONCE), Places(LARGE_AT_ONCE)

    async def whole(self, receive: Receive, declared: int) -> IO[bytes]:
        """A body, to be read from its start; `declared` bytes are announced (0: not known).

        Raises BodyRefused and Broken.
        """
        if declared > limits.REQUEST:
            raise BodyTooLarge
        body = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - who reads it closes it
        try:
            await self._fill(body, receive)
            body.seek(0)
        except BaseException as error:
            body.close()
            if isinstance(error, TimeoutError):
                raise BodyTooSlow from None
            if isinstance(error, OSError):
                raise DiskFull from None
            raise
        return body

    async def _fill(self, body: IO[bytes], receive: Receive) -> None:
        began = asyncio.get_running_loop().time()
        places = [self.all]
        async with asyncio.timeout_at(began + GRACE) as patience:
            self.all.take(patience)
            try:
                size, more = 0, True
                while more:
                    message = await receive()
                    if message["type"] != "http.request":
                        raise Broken
                    more = message["more_body"]
                    size += len(message["body"])
                    if size > limits.REQUEST:
                        raise BodyTooLarge
                    if size > IN_MEMORY and self.large not in places:
                        self.large.take(patience)
                        places.append(self.large)
                    body.write(message["body"])
                    if not all(patience in place.taken for place in places):
                        raise BodyTooSlow
                    patience.reschedule(began + GRACE + size / PACE)
            finally:
                for place in places:
                    place.taken.discard(patience)
