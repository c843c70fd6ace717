"""Large files: written by a worker, then kept for a day for the one person who asked.

What a file is made of is a kind with its arguments (`PreparedKind`, registered by who knows the
domain), so that the worker writes it as the person would have got it at once. A person whose rights
have changed meanwhile gets no file. A preparation is no record: the file that it makes is one
(`Export`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from django.contrib.auth import get_user_model
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from psycopg.errors import QueryCanceled

from audit.events.people import Person
from exchange.exports import exporting
from exchange.exports.exporting import FileNotWritten, TooManyExports, WrittenFile
from exchange.models import Prepared
from exchange.querysets import GIVEN_UP

JOB = "exchange.tasks.prepare"
Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PreparedKind:
    """How a kind of file is written, and what its reader may see, as a text that changes with it
    ("" for nothing)."""

    write: Callable[[IO[bytes], Given, Person], WrittenFile]
    scope: Callable[[Given, Person], str]


KINDS: dict[str, PreparedKind] = {}


def store() -> Storage:
    return storages["prepared"]


@transaction.atomic
def ask(kind: str, given: Given, title: str, by: Person) -> Prepared:
    """Have a worker write the file; what is asked for twice is written once.

    Raises TooManyExports.
    """
    get_user_model().objects.select_for_update().get(pk=by.pk)
    waiting = Prepared.objects.of(by).waiting()
    asked = {
        "kind": kind,
        "given": given,
        "language": translation.get_language(),
        "scope": KINDS[kind].scope(given, by),
    }
    running: Prepared | None = waiting.filter(**asked).first()
    if running:
        return running
    if waiting.count() >= exporting.AT_ONCE:
        raise TooManyExports
    row: Prepared = Prepared.objects.create(asked_by=by, title=title, **asked)
    # One of a person at a time: nobody keeps all hands of a worker busy.
    task = app.configure_task(JOB, allow_unknown=False, lock=f"prepare {by.pk}")
    task.defer(prepared=row.pk)
    return row


def may_have(row: Prepared) -> bool:
    """Whether the person may see what the person could see when asking."""
    return row.scope == KINDS[row.kind].scope(row.given, row.asked_by) != ""


def make(pk: int) -> None:
    """Write the file, once, or say why there is none.

    Raises TooManyExports, and what the database says.
    """
    row = Prepared.objects.waiting().filter(pk=pk).select_related("asked_by").first()
    if row is None:
        return
    with translation.override(row.language):
        try:
            if may_have(row):
                _write(row)
            else:
                _refuse(pk, changed())
        except FileNotWritten as error:
            _refuse(pk, str(error))
        except (TooManyExports, OperationalError) as error:
            if not isinstance(error.__cause__, QueryCanceled):
                raise  # for a while: the job is tried again
            _refuse(
                pk,
                _("It takes the database too long to read so many rows. Choose fewer of them."),
            )
        except Exception:
            _refuse(pk, _("The file could not be written. Tell the people who run the register."))
            raise


def changed() -> str:
    return _("What you may see has changed since you asked for this file. Ask for it again.")


def _write(row: Prepared) -> None:
    with exporting.told_where_full(), exporting.new_file() as out:
        written = KINDS[row.kind].write(out, row.given, row.asked_by)
        out.flush()
        out.seek(0)
        key = store().save(row.token.hex, File(out))
        try:
            with transaction.atomic():
                mine = Prepared.objects.waiting().select_for_update().filter(pk=row.pk).first()
                if mine:
                    mine.export = exporting.record(written, out, row.asked_by)
                    mine.media, mine.key = written.media, key
                    mine.save()
        except BaseException:
            store().delete(key)
            raise
        if mine is None:  # another worker was quicker, or the day is over
            store().delete(key)


def _refuse(pk: int, sentence: str) -> None:
    Prepared.objects.waiting().filter(pk=pk).update(told=sentence)


def forget() -> None:
    """What is older than a day goes, with its file; and files that a killed worker, a full disk or
    a person who is gone left without a row."""
    for row in Prepared.objects.over():
        if row.key:
            store().delete(row.key)
        row.delete()
    known = set(Prepared.objects.exclude(key="").values_list("key", flat=True))
    for name in _files():
        if name not in known and store().get_modified_time(name) < timezone.now() - GIVEN_UP:
            store().delete(name)


def _files() -> list[str]:
    try:
        return list(store().listdir("")[1])
    except FileNotFoundError:  # nothing was ever prepared
        return []
