"""What is left of an activity's days and money, on the page of a mission."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.contrib.admin.helpers import InlineAdminFormSet

from budget.costs import remaining
from experts.missions.models import Mission

register = template.Library()


@register.simple_tag
def left_after(mission: Mission, formsets: Iterable[InlineAdminFormSet]) -> list[str]:
    """Sentences for a draft, as it was saved or as it is typed where it could not be saved."""
    if not mission.activity_id or not mission.from_on:
        return []
    forms = [form for inline in formsets for form in inline.formset.forms]
    wanted = [(row.days, row.grade) for row in (form.instance for form in forms) if row.days]
    sentences, _over = remaining.would_leave(mission.activity, wanted, mission.from_on)
    return sentences
