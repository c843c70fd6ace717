"""Which data an address asks for: a release by its number, of a day, or the newest one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from public import rows
from public.http import query_string
from public.http.refusals import NotThere, NotToBeShown, TakenBack, quoted
from releases.published import Altered, Portfolio, Reading, UnknownShape, Withdrawn, source_of


def cited(request: HttpRequest) -> str:
    """What the address says as the number of a release; "" where it names none."""
    return str(request.resolver_match.kwargs.get("release", "")) if request.resolver_match else ""


@contextmanager
def whole() -> Iterator[None]:
    """Refuses what is not as it was published, and what cannot be read."""
    try:
        yield
    except Altered:
        raise NotToBeShown(
            _(
                "The data asked for are not those that were published: somebody changed a release, "
                "and its SHA-256 says so. Nothing of it is shown until the people who run the "
                "register have put it right."
            )
        ) from None
    except UnknownShape as refusal:
        raise NotToBeShown(str(refusal)) from None


def read(request: HttpRequest, slug: str, release: str = "") -> Reading:
    """The project's document as asked for, or that of a release; refuses when there is none."""
    at = query_string.day(request.GET, timezone.localdate())
    number = query_string.release(release or cited(request), at)
    reading = None
    if rows.is_slug(slug):
        try:
            with whole():
                reading = source_of(request).project(slug, at, number)
        except Withdrawn as told:
            raise TakenBack(str(told)) from None
    if reading is None and number is not None:
        raise NotThere(
            _(
                "There is no release %(number)s of a project at the address “%(slug)s”. "
                "The list of its releases says which there are."
            )
            % {"number": number, "slug": quoted(slug)}
        )
    if reading is None and at is not None:
        raise NotThere(
            _(
                "On %(day)s no release of a project at the address “%(slug)s” was in force. "
                "Ask for a later day, or leave the day out."
            )
            % {"day": at.isoformat(), "slug": quoted(slug)}
        )
    if reading is None:
        raise NotThere(
            _(
                "There is no project at the address “%(slug)s”. "
                "Choose one from the list of all projects."
            )
            % {"slug": quoted(slug)}
        )
    return reading


def listed(request: HttpRequest) -> Portfolio:
    """All projects, in the releases in force on the day that is asked for. Whoever shows any of
    them does so in `whole`."""
    return source_of(request).portfolio(query_string.day(request.GET, timezone.localdate()))


def edition_of(reading: Reading) -> str:
    """How the name of a file tells which edition of the data it holds."""
    if reading.number:
        return f"release-{reading.number}"
    own = reading.part.components if reading.part else ()
    return "-".join(["preview", *(["components"] if reading.part else []), *map(str, own)])
