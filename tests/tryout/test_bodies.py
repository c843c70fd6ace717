"""Bodies of requests are taken in whole: within a size, a pace, a number and the room there is."""

from __future__ import annotations

import asyncio
import errno
import tempfile
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, TypeVar

import pytest

from exchange.tables import limits
from tryout import bodies
from tryout.bodies import Bodies, BodyTooLarge, BodyTooSlow, Broken, DiskFull

Answer = TypeVar("Answer")


def run(work: Coroutine[Any, Any, Answer]) -> Answer:
    """In a thread of its own: a browser of other tests has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def sending(*chunks: bytes, end: str = "http.request") -> Callable[[], Awaitable[dict[str, Any]]]:
    """A client that sends all of that at once, and then ends its body or goes away."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": end, "body": b"", "more_body": False})
    waiting = iter(messages)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return next(waiting)

    return receive


async def silent() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


async def settled() -> None:
    """Everybody had their turn, several times."""
    for _time in range(20):
        await asyncio.sleep(0)


def taken(*chunks: bytes, declared: int = 0, end: str = "http.request") -> bytes:
    async def take() -> bytes:
        with await Bodies().whole(sending(*chunks, end=end), declared) as body:
            return body.read()

    return run(take())


def test_a_body_is_taken_in_whole_in_memory_or_in_a_file() -> None:
    large = [bytes([number]) * bodies.IN_MEMORY for number in range(3)]

    assert taken() == b""
    assert taken(b"a", b"", b"bc", declared=3) == b"abc"
    assert taken(*large) == b"".join(large)


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(BodyTooLarge):
        run(Bodies().whole(silent, limits.REQUEST + 1))


def test_what_is_too_large_and_did_not_say_so_is_refused_as_soon_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "REQUEST", 10)

    assert taken(b"x" * 10) == b"x" * 10
    with pytest.raises(BodyTooLarge):
        taken(b"x" * 10, b"x")


def test_a_client_that_goes_away_leaves_nothing() -> None:
    with pytest.raises(Broken):
        taken(b"abc", declared=5, end="http.disconnect")


def test_a_body_that_stands_still_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "GRACE", 0.05)
    with pytest.raises(BodyTooSlow):
        run(Bodies().whole(silent, 5))


def test_a_body_has_a_second_more_for_each_pace_of_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is that of the loop; nobody waits for it."""
    monkeypatch.setattr(bodies, "PACE", 1_000)

    async def clock(sizes: list[int]) -> list[float]:
        loop, given = asyncio.get_running_loop(), Bodies()
        began, left = loop.time(), []
        client = sending(*(bytes(size) for size in sizes))

        async def receive() -> dict[str, Any]:
            (patience,) = given.all.taken
            left.append(round((patience.when() or 0) - began, 1))
            return await client()

        (await given.whole(receive, 0)).close()
        return left

    grace = float(bodies.GRACE)
    assert run(clock([500, 0, 3_000])) == [grace, grace + 0.5, grace + 0.5, grace + 3.5]


def test_one_more_than_there_are_places_ends_the_slowest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "AT_ONCE", 3)

    async def crowd() -> list[object]:
        given = Bodies()
        slow = [asyncio.create_task(given.whole(silent, 5)) for _time in range(5)]
        await settled()
        (await given.whole(sending(b"abc"), 3)).close()
        await settled()
        assert len(given.all.taken) == 2
        ended: list[object] = [type(one.exception()) if one.done() else None for one in slow]
        for one in slow:
            one.cancel()
        return ended

    assert run(crowd()) == [BodyTooSlow, BodyTooSlow, BodyTooSlow, None, None]


def test_of_large_bodies_there_are_fewer_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LARGE_AT_ONCE", 1)
    monkeypatch.setattr(bodies, "IN_MEMORY", 2)

    def standing_still() -> Callable[[], Awaitable[dict[str, Any]]]:
        client, sent = sending(b"abc"), iter([True])

        async def receive() -> dict[str, Any]:
            return await (client() if next(sent, False) else silent())

        return receive

    async def crowd() -> list[bool]:
        given = Bodies()
        large = [asyncio.create_task(given.whole(standing_still(), 5)) for _time in range(2)]
        small = asyncio.create_task(given.whole(silent, 5))
        await settled()
        ended = [one.done() for one in (*large, small)]
        for one in (*large, small):
            one.cancel()
        with pytest.raises(BodyTooSlow):
            await large[0]
        return ended

    assert run(crowd()) == [True, False, False]


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(tempfile.SpooledTemporaryFile[bytes]):
        def write(self, data: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def full(size: int) -> IO[bytes]:
        return Full(size)

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", full)
    with pytest.raises(DiskFull):
        taken(b"abc")
