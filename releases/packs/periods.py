"""The period of an audit pack, and the seals that bound it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Max, Min, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from audit.models import Balance, Book, Event, Line, Operation, Seal
from deliverables.projects.models import Project
from releases.models import Release


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both within; None is open."""

    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def begin(self) -> dt.datetime | None:
        return _midnight(self.first) if self.first else None

    @property
    def end(self) -> dt.datetime | None:
        """The moment behind it."""
        return _midnight(self.last + dt.timedelta(days=1)) if self.last else None

    def __str__(self) -> str:
        return f"{self.first or '..'}/{self.last or '..'}" if self.first or self.last else ""


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), timezone.get_default_timezone())


def covering(books: Iterable[Book], end: dt.datetime | None) -> int:
    """The first seal under which all stands that was written into the books before `end`; 0 where
    nothing was. It is the same at any later time."""
    lines = Line.objects.filter(book__in=books)
    if end:
        lines = lines.filter(event__in=Event.objects.filter(at__lt=end).values("pk"))
    last = 0
    for book, number in lines.order_by().values_list("book").annotate(Max("number")):
        drawn = Balance.objects.filter(book=book, lines__gte=number)
        last = max(last, drawn.aggregate(first=Min("seal"))["first"] or 0)
    return last


def landmarks(project: Project, period: Period, until: int) -> set[int]:
    """The seals whose heads somebody is likely to hold: the last one before the period, the last
    one of each month since the book was begun until the period ended, and that of each release up
    to the seal `until`."""
    book = Book.objects.filter(ref=f"{Project._meta.db_table}:{project.pk}").first()
    if book is None:
        return set()
    begun = book.balances.aggregate(first=Min("seal"))["first"] or 0
    within = Q(made_at__lt=period.end) if period.end else Q(number__lte=until)
    seals = Seal.objects.filter(within)
    found = set(_of_releases(book, project, until))
    if period.begin:
        found |= set(seals.filter(made_at__lt=period.begin).values_list("number", flat=True)[:1])
    months = seals.filter(number__gte=begun).order_by().values(month=TruncMonth("made_at"))
    of_months = months.annotate(last=Max("number")).values_list("last", flat=True)
    return found | {number for number in of_months if number != until and _ends_a_month(number)}


def _ends_a_month(number: int) -> bool:
    """Whether the next seal is of another month: the last one of a month that goes on changes."""
    months = Seal.objects.filter(number__in=(number, number + 1)).values_list(
        TruncMonth("made_at"), flat=True
    )
    return len(set(months)) == 2


def _of_releases(book: Book, project: Project, until: int) -> Collection[int]:
    """The seal under which each release of the project stands."""
    events = Event.objects.filter(
        table=Release._meta.db_table, operation=Operation.INSERT,
        row__in=Release.objects.filter(project=project).values("pk"),
    )  # fmt: skip
    lines = Line.objects.filter(book=book, event__in=events.values("pk"))
    drawn = list(Balance.objects.filter(book=book, seal__lte=until).values_list("lines", "seal"))
    return {
        seal
        for number in lines.values_list("number", flat=True)
        if (seal := next((seal for count, seal in drawn if count >= number), 0))
    }
