"""Reminders by e-mail: a digest each Monday, and deadlines on the day they matter.

One mail a person and day at most, in the person's language, to those who want it and have something
to do. The address that switches them off needs no log-in.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from accounts.models import User
from deliverables.models import Deliverable
from deliverables.models.reminder import Reminder
from deliverables.work import KINDS, Reader, reader_of

SALT = "reminders"
DIGEST_ON = 0  # Monday
AHEAD = (14, 3)  # days before a date on which its people are told
SHOWN = 20  # rows of a kind in a mail


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of work in a mail, its first rows, how many there are, and where they are."""

    label: str
    rows: list[Deliverable]
    count: int
    link: str


def send(today: dt.date) -> int:
    """Send the reminders of a day; the number of mails. Twice on a day sends nothing twice."""
    people = User.objects.filter(is_active=True, is_staff=True, reminders_wanted=True)
    return sum(_remind(user, today) for user in people.exclude(email="").order_by("pk"))


def _remind(user: User, today: dt.date) -> bool:
    with translation.override(user.language):
        parts = _parts(reader_of(user, today), digest=today.weekday() == DIGEST_ON)
        if not parts:
            return False
        with transaction.atomic():
            _row, fresh = Reminder.objects.get_or_create(user=user, on=today)
            if fresh:
                _mail(user, parts).send()
        return fresh


def _parts(reader: Reader, *, digest: bool) -> list[Part]:
    """On the day of the digest all that waits; on others dates that come near or passed."""
    found = []
    for kind in KINDS:
        rows = kind.rows(reader)
        if not digest:
            if kind.key not in ("due", "overdue"):
                continue
            rows = rows.filter(pk__in=_told_today(reader))
        if count := rows.count():
            link = f"{settings.SITE_URL}/admin/deliverables/deliverable/?work={kind.key}"
            first = list(rows.select_related("project").order_by("project", "code_order")[:SHOWN])
            found.append(Part(str(kind.label), first, count, link))
    return found


def _told_today(reader: Reader) -> list[int]:
    """Rows that are due in 14 or 3 days, or were due yesterday."""
    keys: set[int] = set()
    for days in (*AHEAD, -1):
        day = reader.today + dt.timedelta(days)
        by_then = Deliverable.objects.open().due_before(day + dt.timedelta(1))
        before = Deliverable.objects.open().due_before(day).values("pk")
        keys.update(by_then.exclude(pk__in=before).values_list("pk", flat=True))
    return sorted(keys)


def _mail(user: User, parts: list[Part]) -> EmailMultiAlternatives:
    off = settings.SITE_URL + reverse("reminders_off", args=[token(user)])
    context = {
        "user": user,
        "parts": parts,
        "off": off,
        "lang": user.language,
        "site": settings.SITE_URL,
    }
    total = sum(part.count for part in parts)
    subject = ngettext(
        "Twinning: %(n)s result waits for you", "Twinning: %(n)s results wait for you", total
    )
    mail = EmailMultiAlternatives(
        subject % {"n": total},
        render_to_string("deliverables/mail/reminder.txt", context),
        to=[user.email],
        headers={
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(
        render_to_string("deliverables/mail/reminder.html", context), "text/html"
    )
    return mail


def token(user: User) -> str:
    return signing.dumps(user.pk, salt=SALT)


def switch_off(given: str) -> bool:
    """Switch the reminders of the token's person off; False for a token that is not ours."""
    try:
        key = signing.loads(given, salt=SALT)
    except signing.BadSignature:
        return False
    return bool(User.objects.filter(pk=key).update(reminders_wanted=False))
