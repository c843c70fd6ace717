"""What a browser would send of the forms of a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.response import SimpleTemplateResponse
from django.test import Client

Data = dict[str, Any]  # name of a field -> text, list of texts, or Upload
SENT_BY_A_CLICK = ("submit", "button", "image", "reset", "file")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to be sent; each request needs an open one of its own."""

    name: str
    content: bytes


@dataclass(slots=True)
class Form:
    """`fields` is sent as the page stands; `names`: all inputs; `offers`: what could be ticked."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    offers: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """The forms of a page that are sent by POST, in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self._several = False
        self._options: list[tuple[str, bool]] = []
        self._area: str | None = None
        self._typed = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = Form(given.get("action", ""))
            self.forms.append(self._form)
        form, name = self._form, given.get("name", "")
        if form is None or "disabled" in given:
            return
        if tag == "option" and self._select:
            self._options.append((given.get("value", ""), "selected" in given))
        elif not name:
            return
        elif tag == "input":
            self._input(form, name, given)
        elif tag == "select":
            form.names.add(name)
            self._select, self._several, self._options = name, "multiple" in given, []
        elif tag == "textarea":
            form.names.add(name)
            self._area, self._typed = name, ""

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind in SENT_BY_A_CLICK:
            return
        form.names.add(name)
        if kind in ("checkbox", "radio"):
            value = given.get("value", "on")
            form.offers.setdefault(name, []).append(value)
            if "checked" not in given:
                return
        form.fields.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._typed += data

    def handle_endtag(self, tag: str) -> None:
        form = self._form
        if form is None:
            return
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area is not None:
            form.fields[self._area] = [self._typed.removeprefix("\n")]
            self._area = None
        elif tag == "select" and self._select:
            chosen = [value for value, picked in self._options if picked]
            if not chosen and not self._several and self._options:
                chosen = [self._options[0][0]]
            if chosen:
                form.fields[self._select] = chosen
            form.offers[self._select] = [value for value, _picked in self._options]
            self._select = ""


def form_of(text: str, action: str = "") -> Form | None:
    """The first form of a page that leads to this address; "" is the page itself."""
    forms = Page(text).forms
    return next((form for form in forms if form.action == action), None)


class Caller(Client):
    """One log-in is kept: what an answer sets is forgotten. Contexts are not copied."""

    def request(self, **request: Any) -> Any:
        answer = self.handler(self._base_environ(**request))  # type: ignore[attr-defined]
        if answer.streaming:
            answer.getvalue()
        return answer

    def ask(self, method: str, where: str, data: Data | None = None, *, shown: bool = True) -> Any:
        """The answer to a page that is asked for, or to a form that was filled in.

        The page that answers a form, or that is not `shown`, is not made: its status counts, and
        what was written.
        """
        if method == "GET" and shown:
            return self.get(where)
        with patch.object(SimpleTemplateResponse, "render", _blank):
            if method == "GET":
                return self.get(where)
            return self.post(where, {name: _sent(value) for name, value in (data or {}).items()})


def _blank(answer: SimpleTemplateResponse) -> SimpleTemplateResponse:
    answer.content = b""
    return answer


def _sent(value: Any) -> Any:
    if isinstance(value, Upload):
        return SimpleUploadedFile(value.name, value.content, "application/octet-stream")
    return value
