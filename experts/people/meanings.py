"""What a cell of each column says: institutions, partnerships, experts, functions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deliverables.fields.meanings import COMMON, Meanings

INSTITUTIONS: Meanings = {
    "code": _("The institution's code: its country and a number, LV-1 for instance."),
    "name": _("What the institution is called, in this language."),
    "abbreviation": _("The usual abbreviation of its name; empty where it has none."),
    "country": _("The country of the institution."),
    "note": _("A remark for readers, in this language; empty where there is none."),
}

PARTNERSHIPS: Meanings = {
    **COMMON,
    "code": _("The code of the partner in the project."),
    "country": _("The country of the partner."),
    "institution": _(
        "The code of the partner institution; empty where the source names the country alone."
    ),
    "role": _("What the partner is in the project: lead, junior, beneficiary and so on."),
    "detail": _("What the partner does in the project, in this language."),
}

PEOPLE: Meanings = {
    "code": _(
        "The code that stands for the expert in public, LV-E01 for instance; names are in no file."
    ),
    "country": _("The country that the expert comes from."),
    "institution": _(
        "The code of the institution that sends the expert; empty where it is not stated."
    ),
}

ASSIGNMENTS: Meanings = {
    **COMMON,
    "code": _("The code of the assignment in the project."),
    "function": _(
        "What the person or institution does in the project: project leader, component leader, "
        "expert and so on."
    ),
    "expert": _(
        "The code of the expert who holds the function; empty where it is held by somebody "
        "without a code."
    ),
    "component": _(
        "The number of the component that the function is for; empty where it is for the whole "
        "project."
    ),
    "institution": _(
        "The code of the institution that holds the function or sends who does; empty where it is "
        "not stated."
    ),
    "from_on": _(
        "Since when the function was held, as exactly as it is known; empty where it is not stated."
    ),
    "to_on": _(
        "Until when the function was held, as exactly as it is known; empty where it is not "
        "stated, or still is."
    ),
}
