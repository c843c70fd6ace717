"""The table of projects on the front page: sorted, filtered and cut into pages in SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.desks import address
from deliverables.fields import dates
from deliverables.ladder.models import Deliverable
from deliverables.projects.access import InProject, access_of, projects_seen
from deliverables.projects.models import Project, ProjectStatus
from exchange.tables import limits
from exchange.tables.folding import fold
from releases.models import Release, Withdrawal

PAGE = 50
OVER = (ProjectStatus.CONCLUDED, ProjectStatus.CANCELLED)
# What a column is sorted by; "-" before its name turns it round.
SORTED: dict[str, str] = {
    "project": "reference", "state": "place", "quarter": "ends", "late": "late",
    "unpublished": "unpublished",
}  # fmt: skip


class ProjectsForm(forms.Form):
    """Which projects; all of them where nothing is chosen."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=limits.SEARCH)
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[("", gettext_lazy("all")), *ProjectStatus.choices],
    )
    late = forms.BooleanField(label=gettext_lazy("with late results"), required=False)
    unpublished = forms.BooleanField(label=gettext_lazy("with unpublished changes"), required=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A project as the table shows it, and where its desk is."""

    project: Any
    quarter: str

    @property
    def desk(self) -> str:
        return address(self.project.slug)


@dataclass(frozen=True, slots=True)
class Column:
    """A heading that sorts: which way it does now, and where it leads."""

    label: str
    query: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Projects:
    """The table, and what it was asked for; `wrong` says what of that was left."""

    form: ProjectsForm
    columns: list[Column]
    page: Page[Project]
    rows: list[Listed]
    query: str
    wrong: str


def projects(request: HttpRequest, today: dt.date) -> Projects:
    """The table of the projects that the person sees, as the address asks for it."""
    form, by = ProjectsForm(request.GET), request.GET.get("o", "")
    wrong = not form.is_valid() or bool(by and by.removeprefix("-") not in SORTED)
    by = by if by.removeprefix("-") in SORTED else ""
    rows = ordered(_chosen(rows_of(request, today), form.cleaned_data), by)
    page = Paginator(rows, PAGE).get_page(request.GET.get("p"))
    sentence = _("The table has no such filter or order; it was left.")
    return Projects(
        form,
        list(_columns(request.GET, by)),
        page,
        [Listed(row, _quarter(row, today)) for row in page.object_list],
        _without(request.GET, "p"),
        sentence if wrong else "",
    )


def rows_of(request: HttpRequest, today: dt.date) -> QuerySet[Any]:
    """With `late` results, whether something is `unpublished`, when it `ends`, and its `place`:
    what is over stands behind what runs."""
    late = Deliverable.objects.overdue(today).filter(
        InProject("project", "component").visible_to(access_of(request.user)),
        project=OuterRef("pk"),
    )
    number = late.order_by().values("project").annotate(n=Count("pk")).values("n")
    released = Release.objects.filter(project=OuterRef("pk"))
    rows: QuerySet[Any] = projects_seen(request).with_changed()
    annotated: QuerySet[Any] = rows.annotate(
        late=Coalesce(Subquery(number, output_field=IntegerField()), 0),
        withdrawn=Exists(Withdrawal.objects.filter(project=OuterRef("pk"))),
        draft=~Exists(released),
        unpublished=Case(
            When(Q(changed=True) | Q(draft=True), then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        ),
        ends=Case(When(end_current="", then=F("end_planned")), default=F("end_current")),
        over=over(),
        place=Case(
            *(When(status=status, then=Value(n)) for n, status in enumerate(ProjectStatus)),
            output_field=IntegerField(),
        ),
    )
    return annotated


def _chosen(rows: QuerySet[Any], given: Mapping[str, Any]) -> QuerySet[Any]:
    rows = having(rows, given.get("q", ""))
    if given.get("status"):
        rows = rows.filter(status=given["status"])
    if given.get("late"):
        rows = rows.filter(late__gt=0)
    return rows.filter(unpublished=1) if given.get("unpublished") else rows


def having(rows: QuerySet[Any], asked: str) -> QuerySet[Any]:
    """Projects that have each word."""
    for word in fold(asked.replace("\0", "")).split():
        rows = rows.filter(search_text__contains=word)
    return rows


def over() -> Case:
    """1 of a project that is over, and 0 of what may still run."""
    return Case(When(status__in=OVER, then=Value(1)), default=Value(0), output_field=IntegerField())


def ordered(rows: QuerySet[Any], by: str) -> QuerySet[Any]:
    """By a column; whatever it is, what is over stands last."""
    if not by:
        return rows.order_by("over", "fictitious", "reference", "pk")
    name = SORTED[by.removeprefix("-")]
    return rows.order_by("over", f"-{name}" if by[0] == "-" else name, "reference", "pk")


def _columns(asked: QueryDict, by: str) -> Iterable[Column]:
    labels = {
        "project": _("Project"), "state": _("Status"), "quarter": _("Quarter"), "late": _("Late"),
        "unpublished": _("Unpublished"),
    }  # fmt: skip
    for name, label in labels.items():
        descends = name in ("late", "unpublished")
        first, second = (f"-{name}", name) if descends else (name, f"-{name}")
        query = _without(asked, "p", "o")
        now = {name: "ascending", f"-{name}": "descending"}.get(by, "")
        yield Column(label, f"{query}&o={second if by == first else first}".lstrip("&"), now)


def _without(asked: QueryDict, *names: str) -> str:
    rest = asked.copy()
    for name in names:
        rest.pop(name, None)
    return rest.urlencode()


def _quarter(project: Project, today: dt.date) -> str:
    """The quarter of its time in which a running project is: "3 of 9"."""
    start, end = project.start, project.end_current or project.end_planned
    if not start or not end or project.status in OVER or dates.first(start) > today:
        return ""
    first, last = dates.first(start), dates.last(end)
    months = [(day.year - first.year) * 12 + day.month - first.month for day in (today, last)]
    now, whole = (max(month, 0) // 3 + 1 for month in months)
    if now > whole:
        return _("over its end")
    return _("%(now)s of %(whole)s") % {"now": now, "whole": whole}
