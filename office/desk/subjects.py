"""A draft, subject by subject in the order of the work: how much is entered, and what adds more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, Model, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from deliverables.projects.access import access_of
from deliverables.projects.models import Project

SUBJECTS: tuple[tuple[Any, str], ...] = (
    (_("Components"), "deliverables.component"),
    (_("Results"), "deliverables.deliverable"),
    (_("Partners"), "experts.institution experts.partnership"),
    (_("Experts and functions"), "experts.expert experts.assignment"),
    (_("Work plan"), "deliverables.activity deliverables.workplan"),
    (_("Budget"), "budget.heading budget.line budget.ruleset"),
    (_("Indicators"), "deliverables.indicator"),
    (_("Sources and evidence"), "deliverables.source deliverables.evidence"),
    (_("People and roles"), "deliverables.membership"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """`count` rows of the project so far, None where projects share them; `added_at` is "" for who
    adds none."""

    label: str
    count: int | None
    address: str
    added_at: str


def subjects(request: HttpRequest, project: Project) -> list[tuple[Any, list[Table]]]:
    """What the person may open of each; one query for all counts."""
    opened = [
        (label, [model for model in map(apps.get_model, tables.split()) if _opens(request, model)])
        for label, tables in SUBJECTS
    ]
    counts = _counts(request, project, {model for _label, models in opened for model in models})
    return [
        (label, [_table(request, model, counts.get(model)) for model in models])
        for label, models in opened
        if models
    ]


def _opens(request: HttpRequest, model: type[Model]) -> bool:
    return admin.site.get_model_admin(model).has_module_permission(request)


def _table(request: HttpRequest, model: type[Model], count: int | None) -> Table:
    meta = model._meta
    name = f"admin:{meta.app_label}_{meta.model_name}"
    adds = admin.site.get_model_admin(model).has_add_permission(request)
    return Table(
        capfirst(str(meta.verbose_name_plural)),
        count,
        reverse(f"{name}_changelist"),
        reverse(f"{name}_add") if adds else "",
    )


def _counts(
    request: HttpRequest, project: Project, models: Iterable[type[Model]]
) -> dict[type[Model], int]:
    """Of each table of the project, the rows that the person sees."""
    asked = {}
    for model in models:
        if any(field.name == "project" for field in model._meta.concrete_fields):
            page: Any = admin.site.get_model_admin(model)
            seen = page.scope.visible_to(access_of(request.user)) & Q(project=OuterRef("pk"))
            rows = model._base_manager.filter(seen).order_by().values("project")
            asked[model] = Subquery(rows.annotate(n=Count("pk")).values("n"))
    names = {f"n_{model._meta.model_name}": rows for model, rows in asked.items()}
    found: Any = Project.objects.filter(pk=project.pk).annotate(**names).values_list(*names).get()
    return {model: n or 0 for model, n in zip(asked, found, strict=True)}
