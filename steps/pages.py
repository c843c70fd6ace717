"""The pages beside the form of a row, on each of which one thing is done with it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.views import View

from audit.bases import AnyAdmin
from audit.events.people import Person, signed_in
from audit.rows.refused import Refused, refusing
from audit.rows.unsaved import typed
from steps.taking import Cycle, Given


class Page(View):
    """GET says what is done and asks for what it needs; POST does it, and leads to the row.

    A refusal stands above the form, which keeps what was typed. `name` and `address` are those of
    the address, `verb` says in words what is done.
    """

    owner: Any = None  # the ModelAdmin
    name: ClassVar[str]
    address: ClassVar[str]
    template: ClassVar[str]
    verb: str | Promise = ""
    row: Any
    form: Any = None

    def get_row(self) -> Any:
        """The row, for who may read the page. Raises Http404."""
        row = self.rows().filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        return row

    def rows(self) -> QuerySet[Model]:
        rows: QuerySet[Model] = self.owner.get_queryset(self.request)
        return rows

    def is_open(self) -> bool:
        """Whether the person may use the page of this row; else it is as if it were not there."""
        return True

    def get_form(self) -> Form | None:
        """What it asks for; None where it asks for nothing."""
        return None

    def take(self) -> str:
        """Does it; what is told then, as a sentence, "" where nothing was done. Raises Refused."""
        raise NotImplementedError

    def why_not(self) -> str | None:
        """Why it cannot be done, before anything is typed."""
        return None

    def more(self) -> dict[str, object]:
        """What the page shows besides."""
        return {}

    def get_title(self) -> str:
        return f"{self.verb}: {self.row}"

    def refuse(self, refusal: str) -> None:
        """What `take` said against it."""
        self.refused = refusal

    def refusal_shown(self, why_not: str | None) -> str | None:
        """Of two refusals the one that the page tells."""
        return why_not or self.refused

    def back(self) -> str:
        """The page of the row; once it is done, of the one that was made of it. It still knows
        how the list was filtered that the person came from."""
        meta = self.row._meta
        row = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[self.row.pk])
        filters = self.owner.get_preserved_filters(self.request)
        known = {"opts": self.owner.opts, "preserved_filters": filters}
        return str(add_preserved_filters(known, row))

    def leads_to(self) -> str:
        """Where the person comes once it is done."""
        return self.back()

    @property
    def by(self) -> Person:
        return signed_in(self.request)

    @property
    def seen(self) -> str:
        return self.request.POST.get("seen", "")

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.row, self.refused = self.get_row(), ""
        if not self.is_open():
            raise Http404
        return self.answer(request)

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        self.form = self.get_form()
        if request.method == "POST" and (self.form is None or self.form.is_valid()):
            try:
                with refusing():
                    done = self.take()
            except Refused as refused:
                self.refuse(str(refused))
            else:
                if done:
                    messages.success(request, done)
                    return redirect(self.leads_to())
        return TemplateResponse(request, self.template, self._context(request))

    def _context(self, request: HttpRequest) -> dict[str, object]:
        why_not = self.why_not()
        return {
            **self.owner.admin_site.each_context(request),
            "title": self.get_title(),
            "verb": self.verb,
            "row": self.row,
            "opts": self.owner.opts,
            "form": self.form,
            "told": self.refusal_shown(why_not),
            "possible": why_not is None,
            "back": self.back(),
            **self.more(),
        }


class DatedPage(Page):
    """It asks for a day, by a form that begins with today."""

    form_class: ClassVar[type[Form]]

    def get_form(self) -> Form | None:
        return self.form_class(typed(self.request), initial={"on": timezone.localdate()})


class StepPage(Page):
    """A step of a life cycle: the page's own, or the one that the address names.

    `done` is told once it is taken, of the `row` and its `code`.
    """

    cycle: ClassVar[Cycle[Any, Any]]
    step: Any = ""
    named_by: ClassVar[str] = ""  # what of the address names the step
    given: ClassVar[type[Given]] = Given
    done: str | Promise = ""

    def get_row(self) -> Any:
        row = super().get_row()
        if self.named_by:
            named = self.kwargs[self.named_by]
            self.step = next((verb for verb in self.cycle.steps if verb == named), None)
            if self.step is None:
                raise Http404
            self.verb = str(self.step.label)
        return row

    def take(self) -> str:
        given = self.given(**self.form.cleaned_data) if self.form else self.given()
        row = self.cycle.take(self.row, self.step, by=self.by, seen=self.seen, given=given)
        return self.said(row)

    def said(self, row: Any) -> str:
        return str(self.done) % {"row": self.row, "code": getattr(row, "code", "")}

    def why_not(self) -> str | None:
        return self.cycle.refusal(self.row, self.step, self.by)


class Button(Page):
    """What is done at once, by a button on the page of the row."""

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST":
            raise Http404
        try:
            with refusing():
                done = self.take()
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, done)
        return redirect(self.back())


class PagesOfRows(AnyAdmin):
    """A table with pages beside the form of each row."""

    pages: ClassVar[tuple[type[Page], ...]] = ()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(page.address, view(page.as_view(owner=self)), name=page.name)
            for page in self.pages
        ]
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With what a link to one of the pages tells of the list that the person came from."""
        filters = self.get_preserved_filters(request)
        context["as_listed"] = f"?{filters}" if filters else ""
        return super().render_change_form(request, context, *args, **kwargs)
