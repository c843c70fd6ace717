"""What the form of a mission asks as it is typed: days left, and money."""

from __future__ import annotations

import datetime as dt
import re

from django.contrib import admin
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone

from budget.costs import remaining
from deliverables.fields import dates
from deliverables.plan.models import Activity

MOST = 50  # experts on one mission


def left_view(request: HttpRequest) -> JsonResponse:
    """GET ?activity=&from_on=&days=&grade=, the last two once for each expert.

    Answers {"told": [sentences], "over": whether the days do not suffice}. What is half typed
    counts as nothing.
    """
    key = request.GET.get("activity", "")
    rows = admin.site.get_model_admin(Activity).get_queryset(request)
    activity = rows.filter(pk=key).first() if re.fullmatch(r"[0-9]{1,18}", key) else None
    if activity is None:
        raise Http404
    days = request.GET.getlist("days")[:MOST]
    grades = [*request.GET.getlist("grade"), *[""] * len(days)]
    wanted = [
        (int(number), grade[:10])
        for number, grade in zip(days, grades, strict=False)
        if re.fullmatch(r"[0-9]{1,3}", number) and "\0" not in grade
    ]
    sentences, over = remaining.would_leave(activity, wanted, _day(request.GET.get("from_on", "")))
    return JsonResponse({"told": sentences, "over": over})


def _day(text: str) -> dt.date:
    """The first day as people type it; today while it is not a day yet."""
    try:
        return dates.first(dates.parse(text))
    except ValueError:
        return timezone.localdate()
