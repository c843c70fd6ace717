"""What a cell of each column says: days and what they cost."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deliverables.fields.meanings import Meanings
from experts.missions.meanings import EXPERT_DAYS

DAY_COSTS: Meanings = {
    **EXPERT_DAYS,
    "component": _("The number of the component that the activity belongs to."),
    "grade": _(
        "The class of the expert by which the rate was chosen; empty where fees do not depend on "
        "it."
    ),
    "fee": _("The daily fee that was in force on the day; empty where the card has none."),
    "support_rate": _("The support costs of the day, in per cent of the daily fee."),
    "support": _(
        "The support costs of the day: the daily fee by that percentage, half up to a cent."
    ),
    "per_diem": _("The per diem that was in force on the day; empty where the card has none."),
    "cost": _(
        "What the day costs: fee, support and per diem added up; empty where there is no daily fee."
    ),
    "ruleset": _("The edition of the Manual by whose rules the day is priced."),
}
