"""The quarter screen: all that a project still needs in a quarter, with its state and who acts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.desks import address
from accounts.roles import RIGHTS, Right, Role
from audit.lists.ordering import Alphabetical
from budget.contract import deadlines
from budget.contract.models import Report, Ruleset
from deliverables.fields import dates, quarters
from deliverables.projects.models import Membership, Project
from office.quarter_needs import needs_of, visible_rows
from public.templatetags import register


@dataclass(frozen=True, slots=True)
class QuarterReport:
    """A report of the quarter; `row` is None while nobody entered it."""

    due: deadlines.DueReport
    row: Report | None

    @property
    def called(self) -> str:
        return deadlines.called(self.due.number)

    @property
    def typed(self) -> str:
        """What the form to enter it knows already, as a query."""
        here = self.due
        days = {"from_on": here.first, "to_on": here.last, "due_on": here.due}
        known = {name: day.isoformat() for name, day in days.items() if day}
        return urlencode({"number": str(here.number), **known})


def quarter_view(request: HttpRequest, slug: str) -> TemplateResponse:
    """GET; ?q=2026-Q4 chooses the quarter, today's is the default."""
    project = visible_rows(request, Project).filter(slug=slug).first()
    if project is None:
        raise Http404
    today = timezone.localdate()
    try:
        first = quarters.first(request.GET.get("q") or quarters.name(today))
    except ValueError:
        first = quarters.first(quarters.name(today))
    last = quarters.after(first) - dt.timedelta(1)
    open_needs = [need for need in needs_of(request, project, last, today) if need.rows]
    members = _members(project)
    needs = [
        replace(need, people=_people(members, need.right), rows=_led(project, need.rows))
        for need in open_needs
    ]
    context = admin.site.each_context(request) | {
        "title": _("Quarter %(quarter)s: %(project)s")
        % {"quarter": register.quarter(quarters.name(first)), "project": project},
        "project": project,
        "needs": needs,
        "quarter": quarters.name(first),
        "first": first,
        "last": last,
        "reports": _reports(project, first, last),
        "reporters": _people(members, Right.STEER),
        "before": quarters.name(first - dt.timedelta(1)),
        "after": quarters.name(last + dt.timedelta(1)),
        "back": reverse("admin:deliverables_project_change", args=[project.pk]),
    }
    return TemplateResponse(request, "admin/quarter.html", context)


def _led(project: Project, rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The rows of what is open, each with its address at the desk."""
    return [(text, address(project.slug, where), state) for text, where, state in rows]


def _reports(project: Project, first: dt.date, last: dt.date) -> list[QuarterReport]:
    """Reports whose period ends in the quarter or that are due in it: as they are entered, else by
    the rules of the contract."""
    entered = {row.number: row for row in Report.objects.filter(project=project)}
    both = [QuarterReport(_as_due(row), row) for row in entered.values()]
    both += [QuarterReport(due, None) for due in _by_rules(project) if due.number not in entered]
    return [
        report
        for report in sorted(both, key=lambda report: (report.due.last, -report.due.number))
        if first <= report.due.last <= last
        or (report.due.due is not None and first <= report.due.due <= last)
    ]


def _as_due(row: Report) -> deadlines.DueReport:
    return deadlines.DueReport(row.number, row.from_on, row.to_on, row.due_on)


def _by_rules(project: Project) -> list[deadlines.DueReport]:
    rules = Ruleset.objects.filter(project=project).first()
    end = project.end_current or project.end_planned
    if rules is None or not project.start or not end:
        return []
    return deadlines.reports(
        dates.first(project.start), dates.last(end), rules.reporting_months,
        rules.interim_due_days, rules.final_due_months,
    )  # fmt: skip


def _members(project: Project) -> list[Membership]:
    """Who has a right in the project; one query."""
    members = Membership.objects.filter(project=project, user__is_active=True)
    return list(
        members.select_related("user", "component").order_by(Alphabetical("user__username"))
    )


def _people(rows: list[Membership], right: Right) -> tuple[str, ...]:
    """Names; a coordinator's with the components."""
    parts_of: dict[str, list[str]] = {}
    for row in rows:
        if Role(row.role) in RIGHTS[right]:
            parts = parts_of.setdefault(str(row.user), [])
            if row.component:
                parts.append(row.component.called)
    return tuple(
        f"{name} ({', '.join(parts)})" if parts else name for name, parts in parts_of.items()
    )
