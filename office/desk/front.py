"""The first page of a desk: where its project stands, what waits, and where to go on."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.roles import Right
from accounts.typed.keeping import waiting
from deliverables.ladder.querysets import with_results
from deliverables.ladder.work import KINDS, counts, reader_of
from deliverables.projects.access import InProject, access_of, projects_seen
from deliverables.projects.models import Project
from experts.missions import work
from office.desk.subjects import subjects
from office.grids.doors import grids_of
from releases import checklist
from releases.models import Release, Withdrawal
from releases.reading.withdrawn import told


def desk_front(request: HttpRequest, project: Project) -> dict[str, object]:
    """What the template of the front page shows of one project."""
    results = InProject("pk", "deliverables__component").visible_to(access_of(request.user))
    shown = with_results(projects_seen(request), results).with_changed().get()
    releases = Release.objects.defer("document").filter(project=project)
    reader = reader_of(request.user, timezone.localdate())
    release = releases.in_force(None).first()
    return {
        "title": _("Overview"),
        "project": shown,
        "withdrawn": _withdrawn(project),
        "release": release,
        "work": counts(reader, KINDS, project),
        "missions": counts(reader, work.KINDS, project),
        "drafts": waiting(request),
        "grids": grids_of(request),
        **({} if release else _begun(request, project)),
    }


def _begun(request: HttpRequest, project: Project) -> dict[str, object]:
    """Of a draft, what is entered so far and what it lacks."""
    access = access_of(request.user)
    return {
        "subjects": subjects(request, project),
        "may_fill": access.may(Right.EDIT, project.pk),
        "may_enter": access.everywhere(Right.EDIT) or project.pk in access.partly(Right.EDIT),
        "missing": checklist.for_publication(project),
        "missing_to_run": checklist.for_running(project),
        "runs": project.status in checklist.RUNS,
    }


def _withdrawn(project: Project) -> str:
    """Since when and why, where the public cannot read it any more or is told so."""
    withdrawal = Withdrawal.objects.filter(project=project).first()
    return told(withdrawal, get_language() or "lv") if withdrawal else ""
