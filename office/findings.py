"""All checks of the data in one place, and the screen of a project's findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.desks import address
from accounts.models import User
from accounts.roles import Right
from audit.events.people import named
from audit.rows.refused import Refused
from audit.rows.unsaved import was_not_saved
from budget import findings as of_money
from deliverables import findings as of_results
from deliverables.projects import accepting_findings
from deliverables.projects.access import access_of
from deliverables.projects.checking import LONGEST_KEY, Finding, Severity
from deliverables.projects.models import AcceptedFinding, Project
from exchange.tables import limits
from experts import findings as of_missions
from releases import findings as of_releases

PAGE = 50  # findings, each with a form
OF_ROWS = (*of_results.CHECKS, *of_missions.CHECKS, *of_money.CHECKS, *of_releases.CHECKS)
CHECKS = (*of_results.NIGHTLY, *OF_ROWS, *of_releases.NIGHTLY)


class AnswerForm(forms.Form):
    """Which finding, and why it is accepted."""

    key = forms.CharField(max_length=LONGEST_KEY)
    reason = forms.CharField(max_length=limits.TEXT, required=False)


def everything() -> list[Finding]:
    """What all checks find now, in all projects."""
    return [finding for check in CHECKS for finding in check()]


def of_rows(project: Project) -> list[Finding]:
    """What the checks find in the rows of a project; files and signatures are read each night."""
    return [finding for check in OF_ROWS for finding in check(project)]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding on the screen: where its row is, and why it was accepted, if it was."""

    finding: Finding
    address: str
    accepted: AcceptedFinding | None
    who: str = ""


def findings_view(request: HttpRequest, slug: str) -> HttpResponse:
    """GET lists what the checks find; POST accepts one finding, or withdraws that."""
    project = admin.site.get_model_admin(Project).get_queryset(request).filter(slug=slug).first()
    if project is None:
        raise Http404
    findings = _seen(request, project, of_rows(project))
    if request.method == "POST":
        return _answer(request, project, {finding.key for finding in findings})
    lists = _lists(_shown(project, findings))
    page = Paginator([listed for list_ in lists.values() for listed in list_], PAGE).get_page(
        request.GET.get("p")
    )
    context = admin.site.each_context(request) | {
        "title": _("Findings: %(project)s") % {"project": project},
        "project": project,
        "counts": {name: len(list_) for name, list_ in lists.items()},
        **_lists(list(page.object_list)),
        "page": page,
        "may": access_of(request.user).may(Right.STEER, project.pk),
        "back": reverse("admin:deliverables_project_change", args=[project.pk]),
    }
    return TemplateResponse(request, "admin/findings.html", context)


def _lists(shown: list[ShownFinding]) -> dict[str, list[ShownFinding]]:
    """What waits for somebody, the graver first, and what was accepted."""
    waiting = [listed for listed in shown if listed.accepted is None]
    return {
        "errors": [listed for listed in waiting if listed.finding.severity == Severity.ERROR],
        "warnings": [listed for listed in waiting if listed.finding.severity == Severity.WARNING],
        "accepted": [listed for listed in shown if listed.accepted],
    }


def _answer(request: HttpRequest, project: Project, known: set[str]) -> HttpResponse:
    by, form = cast(User, request.user), AnswerForm(request.POST)
    if not form.is_valid():
        texts = [str(text) for texts in form.errors.values() for text in texts]
        messages.error(request, " ".join(texts))
        was_not_saved(request)
        return redirect(request.get_full_path())
    key, reason = form.cleaned_data["key"], form.cleaned_data["reason"]
    try:
        if "withdraw" in request.POST:
            accepting_findings.withdraw(project, key, by=by)
            messages.success(request, _("The finding counts again."))
        else:
            accepting_findings.accept(project, key, reason, by=by, known=known)
            messages.success(request, _("The finding is accepted, with your reason."))
    except Refused as refused:
        messages.error(request, str(refused))
        was_not_saved(request)
    return redirect(request.get_full_path())


def _seen(request: HttpRequest, project: Project, findings: list[Finding]) -> list[Finding]:
    """Those about rows that the person sees; one query for each table."""
    sees_all = access_of(request.user).may(Right.SEE, project.pk)
    wanted: dict[str, set[int]] = {}
    for finding in findings:
        table, _colon, key = finding.about.partition(":")
        if table:
            wanted.setdefault(table, set()).add(int(key))
    visible = {
        f"{table}:{key}" for table in wanted for key in _visible(request, table, wanted[table])
    }
    return [
        finding
        for finding in findings
        if finding.about in visible or (not finding.about and sees_all)
    ]


def _visible(request: HttpRequest, table: str, keys: set[int]) -> Iterable[int]:
    page = admin.site.get_model_admin(apps.get_model(table))
    rows = page.get_queryset(request).filter(pk__in=keys).order_by()
    return rows.values_list("pk", flat=True)


def _shown(project: Project, findings: list[Finding]) -> list[ShownFinding]:
    accepted = {row.key: row for row in AcceptedFinding.objects.filter(project=project)}
    names = named({row.by for row in accepted.values()})
    return [
        ShownFinding(
            finding,
            address_of(finding),
            row := accepted.get(finding.key),
            names.get(row.by, row.by) if row else "",
        )
        for finding in findings
    ]


def address_of(finding: Finding) -> str:
    """The page of the row that it is about, at its desk; "" where it is about none."""
    table, _colon, key = finding.about.partition(":")
    if not table:
        return ""
    where = reverse(f"admin:{table.replace('.', '_')}_change", args=[key])
    return address(finding.project, where) if finding.project else where
