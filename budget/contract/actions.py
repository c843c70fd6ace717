"""Taking over a preset of the contract's rules."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.events.acting import acting
from audit.models import Through
from audit.rows.refused import Refused, refusing
from budget.contract import presets
from budget.contract.models import Rate, RateKind, Ruleset, Term
from deliverables.fields import dates
from deliverables.projects.access import access_of
from deliverables.projects.models import Project
from steps.table import NOT_YOURS


def adopt(project: Project, edition: str, *, by: User) -> Ruleset:
    """Give a project the ruleset, rates and terms of an edition's preset.

    The rates are in force from the start of the project. Raises Refused.
    """
    if not access_of(by).may(Right.EDIT, project.pk):
        raise Refused(str(NOT_YOURS))
    preset = presets.read(edition)
    with acting(by.code, Through.ACTION, f"preset {edition}"), refusing():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if Ruleset.objects.filter(project=project).exists():
            raise Refused(_("This project already has its ruleset. Change that one."))
        if preset["rates"] and not project.start:
            raise Refused(
                _("Rates are in force from the start of the project. Enter its start first.")
            )
        ruleset = Ruleset(project=project, edition=edition, **preset["rules"])
        ruleset.full_clean()
        ruleset.save()
        rows: list[Rate | Term] = [
            Rate(project=project, from_on=dates.first(project.start), **given)
            # The fee comes last: from then on claimed days have their amount.
            for given in sorted(preset["rates"], key=lambda given: given["kind"] == RateKind.FEE)
        ]
        rows += [Term(project=project, **given) for given in preset["terms"]]
        for row in rows:
            row.full_clean()
            row.save()
    return ruleset
