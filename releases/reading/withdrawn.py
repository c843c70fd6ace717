"""What a reader is told of a project that was withdrawn."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from deliverables.fields.language import said
from releases.document.dates import shown
from releases.models import Withdrawal, WithdrawalReason


class Withdrawn(Exception):
    """Nothing of the project may be read, or cited, any more: as a sentence."""


def told(withdrawal: Withdrawal, lang: str) -> str:
    """Since when and why, in sentences."""
    on = shown(timezone.localdate(withdrawal.at).isoformat(), lang)
    sentence = _("This project was withdrawn on %(on)s. The reason: %(reason)s. %(sentence)s")
    reason = WithdrawalReason(withdrawal.reason).label
    given = {"on": on, "reason": reason, "sentence": said(withdrawal, "sentence")}
    return sentence % given


def of(project: int, lang: str) -> str:
    """What stands above what may still be read; "" for a project that is not withdrawn. Raises
    Withdrawn."""
    withdrawal = Withdrawal.objects.filter(project=project).first()
    if withdrawal is None:
        return ""
    sentences = told(withdrawal, lang)
    if withdrawal.reason in Withdrawal.CITABLE:
        return sentences
    raise Withdrawn(sentences)
