"""What a cell of each column says: the work plan and its activities."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deliverables.fields.meanings import COMMON, Meanings

WORK_PLANS: Meanings = {
    **COMMON,
    "code": _("The code of the version of the work plan in the project, P1 for instance."),
    "kind": _("Which sort of plan the version is: the contract's, as amended, initial or rolling."),
    "state": _("Whether the version is a draft or approved; an approved one never changes."),
    "approved_on": _(
        "The day of the signature or meeting that approved the version; empty for a draft."
    ),
}

ACTIVITIES: Meanings = {
    **COMMON,
    "component": _("The number of the component that the activity belongs to."),
    "code": _("The activity's code in the project, A1.2 for instance."),
    "kind": _("What sort of activity it is: missions, a training, a study visit and so on."),
    "title": _("What the activity is called, in this language."),
    "status": _("Whether the activity is planned, ongoing, completed, postponed or cancelled."),
    "started_on": _(
        "When the activity really began; empty where it has not, or where that is not stated."
    ),
    "ended_on": _(
        "When the activity really ended; empty where it has not, or where that is not stated."
    ),
    "participants": _("How many people took part; empty where it is not stated."),
    "reason": _(
        "Why the activity is late, postponed or cancelled, in this language; empty where no "
        "reason is given."
    ),
}

ACTIVITY_DELIVERABLES: Meanings = {
    **COMMON,
    "activity": _("The code of the activity that serves the deliverable."),
    "deliverable": _("The code of the deliverable that the activity serves."),
}

PLANNED_ACTIVITIES: Meanings = {
    **COMMON,
    "plan": _("The code of the version of the work plan that says it."),
    "activity": _("The code of the activity that is planned."),
    "from_on": _("When the activity is to begin by this version of the plan."),
    "to_on": _("When the activity is to end by this version of the plan."),
    "days": _("The expert-days in the beneficiary country that this version gives the activity."),
    "participants": _(
        "How many people are to take part by this version; empty where it does not say."
    ),
}
