"""Letters: each mail to one reader, entered with what causes it and sent by a job, once.

A letter and its job are written in the transaction of their cause: all of it happens, or none. Its
text is written when it is sent, in the reader's language, so no link that opens anything is stored.

It is noted for good that a letter leaves our hands before it does, and one worker alone can note
that; so it is never sent twice. What was not accepted, for certain, is tried again (PAUSES). Where
nobody knows, the letter stays "handed over", and somebody decides (docs/operations.md).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from accounts.letters import posting
from accounts.models import Letter, Subscriber, User

Kind, State = Letter.Kind, Letter.State
Reader = User | Subscriber
Writer = Callable[[Letter, Any], EmailMultiAlternatives | None]  # to a reader

JOB = "accounts.tasks.send_letter"
# Minutes from one try to the next: ten hours in growing pauses, then every twelve hours; three and
# a half days in all.
PAUSES = (1, 5, 15, 60, 3 * 60, 6 * 60, *[12 * 60] * 6)
ONE_CLICK = dt.timedelta(minutes=1)  # who asks twice within it gets one letter
ON_ITS_WAY = dt.timedelta(minutes=5)  # the server may still answer; more than EMAIL_TIMEOUT allows
LOST = dt.timedelta(hours=1)  # a letter that is due for so long has no job any more
KEPT = {State.SENT: 30, State.DROPPED: 30, State.HANDED: 180, State.REFUSED: 180}  # days
_writers: dict[str, Writer] = {}


class NotSentAgain(Exception):
    """Why a letter is not sent again, as a sentence for the person who asked."""


def writes(kind: Letter.Kind) -> Callable[[Writer], Writer]:
    """The function writes letters of this kind; it returns None where there is nothing to say."""

    def registered(writer: Writer) -> Writer:
        _writers[kind] = writer
        return writer

    return registered


def enter(reader: Reader, kind: Letter.Kind, key: str, **days: dt.date) -> bool:
    """Enter the letter that `key` causes, with its job; False when it has caused one already."""
    with transaction.atomic():
        letter, fresh = Letter.objects.get_or_create(key=key, defaults=_new(reader, kind) | days)
        if fresh:
            _enter_job(letter)
    return fresh


def ask(kind: Letter.Kind, user: User | None) -> bool:
    """Enter a letter that somebody asks for by a click, to `user`, who is locked, or to nobody.

    A second click enters one to nobody. The database is asked the same whoever it is. Whether it
    is to the person.
    """
    since = timezone.now() - ONE_CLICK
    of_one = Letter.objects.filter(user=user.pk if user else 0, kind=kind)
    again = of_one.filter(entered_at__gt=since).exists()
    to = None if again else user
    letter = Letter.objects.create(key=f"{kind} {uuid.uuid4()}", **_new(to, kind))
    _enter_job(letter)
    return to is not None


def _new(reader: Reader | None, kind: Letter.Kind) -> dict[str, object]:
    now, to = timezone.now(), "subscriber" if isinstance(reader, Subscriber) else "user"
    return {to: reader, "kind": kind, "entered_at": now, "next_try_at": now}


def _enter_job(letter: Letter, at: dt.datetime | None = None) -> None:
    app.configure_task(JOB, allow_unknown=False, schedule_at=at).defer(letter=letter.pk)


def compose(
    reader: Reader, subject: str, template: str, context: dict[str, object]
) -> EmailMultiAlternatives:
    """A mail from <template>.txt and .html."""
    context |= {"user": reader, "lang": reader.language, "site": settings.SITE_URL}
    mail = EmailMultiAlternatives(
        subject, render_to_string(f"{template}.txt", context), to=[reader.email]
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return mail


def with_way_out(mail: EmailMultiAlternatives, link: str) -> EmailMultiAlternatives:
    """Mail programs offer to post the address, which ends such mails (RFC 8058)."""
    mail.extra_headers |= {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return mail


def send(pk: int) -> None:
    """Send a letter that waits and whose time has come; what came of it is noted in its row."""
    waiting = Letter.objects.filter(state=State.WAITING, next_try_at__lte=timezone.now())
    letter = waiting.select_related("user", "subscriber").filter(pk=pk).first()
    if letter is None:  # another job has sent it, or will at another time
        return
    if letter.reader is None:
        letter.delete()
        return
    mail = _written(letter)
    if mail is None:
        _note(letter, state=State.DROPPED, next_try_at=None)
        return
    try:
        posting.post(mail, lambda: _let_go(letter))
    except posting.LetterRefused as refusal:
        _not_taken(letter, refusal)
    except posting.NoAnswer as silence:
        _note(letter, reason=_without_address(letter, silence))
    except posting.NotOurs:
        pass
    else:
        _note(letter, state=State.SENT, sent_at=timezone.now(), reason="")


def _written(letter: Letter) -> EmailMultiAlternatives | None:
    reader = letter.reader
    if reader is None or not reader.is_active or not reader.email:
        return None
    with translation.override(reader.language):
        mail = _writers[letter.kind](letter, reader)
    if mail:
        name = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
        mail.extra_headers |= {
            "Message-ID": f"<{name}@{urlsplit(settings.SITE_URL).hostname}>",  # of every try
            "Auto-Submitted": "auto-generated",
        }
    return mail


def _let_go(letter: Letter) -> bool:
    """Note that the letter leaves our hands, before it does: whoever comes second is refused."""
    with transaction.atomic(durable=True):
        return _note(letter, state=State.HANDED, handed_at=timezone.now(), next_try_at=None)


def _note(letter: Letter, **columns: object) -> bool:
    """Write what became of a letter, unless somebody else has written since we read it."""
    as_read = Letter.objects.filter(
        pk=letter.pk, state=letter.state, tries=letter.tries, handed_at=letter.handed_at
    )
    noted = bool(as_read.update(**columns))
    if noted:
        for name, value in columns.items():
            setattr(letter, name, value)
    return noted


def _not_taken(letter: Letter, refusal: posting.LetterRefused) -> None:
    why = {"tries": letter.tries + 1, "reason": _without_address(letter, refusal)}
    with transaction.atomic():
        if refusal.for_good or letter.tries >= len(PAUSES):
            _note(letter, state=State.REFUSED, next_try_at=None, **why)
            return
        at = timezone.now() + dt.timedelta(minutes=PAUSES[letter.tries])
        if _note(letter, state=State.WAITING, next_try_at=at, **why):
            _enter_job(letter, at)


def _without_address(letter: Letter, error: Exception) -> str:
    """What the server said, without the address that it likes to repeat."""
    address = letter.reader.email if letter.reader else ""
    return " ".join(str(error).replace(address, "…").split())[:500]


def send_again(letter: Letter, *, by: User) -> None:
    """Have a letter sent now that was refused, waits for its next try or may not have arrived.

    Raises NotSentAgain.
    """
    now = timezone.now()
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter.pk)
        if why_not := _why_not(letter, now):
            raise NotSentAgain(f"{letter}: {why_not}")
        _note(
            letter, state=State.WAITING, next_try_at=now, tries=0, handed_at=None,
            reason=by.code,
        )  # fmt: skip
        _enter_job(letter)


def _why_not(letter: Letter, now: dt.datetime) -> str:
    if letter.state == State.WAITING and (letter.next_try_at or now) <= now:
        return _("it is being sent already. Look at the list again in a minute.")
    if letter.state == State.HANDED and (letter.handed_at or now) > now - ON_ITS_WAY:
        return _("it was handed over a moment ago. Look at the list again in five minutes.")
    if letter.state == State.SENT and letter.sent_at:
        at = date_format(timezone.localtime(letter.sent_at), "SHORT_DATETIME_FORMAT")
        return _("the mail server took it at %s, so it is not sent again.") % at
    if letter.state == State.DROPPED:
        return _("nothing is left that it would say.")
    return ""


def take_up() -> None:
    """Enter jobs for letters whose job was lost, or gave up on a fault of our own."""
    for letter in Letter.objects.filter(next_try_at__lt=timezone.now() - LOST):
        _enter_job(letter)


def forget() -> None:
    """Delete letters of which nobody needs to know any more."""
    now = timezone.now()
    old = Q()
    for state, days in KEPT.items():
        old |= Q(state=state, entered_at__lt=now - dt.timedelta(days))
    Letter.objects.filter(old).delete()
