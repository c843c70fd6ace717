"""What a cell of each column says: rules, rates, terms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deliverables.fields.meanings import COMMON, Meanings

RULESETS: Meanings = {
    **COMMON,
    "edition": _("The edition of the Twinning Manual that the contract goes by."),
    "fee_scheme": _("Whether the daily fee depends on the class of the expert or is one for all."),
    "reporting_months": _(
        "How many months an interim report covers; empty where the contract does not say."
    ),
    "interim_due_days": _("How many days after the end of its period an interim report is due."),
    "final_due_months": _(
        "How many months after the implementation period the final report is due."
    ),
    "reallocation_limit": _(
        "What side letters may move of a main heading, added up, in per cent of its budget as "
        "last signed in full."
    ),
    "reallocation_warning": _(
        "From which share of that limit the register says that a heading is near it."
    ),
    "retention_years": _("For how many years after the payment of the balance records are kept."),
    "unverified": _(
        "Which of these rules nobody has compared with the contract yet: their columns, with "
        "commas between them."
    ),
    "holidays": _(
        "The days on which nobody works in the beneficiary's country, with commas between them."
    ),
}

RATES: Meanings = {
    **COMMON,
    "kind": _(
        "What the rate pays for: a daily fee, support, per diem, indirect costs, or a month or "
        "journey."
    ),
    "grade": _("The class of experts that the rate is for; empty where it is for all."),
    "from_on": _(
        "The first day on which the rate is in force; it ends where the next one of its kind and "
        "class begins."
    ),
    "amount": _(
        "The rate: an amount in EUR, or per cent where it is for support or indirect costs."
    ),
    "verified": _("Whether somebody compared the rate with the contract."),
    "source": _("Where the rate is taken from, in this language."),
}

TERMS: Meanings = {
    **COMMON,
    "function": _(
        "The function or the part of a partner for which the contract has a word of its own."
    ),
    "label": _("What the contract calls it, in this language."),
}

REPORTS: Meanings = {
    **COMMON,
    "number": _("The number of the interim report, from 1; 0 is the final report."),
    "from_on": _("The first day of the period that the report covers."),
    "to_on": _("The last day of the period that the report covers."),
    "due_on": _("The day by which it was to be handed in; empty where that is not stated."),
    "handed_in_on": _(
        "The day on which it was handed in; empty where it was not, or where that is not known."
    ),
}
