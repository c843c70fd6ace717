"""Databases beside the empty one: each is filled once in a run and read by many tests.

The tests that read one are rolled back; those that commit get a copy, which is dropped afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_filled: dict[str, Any] = {}  # name of a database -> what filling it gave
# Name of a database -> our session of it: a new one reads the whole catalogue again.
_sessions: dict[str, Any] = {}


@contextmanager
def filled(name: str, fill: Callable[[], Any]) -> Iterator[Any]:
    """Work on a copy of the empty database that `fill` has filled; gives what that returned."""
    name = _beside_the_empty_one(name)
    if name not in _filled:
        _copy(_beside_the_empty_one("empty"), name)
        with _on(name):
            given = fill()
        _filled[name] = given
    with _on(name):
        yield _filled[name]


@contextmanager
def copied(name: str, fill: Callable[[], Any]) -> Iterator[None]:
    """Work on a copy of that one, to commit to; it is gone afterwards."""
    with filled(name, fill):
        pass
    name = _beside_the_empty_one(name)
    _copy(name, f"{name}_copy")
    try:
        with _on(f"{name}_copy"):
            yield
    finally:
        _drop(f"{name}_copy")


def keep_an_empty_one() -> None:
    """As migrated: tests that commit leave the one in use without what migrations wrote."""
    _copy(connection.settings_dict["NAME"], _beside_the_empty_one("empty"))


def is_kept() -> bool:
    """Whether the database in use is one that later tests read, too."""
    return connection.settings_dict["NAME"] in _filled


def drop_all() -> None:
    for name in [_beside_the_empty_one("empty"), *_filled]:
        _drop(name)


def _beside_the_empty_one(name: str) -> str:
    return f"{connection.settings_dict['NAME']}_{name}"


def _copy(source: str, name: str) -> None:
    _end_session(source)  # nobody may be connected to what is copied
    _drop(name)  # half filled, or left by a run that was killed
    _run(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


def _end_session(name: str) -> None:
    if name == connection.settings_dict["NAME"]:
        connection.close()
    if session := _sessions.pop(name, None):
        session.close()


def _drop(name: str) -> None:
    _end_session(name)
    _run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # of the browser's server, too


def _run(sql: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)


@contextmanager
def _on(name: str) -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    _turn_to(name)
    try:
        yield
    finally:
        _turn_to(before)


def _turn_to(name: str) -> None:
    """Work on another database; the session of this one is kept, unless a test broke it."""
    if connection.connection and not connection.errors_occurred and not connection.in_atomic_block:
        _sessions[connection.settings_dict["NAME"]] = connection.connection
        connection.connection = None
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.connection = _sessions.pop(name, None)
