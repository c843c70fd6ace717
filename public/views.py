"""The public pages: read a document, choose what the page shows, answer. GET and HEAD only."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _

from public import pictures, source
from public.frame import frame
from public.http import responses
from public.http.error_pages import bad_request, not_found, server_error
from public.http.refusals import NotThere, quoted
from public.http.responses import answered
from public.pages import about as pages_about
from public.pages import accessibility as statement
from public.pages import budget as money
from public.pages import component as pages_component
from public.pages import data as pages_data
from public.pages import definitions as defined
from public.pages import definitions as queried
from public.pages import deliverable as pages_deliverable
from public.pages import experts as facts
from public.pages import overview, plan
from public.pages import portfolio as pages_portfolio
from public.pages import results as pages_results
from releases.published import QUERIES, canonical, public_file, tables
from releases.published import codes as words

__all__ = ["bad_request", "not_found", "server_error"]


@answered
def portfolio(request: HttpRequest, lang: str) -> HttpResponse:
    listed = source.listed(request)
    version = listed.version
    context = partial(pages_portfolio.portfolio, listed, request.GET, lang)
    return responses.page(
        request, lang, "portfolio", [], context, also=version, stands=listed.stands(version)
    )


@answered
def accessibility(request: HttpRequest, lang: str) -> HttpResponse:
    return responses.page(request, lang, "accessibility", [], statement.context())


@answered
def definitions(request: HttpRequest, lang: str) -> HttpResponse:
    """What each figure means, and how it is counted."""
    return responses.page(request, lang, "definitions", [], {"blocks": defined.page(lang)})


@answered
def queries(request: HttpRequest, lang: str) -> HttpResponse:
    """How each figure is found in the files of a project."""
    return responses.page(request, lang, "queries", [], {"parts": queried.parts()})


@answered
def queries_csv(request: HttpRequest, lang: str) -> HttpResponse:
    return responses.file(request, QUERIES.read_bytes(), "text/csv; charset=utf-8", QUERIES.name)


@answered
def codes(request: HttpRequest, lang: str) -> HttpResponse:
    return responses.page(request, lang, "codes", [], {"lists": words.lists()})


@answered
def project(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    reading = source.read(request, slug)
    return responses.of_project(request, lang, "project", reading, overview.dashboard(reading))


@answered
def component(request: HttpRequest, lang: str, slug: str, number: str) -> HttpResponse:
    reading = source.read(request, slug)
    context = pages_component.component(reading, number, request.GET)
    return responses.of_project(request, lang, "component", reading, context)


@answered
def deliverables(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    reading = source.read(request, slug)
    context = pages_results.deliverables(reading, request.GET)
    return responses.of_project(request, lang, "deliverables", reading, context)


@answered
def deliverable(request: HttpRequest, lang: str, slug: str, code: str) -> HttpResponse:
    reading = source.read(request, slug)
    context = pages_deliverable.deliverable(reading, code, request.GET)
    return responses.of_project(request, lang, "deliverable", reading, context)


@answered
def experts(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    reading = source.read(request, slug)
    context = facts.experts(reading, request.GET)
    return responses.of_project(request, lang, "experts", reading, context)


@answered
def work_plan(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    reading = source.read(request, slug)
    return responses.of_project(request, lang, "plan", reading, plan.plan(reading, request.GET))


@answered
def budget(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    reading = source.read(request, slug)
    context = money.budget(reading, request.GET)
    return responses.of_project(request, lang, "budget", reading, context)


@answered
def about(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    reading = source.read(request, slug)
    return responses.of_project(
        request, lang, "about", reading, pages_about.about(reading, request.GET)
    )


@answered
def data(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    reading = source.read(request, slug)
    return responses.of_project(request, lang, "data", reading, pages_data.data(reading))


def _no_table(asked: str, suffix: str) -> NotThere:
    known = ", ".join(f"{name}{suffix}" for name in tables.DOWNLOADS)
    return NotThere(
        _("There is no table “%(asked)s”. The tables of a project are: %(known)s.")
        % {"asked": quoted(asked + suffix), "known": known}
    )


@answered
def table_file(request: HttpRequest, lang: str, slug: str, table: str, format: str) -> HttpResponse:
    format_ = tables.FORMATS[format]
    if now := tables.FORMER.get(table):
        address = request.get_full_path().replace(f"/{table}.", f"/{now}.")
        return HttpResponsePermanentRedirect(address)
    if table not in tables.DOWNLOADS:
        raise _no_table(table, format_.suffix)
    reading = source.read(request, slug)
    document, filters = pages_results.narrowed(reading, table, request.GET)
    name = f"{slug}_{table}_{source.edition_of(reading)}{filters}{format_.suffix}"
    content = tables.in_format(document, table, format_)
    return responses.file(request, content, format_.media, name, reading.made_at)


@answered
def chart(request: HttpRequest, lang: str, slug: str, chart: str, width: int = 0) -> HttpResponse:
    reading = source.read(request, slug)
    framed = frame(request, lang, release=reading.number)
    drawn = pictures.picture(reading, chart, framed)
    return responses.drawing(request, {**framed, **drawn}, "picture", width=width)


@answered
def headline(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    """The picture of a shared link, of the size for which Open Graph asks."""
    reading = source.read(request, slug)
    framed = frame(request, lang, release=reading.number)
    drawn = pictures.headline(reading, framed)
    return responses.drawing(request, {**framed, **drawn}, "headline", width=pictures.SHARED)


@answered
def release_json(request: HttpRequest, lang: str, slug: str) -> HttpResponse:
    reading = source.read(request, slug)
    name = f"{slug}_{source.edition_of(reading)}.json"
    content = canonical(reading.released)
    answer = responses.file(request, content, "application/json", name, reading.made_at)
    if reading.number and reading.made_at:
        answer.headers["Release-Number"] = str(reading.number)
        answer.headers["Release-Made-At"] = reading.made_at.isoformat()
    return answer


@answered
def evidence_file(request: HttpRequest, lang: str, slug: str, sha256: str) -> HttpResponse:
    file = public_file(source.read(request, slug), sha256)
    if file is None:
        raise NotThere(
            _("There is no public file at this address. The page of a result lists its evidence.")
        )
    return responses.evidence(request, file, sha256)
