"""The page on which a finished project is entered from its source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import desks
from accounts.models import User
from accounts.roles import Right
from audit.rows.unsaved import typed
from deliverables.evidence import entering
from deliverables.evidence.entering import Reported
from deliverables.evidence.models import Source
from deliverables.fields.forms import choose_among
from deliverables.ladder.models import Deliverable
from deliverables.projects.access import access_of, projects_seen
from deliverables.projects.models import Project
from steps.pages import Page


class EnteringForm(forms.Form):
    """The source, and of each result what it reports."""

    source = forms.ModelChoiceField(
        Source.objects.none(),
        label=gettext_lazy("The source that reports it"),
        help_text=gettext_lazy(
            "It becomes evidence of each result that you change. If it is not listed, enter it "
            "among the sources first."
        ),
    )

    def __init__(self, request: HttpRequest, project: Project, by: User) -> None:
        super().__init__(typed(request))
        self.rows = list(entering.results(project, by))
        choose_among(self.fields["source"], Source.objects.filter(project=project))
        for row in self.rows:
            for name in Reported._fields:
                self.fields[f"{name}_{row.pk}"] = self._asked(row, name)

    @staticmethod
    def _asked(row: Deliverable, name: str) -> forms.Field:
        column: Any = Deliverable._meta.get_field(name)
        field: forms.Field = column.formfield()
        field.initial, field.required = getattr(row, name), name == "rung"
        if not field.required:
            field.widget = forms.TextInput()
        field.widget.attrs["aria-label"] = f"{row.code}: {column.verbose_name}"
        return field

    def table(self) -> Iterable[tuple[Deliverable, list[Any]]]:
        for row in self.rows:
            yield row, [self[f"{name}_{row.pk}"] for name in Reported._fields]

    def reported(self, seen: Any) -> dict[int, tuple[str, Reported]]:
        given = self.cleaned_data
        return {
            row.pk: (
                seen.get(f"seen_{row.pk}", ""),
                Reported(*(given[f"{name}_{row.pk}"] for name in Reported._fields)),
            )
            for row in self.rows
        }


class EnterPage(Page):
    """For who may write results of a draft."""

    name = "deliverables_deliverable_enter"
    address = "from-source/<slug:slug>/"
    template = "admin/deliverables/enter.html"
    verb = gettext_lazy("Enter the results from the source")

    def get_row(self) -> Project:
        row = projects_seen(self.request).filter(slug=self.kwargs["slug"]).first()
        if row is None:
            raise Http404
        return row

    def is_open(self) -> bool:
        access = access_of(self.by)
        return access.everywhere(Right.EDIT) or self.row.pk in access.partly(Right.EDIT)

    def get_form(self) -> EnteringForm:
        return EnteringForm(self.request, self.row, self.by)

    def why_not(self) -> str | None:
        return entering.why_not_entered(self.row)

    def take(self) -> str:
        reported = self.form.reported(self.request.POST)
        source = self.form.cleaned_data["source"]
        changed = entering.enter(self.row, reported, source=source, by=self.by)
        sentence = ngettext(
            "%(n)s result was entered from the source %(source)s.",
            "%(n)s results were entered from the source %(source)s.",
            changed,
        )
        return sentence % {"n": changed, "source": source.code}

    def back(self) -> str:
        return desks.address(self.row.slug)

    def more(self) -> dict[str, object]:
        columns: list[Any] = [Deliverable._meta.get_field(name) for name in Reported._fields]
        return {"labels": [_("result"), *(column.verbose_name for column in columns)]}
