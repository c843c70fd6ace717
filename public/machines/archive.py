"""A project with all its releases as a folder of files that needs no server.

Every page and file that its pages lead to is asked as a reader would ask, and kept under its own
address; links lead from file to file. What needs a server, a form or a page of other projects, is
not there, and no link leads to it. Names of people are not there either: on the pages of a register
they vanish when somebody withdraws them, and here they could not.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import html
import os
import re
import shutil
import tempfile
from collections import deque
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from django.utils import translation

from public.rows import text_of
from releases.published import Portfolio, Reading, Withdrawn, source_of

PAGES = ("codes", "definitions", "queries", "queries_csv", "accessibility")  # of no project
FILTERS = ("component", "rung", "kind", "late", "counted", "by", "functions")  # one at a time
PAGED = ("page", "entries")
MAY_BE_AWAY = ("release_proof", "cited_release_proof")  # of a release that is not sealed yet
LINK = re.compile(r'\b(href|src)="([^"#]*)(#[^"]*)?"')
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
NAMED = re.compile(r'filename="([^"/\\]+)"')


class NotArchived(Exception):
    """Why there is no archive, as a sentence."""


class _WithoutNames:
    """Releases, with no name of anybody."""

    def __init__(self) -> None:
        self.released = source_of(HttpRequest())

    def project(self, slug: str, at: dt.date | None, number: int | None = None) -> Reading | None:
        reading = self.released.project(slug, at, number)
        return reading and dataclasses.replace(reading, names={})

    def portfolio(self, at: dt.date | None) -> Portfolio:
        return self.released.portfolio(at)


def write(slug: str, folder: Path) -> int:
    """Write the archive into a folder that is not there yet; how many files it has. Raises
    NotArchived."""
    if folder.exists():
        raise NotArchived(f"{folder} is there already, and nothing was written. Name a new folder.")
    try:
        reading = source_of(HttpRequest()).project(slug, None)
    except Withdrawn as withdrawn:
        raise NotArchived(str(withdrawn)) from None
    if reading is None:
        raise NotArchived(f"No project {slug!r} was released, so there is nothing to archive.")
    with tempfile.TemporaryDirectory(dir=folder.absolute().parent) as made:
        archive = _Archive(slug, Path(made, "archive"))
        archive.collect()
        archive.link(reading)
        shutil.move(archive.folder, folder)
    return len(archive.files)


class _Archive:
    def __init__(self, slug: str, folder: Path) -> None:
        self.slug, self.folder = slug, folder
        self.source = _WithoutNames()
        self.files: dict[str, str] = {}  # the address of each, and its place in the folder
        self.away: set[str] = set()
        self.pages: dict[str, str] = {}  # of those that link to others: the text

    def collect(self) -> None:
        """Whatever can be reached from the pages of the project, in both languages."""
        starts = [
            reverse(f"public:{name}", args=[code, self.slug])
            for code in ("en", "lv")  # a refusal is told in English
            for name in ("project", "releases")
        ]
        waiting = deque(starts)
        while waiting:
            address = waiting.popleft()
            if address in self.files or address in self.away:
                continue
            self._keep(address)
            for _attribute, link, _anchor in LINK.findall(self.pages.get(address, "")):
                if (target := self.wanted(address, html.unescape(link))) is not None:
                    waiting.append(target)

    def wanted(self, page: str, link: str) -> str | None:
        """The address that a link of a page leads to; None where that is not in the archive."""
        parts = urlsplit(urljoin(page, link))
        if not link or parts.scheme or parts.netloc:
            return None
        path, query = parts.path, dict(parse_qsl(parts.query))
        if path.startswith(settings.STATIC_URL):
            return path
        filters = query.keys() - {*PAGED}
        if not self._is_ours(path) or len(filters) > 1 or not filters <= {*FILTERS}:
            return None
        filtered = query and path.endswith("/")  # a file is kept whole
        address = f"{path}?{urlencode(sorted(query.items()))}" if filtered else path
        return None if address in self.away else address

    def _is_ours(self, path: str) -> bool:
        try:
            match = resolve(unquote(path))
        except Http404:
            return False
        return match.kwargs.get("slug") == self.slug or match.url_name in PAGES

    def _keep(self, address: str) -> None:
        path = urlsplit(address).path
        if path.startswith(settings.STATIC_URL):
            self._write(address, path.lstrip("/"), _static(path.removeprefix(settings.STATIC_URL)))
            return
        if (answer := self._answer(address)) is None:
            return
        content = answer.getvalue()
        if answer.headers["Content-Type"].startswith("text/html"):
            self.pages[address] = FORM.sub("", content.decode())
            self.files[address] = _place(address)
            return
        place = unquote(path).strip("/")
        if path.endswith("/") and (name := NAMED.search(answer.headers["Content-Disposition"])):
            place = f"{place}/{name[1]}"
        self._write(address, place, content)

    def _answer(self, address: str) -> Any:
        parts = urlsplit(address)
        asked = HttpRequest()
        asked.method, asked.path = "GET", unquote(parts.path)
        asked.path_info = asked.path
        asked.GET = QueryDict(parts.query)
        asked.META = {"QUERY_STRING": parts.query, "SERVER_NAME": "archive", "SERVER_PORT": "80"}
        vars(asked)["reading_source"] = self.source
        asked.resolver_match = match = resolve(asked.path)
        with translation.override(match.kwargs["lang"]):
            answer = match.func(asked, *match.args, **match.kwargs)
        if answer.status_code != 200 and match.url_name in MAY_BE_AWAY:
            self.away.add(address)
            return None
        if answer.status_code != 200:
            said = getattr(answer, "sentence", f"{address} answers {answer.status_code}.")
            raise NotArchived(f"{said} Nothing was written.")
        return answer

    def _write(self, address: str, place: str, content: bytes) -> None:
        file = self.folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self.files[address] = place

    def link(self, reading: Reading) -> None:
        """Write the pages, and the one to begin with, with links from file to file."""
        for address, text in self.pages.items():
            self._write(address, self.files[address], self._linked(address, text).encode())
        languages = [
            (code, label, self.files[reverse("public:project", args=[code, self.slug])])
            for code, label in settings.LANGUAGES
        ]
        project = reading.document["project"]
        context = {"title": text_of(project, "title"), "languages": languages, "reading": reading}
        content = render_to_string("public/archive.html", context)
        self._write("/", "index.html", content.encode())

    def _linked(self, page: str, text: str) -> str:
        here = os.path.dirname(self.files[page])

        def replaced(match: re.Match[str]) -> str:
            attribute, link, anchor = match[1], html.unescape(match[2]), match[3] or ""
            if not link or urlsplit(link).scheme:
                return match[0]
            target = self.wanted(page, link)
            if target is None:
                return ""  # an <a> that leads nowhere is a word
            file = quote(os.path.relpath(self.files[target], here))
            return f'{attribute}="{html.escape(file)}{anchor}"'

        return LINK.sub(replaced, text)


def _place(address: str) -> str:
    """Where a page is kept: what its query asks for is in its name."""
    parts = urlsplit(address)
    asked = re.sub(r"[^\w-]+", "-", parts.query)
    return f"{unquote(parts.path).strip('/')}/index{'_' + asked if asked else ''}.html"


def _static(name: str) -> bytes:
    """A file of ours, by its name or by the one with its digest."""
    collected = Path(settings.STATIC_ROOT, unquote(name))
    return (collected if collected.is_file() else Path(str(finders.find(name)))).read_bytes()
