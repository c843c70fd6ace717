"""What a process keeps to have it at hand: up to so many bytes, what is used goes last."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key")
Thing = TypeVar("Thing")
LARGEST = 4  # of how many parts of the room one thing may have one


class Shelf(Generic[Key, Thing]):
    """Things by their keys, in `room` bytes; for all threads. One that needs more than a
    quarter of it is not kept."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.used = 0
        self._things: OrderedDict[Key, tuple[Thing, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Thing | None:
        with self._lock:
            if key not in self._things:
                return None
            self._things.move_to_end(key)
            return self._things[key][0]

    def put(self, key: Key, thing: Thing, size: int) -> None:
        """`size`: its bytes, as far as they matter."""
        with self._lock:
            self.used -= self._things.pop(key, (thing, 0))[1]
            if size * LARGEST > self.room:
                return
            self._things[key] = (thing, size)
            self.used += size
            while self.used > self.room:
                self.used -= self._things.popitem(last=False)[1][1]

    def clear(self) -> None:
        with self._lock:
            self._things.clear()
            self.used = 0
