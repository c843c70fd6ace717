"""What programs come back for: releases and changed results as Atom, due dates as iCalendar."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from public import source, terms
from public.http import responses
from public.http.responses import answered
from public.machines import calendars
from public.machines.described import address
from public.pages.releases import changed
from public.rows import name_of, text_of
from releases.published import Reading, dates, results_changed, shown, timing, words
from releases.published import releases as released

FED = 50  # releases in a feed
ATOM = "application/atom+xml; charset=utf-8"


@answered
def releases(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    """An entry for each release: what it changed."""
    feed = _feed(source.read(request, slug), lang, _("Releases"), "releases")
    for row in released(slug)[:FED]:
        on = shown(timezone.localdate(row.made_at).isoformat(), lang)
        where = address("cited_project", lang, slug, row.number)
        feed.add_item(
            title=_("Release %(number)s of %(on)s") % {"number": row.number, "on": on},
            link=where,
            unique_id=where,
            description=changed(row),
            updateddate=row.made_at,
            pubdate=row.made_at,
        )
    return responses.file(request, feed.writeString("utf-8").encode(), ATOM)


@answered
def results(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    """An entry for each result that the last releases changed: where it stands now."""
    feed = _feed(source.read(request, slug), lang, _("Results"), "results")
    with source.whole():
        changes = results_changed(slug)
    for row, made_at in changes:
        where = address("deliverable", lang, slug, row["code"])
        feed.add_item(
            title=f"{row['code']} {text_of(row, 'title')}",
            link=where,
            unique_id=where,
            description=words.label("deliverables", "rung", row["rung"]),
            updateddate=made_at,
        )
    return responses.file(request, feed.writeString("utf-8").encode(), ATOM)


def _feed(reading: Reading, lang: str, title: str, name: str) -> Atom1Feed:
    project = reading.document["project"]
    page = "releases" if name == "releases" else "deliverables"
    return Atom1Feed(
        title=f"{name_of(project)}: {title}",
        link=address(page, lang, project["slug"]),
        feed_url=address(f"{name}_atom", lang, project["slug"]),
        description="",
        language=lang,
        author_name=terms.stated().operator or _("Register of EU Twinning projects"),
    )


@answered
def due(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    """The due dates of results that are not delivered, each on the last day that it may mean."""
    reading = source.read(request, slug)
    name, made_at = name_of(reading.document["project"]), reading.made_at or timezone.now()
    content = calendars.written(name, _days(reading, name, lang), reading.number or 0, made_at)
    return responses.file(request, content, "text/calendar; charset=utf-8", f"{slug}.ics")


def _days(reading: Reading, name: str, lang: str) -> Iterator[calendars.Day]:
    slug, host = reading.document["project"]["slug"], urlsplit(settings.SITE_URL).hostname
    for row in reading.document["deliverables"]:
        if row["active"] and timing(row, reading.on).state in ("open", "late"):
            date = row["due_current"] or row["due_original"]
            yield calendars.Day(
                uid=f"{row['code'].replace(' ', '_')}.{slug}@{host}",
                on=dates.last(date),
                summary=f"{name}: {row['code']} {text_of(row, 'title')}",
                description=_said(date, lang),
                url=address("deliverable", lang, slug, row["code"]),
            )


def _said(due: str, lang: str) -> str:
    sentence = _("Due: %(due)s. Entered on the last day that this can mean.")
    return sentence % {"due": shown(due, lang)}
