"""What a cell of each column says: indicators and their values."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deliverables.fields.meanings import COMMON, Meanings

INDICATORS: Meanings = {
    **COMMON,
    "component": _("The number of the component that the indicator measures."),
    "deliverable": _(
        "The code of the deliverable that the indicator measures; empty where it measures the "
        "component as a whole."
    ),
    "code": _("The indicator's code in the project, I1.2 for instance."),
    "title": _("What the indicator measures, in this language."),
    "unit": _("What its values are: a number, a percentage, yes or no, or words."),
    "baseline": _(
        "The value that the indicator had before the project, in the unit of the row; empty where "
        "it is not stated as a number."
    ),
    "baseline_on": _("The date of which the baseline is."),
    "baseline_lv": _("The baseline in words of this language, where it is no number."),
    "baseline_en": _("The baseline in words of this language, where it is no number."),
    "target": _(
        "The value that the indicator is to reach, in the unit of the row; empty where it is not "
        "stated as a number."
    ),
    "target_on": _("The date by which the target is to be reached."),
    "target_lv": _("The target in words of this language, where it is no number."),
    "target_en": _("The target in words of this language, where it is no number."),
    "source": _("Where the values can be verified, in this language."),
}

MEASUREMENTS: Meanings = {
    **COMMON,
    "indicator": _("The code of the indicator whose value it is."),
    "on": _("The day on which the indicator had this value."),
    "applies": _("Whether the indicator applied on that day; where it did not, there is no value."),
    "value": _(
        "The value on that day, in the unit of the indicator; empty where it is in words or does "
        "not apply."
    ),
    "words": _("The value in words of this language, where it is no number."),
    "source": _("Where the value comes from, in this language."),
    "approved_by": _(
        "The code of the person who approved the value, who is someone other than who entered it; "
        "empty where nobody did yet."
    ),
}
