"""The menu of a project's desk, in the order of the work, with counts of what waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from deliverables.ladder import work as results
from deliverables.ladder.work import Reader, reader_of
from deliverables.projects.models import Change, Project
from experts.missions import work as missions

# What stands in each part of the menu: tables, the first of which it opens.
PARTS: tuple[tuple[Promise, str], ...] = (
    (
        _("Results"),
        "deliverables.deliverable deliverables.component deliverables.item deliverables.figure "
        "deliverables.title",
    ),
    (
        _("Work plan"),
        "deliverables.activity deliverables.workplan deliverables.plannedactivity "
        "deliverables.activitydeliverable budget.report deliverables.suspension",
    ),
    (_("Missions"), "experts.mission experts.missionexpert experts.expertday"),
    (
        _("Budget"),
        "budget.line budget.entry budget.heading budget.contractchange budget.move "
        "budget.ruleset budget.rate budget.term",
    ),
    (_("Indicators"), "deliverables.indicator deliverables.measurement"),
    (
        _("People and functions"),
        "experts.assignment experts.expert experts.partnership experts.institution "
        "deliverables.membership",
    ),
    (
        _("Evidence"),
        "deliverables.evidence deliverables.file deliverables.source deliverables.statement",
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the menu; `waiting` rows wait there for who looks, `beside` are its tables."""

    label: str | Promise
    address: str
    current: bool = False
    waiting: int = 0
    beside: list[Entry] = field(default_factory=list)


def menu(request: HttpRequest, project: Project) -> list[Entry]:
    """What the person may open, at most three queries."""
    name = getattr(request.resolver_match, "url_name", None) or ""
    reader = reader_of(request.user, timezone.localdate())
    waits = {
        "deliverables.deliverable": results.waiting(reader, results.KINDS, project),
        "experts.mission": results.waiting(reader, missions.KINDS, project),
    }
    entries = [Entry(_("Overview"), reverse("admin:index"), name == "index")]
    for label, tables in PARTS:
        if beside := list(_tables(request, tables.split(), name)):
            waiting = sum(waits.get(table, 0) for table in tables.split())
            current = any(entry.current for entry in beside)
            entries.append(Entry(label, beside[0].address, current, waiting, beside))
    return [*entries, *_pages(project, reader, name)]


def _tables(request: HttpRequest, tables: Iterable[str], name: str) -> Iterable[Entry]:
    for table in tables:
        model = apps.get_model(table)
        if admin.site.get_model_admin(model).has_module_permission(request):
            label = f"{model._meta.app_label}_{model._meta.model_name}"
            current = name == label or name.startswith(f"{label}_")
            address = reverse(f"admin:{label}_changelist")
            yield Entry(capfirst(model._meta.verbose_name_plural), address, current)


def _pages(project: Project, reader: Reader, name: str) -> Iterable[Entry]:
    changed = int(Change.objects.of(project).exists())
    for label, page, waiting in (
        (_("Findings"), "findings", 0),
        (_("Publish"), "releases_release_changes", changed),
    ):
        address = reverse(f"admin:{page}", args=[project.slug])
        yield Entry(label, address, name == page, waiting)
