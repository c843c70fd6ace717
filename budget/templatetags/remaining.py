"""What is left of an activity's days and money, on the page of a mission."""

from __future__ import annotations

from typing import Any

from django import template

from budget import remaining

register = template.Library()


@register.simple_tag
def left_after(mission: Any) -> list[str]:
    """Sentences for a draft, as it was saved."""
    wanted = [(row.days, row.grade) for row in mission.experts.all()]
    sentences, _over = remaining.told(mission.activity, wanted, mission.from_on)
    return sentences
