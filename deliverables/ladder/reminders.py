"""Reminders by e-mail: a digest each Monday, and deadlines on the day they matter.

One letter a person and day at most, in the person's language, to those who want it and have
something to do; days on which no worker ran are made up. The address that switches them off needs
no log-in.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Max, Model
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from accounts.letters import letters
from accounts.models import Letter, User
from deliverables.ladder.models import Deliverable, Reminder
from deliverables.ladder.work import KINDS, reader_of

SALT = "reminders"
DIGEST_ON = 0  # Monday
AHEAD = (14, 3)  # days before a date on which its people are told
LATEST = 7  # days that are made up: older news comes with the digest
SHOWN = 20  # rows of a kind in a mail
DAY = dt.timedelta(1)


@dataclass(frozen=True, slots=True)
class MailSection:
    """One kind of work in a mail, its first rows, how many there are, and where they are."""

    label: str
    rows: list[Model]
    count: int
    link: str


def enter(today: dt.date) -> int:
    """Enter the letters of a day and of those before it on which nobody did; the number of letters.

    Twice on a day enters nothing twice.
    """
    people = User.objects.filter(is_active=True, is_staff=True, reminders_wanted=True)
    people = people.exclude(email="").exclude(reminders__on=today)
    known = people.annotate(last=Max("reminders__on"))
    return sum(_enter(user, user.last, today) for user in known)


def _enter(user: User, last: dt.date | None, today: dt.date) -> bool:
    since = today
    if last and last < today:
        since = max(last + DAY, today - LATEST * DAY)
    with transaction.atomic(), translation.override(user.language):
        _row, fresh = Reminder.objects.get_or_create(user=user, on=today)
        if not fresh or not _parts(user, since, today):
            return False
        key = f"reminder {user.pk} {today}"
        return letters.enter(user, letters.Kind.REMINDER, key, since=since, on=today)


def _parts(user: User, since: dt.date, today: dt.date) -> list[MailSection]:
    """With a day of the digest all that waits; else dates that came near or passed on the days."""
    reader = reader_of(user, today)
    days = [since + number * DAY for number in range((today - since).days + 1)]
    digest = DIGEST_ON in {day.weekday() for day in days}
    parts = []
    for kind in KINDS:
        rows = kind.rows(reader)
        if not digest:
            if kind.key not in ("due", "overdue"):
                continue
            rows = rows.filter(pk__in=_told_on(days))
        if count := rows.count():
            link = f"{settings.SITE_URL}/admin/deliverables/deliverable/?work={kind.key}"
            first = list(rows.select_related("project").order_by("project", "code_order")[:SHOWN])
            parts.append(MailSection(str(kind.label), first, count, link))
    return parts


def _told_on(days: list[dt.date]) -> list[int]:
    """Rows that on one of these days are due in 14 or 3 days, or were due the day before."""
    keys: set[int] = set()
    for due in {day + ahead * DAY for day in days for ahead in (*AHEAD, -1)}:
        by_then = Deliverable.objects.undelivered().due_before(due + DAY)
        before = Deliverable.objects.undelivered().due_before(due).values("pk")
        keys.update(by_then.exclude(pk__in=before).values_list("pk", flat=True))
    return sorted(keys)


@letters.writes(letters.Kind.REMINDER)
def reminder_mail(letter: Letter, user: User) -> EmailMultiAlternatives | None:
    """None when all of it was done before it was sent."""
    today = letter.on or timezone.localdate()
    parts = _parts(user, letter.since or today, today)
    if not parts or not user.reminders_wanted:
        return None
    off = settings.SITE_URL + reverse("reminders_off", args=[token(user)])
    total = sum(part.count for part in parts)
    subject = ngettext(
        "Twinning: %(n)s result waits for you", "Twinning: %(n)s results wait for you", total
    )
    mail = letters.compose(
        user, subject % {"n": total}, "deliverables/mail/reminder", {"parts": parts, "off": off}
    )
    return letters.with_way_out(mail, off)


def token(user: User) -> str:
    return signing.dumps(user.pk, salt=SALT)


def switch_off(given: str) -> bool:
    """Switch the reminders of the token's person off; False for a token that is not ours."""
    try:
        key = signing.loads(given, salt=SALT)
    except signing.BadSignature:
        return False
    return bool(User.objects.filter(pk=key).update(reminders_wanted=False))
