"""Accepting a finding of the checks, and taking that back."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Right
from audit.events.acting import acting
from audit.models import Through
from audit.rows.refused import Refused
from deliverables.projects.access import access_of
from deliverables.projects.models import AcceptedFinding, Project

SHORTEST = 10  # characters: "ok" is no reason


def accept(
    project: Project, key: str, reason: str, *, by: User, known: set[str]
) -> AcceptedFinding:
    """Accept one of the findings that are `known` now. Raises Refused, with nothing written."""
    with acting(by.code, Through.ACTION, "accept finding"):
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if not access_of(by).may(Right.STEER, project.pk):
            raise Refused(_("The project leaders accept findings."))
        if key not in known:
            raise Refused(
                _("This finding is not there any more: somebody mended it, or its facts changed.")
            )
        if AcceptedFinding.objects.filter(project=project, key=key).exists():
            raise Refused(_("This finding is accepted already."))
        if len(reason.strip()) < SHORTEST:
            raise Refused(
                _("Say in a sentence why the finding is right as it is: an auditor will read it.")
            )
        row = AcceptedFinding(
            project=project, key=key, reason=reason.strip(), by=by.code, at=timezone.now()
        )
        row.full_clean()
        row.save()
    return row


def withdraw(project: Project, key: str, *, by: User) -> None:
    """The finding counts again. Raises Refused."""
    with acting(by.code, Through.ACTION, "withdraw acceptance"):
        if not access_of(by).may(Right.STEER, project.pk):
            raise Refused(_("The project leaders accept findings."))
        gone, _rows = AcceptedFinding.objects.filter(project=project, key=key).delete()
        if not gone:
            raise Refused(_("This finding is not accepted, so there is nothing to withdraw."))
