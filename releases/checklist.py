"""What a project has not yet: for its first publication, and for being run from here."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Exists, Model, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Role
from budget.contract.models import Ruleset
from budget.money.models import Line
from deliverables.ladder.models import Deliverable
from deliverables.plan.models import WorkPlan
from deliverables.projects.models import Component, Membership, Project, ProjectStatus
from experts.people.models import Partnership

RUNS = (ProjectStatus.PLANNED, ProjectStatus.RUNNING, ProjectStatus.SUSPENDED)


class Missing(NamedTuple):
    """A sentence, and where it is put right."""

    sentence: str
    address: str


def for_publication(project: Project) -> list[Missing]:
    """What the public would look for and not find."""
    rows = _there(project, Component, Deliverable, Partnership)
    own = reverse("admin:deliverables_project_change", args=[project.pk])
    facts = (
        (project.start, _("It has no start, planned or actual."), own),
        (project.end, _("It has no planned end."), own),
        (project.summary_lv and project.summary_en, _("It has no summary in both languages."), own),
        (rows[Component], _("It has no components."), _adding(Component, project)),
        (rows[Deliverable], _("It has no results."), _adding(Deliverable, project)),
        (rows[Partnership], _("It names no partners."), _adding(Partnership, project)),
    )
    return [Missing(sentence, address) for is_there, sentence, address in facts if not is_there]


def for_running(project: Project) -> list[Missing]:
    """What is needed before work is planned, reported, accepted and paid from here."""
    rows = _there(project, Ruleset, WorkPlan, Line)
    held = set(Membership.objects.filter(project=project).values_list("role", flat=True))
    people = _adding(Membership, project)
    leaders = (
        (Role.MS_LEADER in held, _("Nobody leads it for the Member State."), people),
        (Role.BC_LEADER in held, _("Nobody leads it for the beneficiary."), people),
        (Role.COORDINATOR in held, _("No component has a coordinator."), people),
    )
    tables = (
        (rows[Ruleset], _("It has no ruleset and no rate card."), _adding(Ruleset, project)),
        (rows[WorkPlan], _("It has no work plan."), _adding(WorkPlan, project)),
        (rows[Line], _("It has no budget lines."), _adding(Line, project)),
    )
    both = (*leaders, *tables)
    return [Missing(sentence, address) for is_there, sentence, address in both if not is_there]


def _there(project: Project, *tables: type[Model]) -> dict[type[Model], bool]:
    """Which of these tables have a row of the project; one query."""
    asked: dict[str, Any] = {
        f"has_{model._meta.model_name}": Exists(model._base_manager.filter(project=OuterRef("pk")))
        for model in tables
    }
    found: Any = Project.objects.filter(pk=project.pk).annotate(**asked).values_list(*asked)
    return dict(zip(tables, found.get(), strict=True))


def _adding(model: type[Model], project: Project) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_add") + f"?project={project.pk}"
