"""The list of projects as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify

from public import source
from public.http import responses
from public.http.responses import answered
from public.pages import portfolio
from releases.published import portfolio_file


@answered
def projects_csv(request: HttpRequest, lang: str) -> HttpResponse:
    """projects.csv: those that match the filters of the list, in its order."""
    asked = portfolio.filters(request.GET)
    content = portfolio_file.as_file(source.listed(request).rows(asked))
    by = (slugify(f"{name} {value}") for name, value in asked.items() if value)
    return responses.file(
        request, content, "text/csv; charset=utf-8", f"{'_'.join(['projects', *by])}.csv"
    )
