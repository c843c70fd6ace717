"""Taking a project back from the public, with a reason, and giving it back.

What was released stays on record: its trail, its seals and packs for auditors.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.events.acting import acting
from audit.models import Through
from audit.rows.refused import Refused, refusing
from deliverables.projects.models import Project
from releases.models import Withdrawal


def withdraw(
    project: Project, *, by: User, reason: str, sentence_lv: str = "", sentence_en: str = ""
) -> Withdrawal:
    """Raises Refused, with nothing written."""
    why = sentence_en.strip() or sentence_lv.strip()
    with acting(by.code, Through.ACTION, why), refusing():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if refusal := why_not_withdrawn(project):
            raise Refused(refusal)
        row = Withdrawal(
            project=project, reason=reason, sentence_lv=sentence_lv, sentence_en=sentence_en, by=by,
            at=timezone.now(),
        )  # fmt: skip
        row.full_clean()
        row.save()
    return row


def why_not_withdrawn(project: Project) -> str | None:
    if project.is_draft:
        return _("Nothing of this project was ever public. A draft is deleted, not withdrawn.")
    if Withdrawal.objects.filter(project=project).exists():
        return _("The project is withdrawn already.")
    return None


def give_back(project: Project, *, by: User) -> None:
    """The newest release is read again as before. Raises Refused, with nothing written."""
    with acting(by.code, Through.ACTION, "give back"):
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        gone, _by_table = Withdrawal.objects.filter(project=project).delete()
        if not gone:
            raise Refused(_("The project is not withdrawn."))
