"""Heads, mailed each month to who keeps them outside, once the address is confirmed.

An administrator enters an address; a link that works for a week confirms it, by a click on its
page, so that no program that looks at mails does. Each letter has a link by which the address
leaves: its row is deleted, and every link to it with it.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.letters import letters
from accounts.letters.letters import Kind
from accounts.models import Letter, Subscriber
from audit.events.acting import SUBSCRIBER, SYSTEM, acting
from audit.models import Seal, Through

DAYS = 7  # in which an address is confirmed; the texts say a week
FORGOTTEN = 14  # days after which one that was not is deleted: its letter may have been late
MONTHS = 12  # whose last heads a letter repeats, for who missed some


def ask(subscriber: Subscriber) -> None:
    """Enter the letter that asks to confirm a new address."""
    letters.enter(subscriber, Kind.CONFIRM, f"confirm {subscriber.pk}")


def enter(today: dt.date) -> int:
    """Enter this month's letters, to each confirmed address one; how many it were."""
    month = today.replace(day=1)
    waiting = Subscriber.objects.filter(~Q(confirmed_at=None), Q(month=None) | Q(month__lt=month))
    return sum(_enter(subscriber, month) for subscriber in waiting) if Seal.objects.exists() else 0


def _enter(subscriber: Subscriber, month: dt.date) -> bool:
    """False where another worker has, or the address has left."""
    with transaction.atomic():
        same = Subscriber.objects.filter(pk=subscriber.pk, month=subscriber.month)
        key = f"heads {subscriber.pk} {month:%Y-%m}"
        return bool(same.update(month=month)) and letters.enter(subscriber, Kind.HEADS, key)


@letters.writes(Kind.CONFIRM)
def confirm_mail(_letter: Letter, subscriber: Subscriber) -> EmailMultiAlternatives | None:
    if subscriber.confirmed_at:
        return None
    link = _link("heads_confirm", subscriber)
    subject = _("Please confirm: heads of the audit trail, each month")
    return letters.compose(subscriber, subject, "accounts/mail/confirm", {"link": link})


@letters.writes(Kind.HEADS)
def heads_mail(_letter: Letter, subscriber: Subscriber) -> EmailMultiAlternatives | None:
    newest = Seal.objects.order_by("-number").first()
    if newest is None:
        return None
    off = _link("heads_leave", subscriber)
    page = settings.SITE_URL + reverse("public:heads", args=[subscriber.language])
    context = {"seal": newest, "ends": _ends_of_months(), "page": page, "off": off}
    subject = _("Register of Twinning projects: the head of seal %s") % newest.number
    mail = letters.compose(subscriber, subject, "accounts/mail/heads", context)
    return letters.with_way_out(mail, off)


def _ends_of_months() -> list[Seal]:
    """The last seal of each month that is over, the newest first."""
    now = timezone.localtime()
    over = Seal.objects.filter(made_at__lt=now.replace(day=1, hour=0, minute=0, second=0))
    months = over.order_by().annotate(month=TruncMonth("made_at")).values("month")
    last = months.annotate(last=Max("number")).order_by("-last").values("last")[:MONTHS]
    return list(Seal.objects.filter(number__in=last).order_by("-number"))


def _link(page: str, subscriber: Subscriber) -> str:
    token = signing.dumps(subscriber.pk, salt=page)
    return settings.SITE_URL + reverse(f"public:{page}", args=[subscriber.language, token])


def invited(token: str) -> Subscriber | None:
    """Whose address the link of a letter confirms; None once it is too old, or the address left."""
    return _of(token, "heads_confirm", dt.timedelta(DAYS))


def leaving(token: str) -> Subscriber | None:
    """Whose letters a link ends; None where the address has left."""
    return _of(token, "heads_leave", None)


def _of(token: str, page: str, age: dt.timedelta | None) -> Subscriber | None:
    try:
        pk = signing.loads(token, salt=page, max_age=age)
    except signing.BadSignature:
        return None
    return Subscriber.objects.filter(pk=pk).first()


def confirm(subscriber: Subscriber) -> None:
    """Once: a second click changes nothing."""
    fresh = Subscriber.objects.filter(pk=subscriber.pk, confirmed_at=None)
    with acting(SUBSCRIBER, Through.ACTION, "confirm"):
        fresh.update(confirmed_at=timezone.now())


def leave(subscriber: Subscriber) -> None:
    with acting(SUBSCRIBER, Through.ACTION, "leave"):
        subscriber.delete()


def forget() -> None:
    """Delete the addresses that nobody confirmed."""
    old = timezone.now() - dt.timedelta(FORGOTTEN)
    with acting(SYSTEM, Through.ACTION, "not confirmed"):
        Subscriber.objects.filter(confirmed_at=None, entered_at__lt=old).delete()
