"""What a cell of each column says: headings, lines, entries, changes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deliverables.fields.meanings import COMMON, Meanings

HEADINGS: Meanings = {
    **COMMON,
    "code": _("The code of the heading in the contract's budget, H1 for instance."),
    "title": _("What the heading is called, in this language."),
}

LINES: Meanings = {
    **COMMON,
    "code": _("The code of the line in the contract's budget, B1.2 for instance."),
    "title": _("What the line pays for, in this language."),
    "heading": _(
        "The code of the main heading that the line belongs to; empty where the source names none."
    ),
    "cost_basis": _(
        "What proves spending on the line: invoices for an actual cost, the event itself for a "
        "unit cost or flat rate."
    ),
    "priced_by": _(
        "The rate of the card by which expert-days are paid from the line; empty where none is."
    ),
    "component": _(
        "The number of the component that the line pays for; empty where it is for the whole "
        "project."
    ),
    "partner": _(
        "The code of the partner who spends from the line; empty where it is nobody's alone."
    ),
}

ENTRIES: Meanings = {
    **COMMON,
    "line": _("The code of the budget line that the amount belongs to."),
    "code": _("The code of the entry within its budget line."),
    "kind": _(
        "Whether the amount is planned, committed, spent or a forecast; amounts of two kinds are "
        "never added up."
    ),
    "amount": _("The amount; below zero only where a contract change took money away."),
    "rounded_to": _(
        "The step to which the source rounds the amount, 100000 for “2.5 million”; empty where "
        "the amount is exact."
    ),
    "units": _(
        "How many days, journeys or months of a unit cost the amount is for; empty for other costs."
    ),
    "unit_rate": _("What one of these units costs; empty for other costs."),
    "on": _(
        "The day or month of the amount, from which its quarter follows; empty where it is not "
        "stated."
    ),
    "corrects": _(
        "The code of the entry of the same line and kind that this one replaces: that one then "
        "counts in no sum. Empty where it replaces none."
    ),
    "change": _("The code of the contract change that made the entry; empty where none did."),
    "ledger_ref": _(
        "The number of the voucher in the accounts, by which an auditor finds it; empty where it "
        "is not stated."
    ),
}

CHANGES: Meanings = {
    **COMMON,
    "code": _(
        "The code of the contract change in the project: SL1 for a side letter, AD1 for an "
        "addendum."
    ),
    "kind": _("Whether the contract was changed by a side letter or by an addendum."),
    "state": _("Whether the change is a draft or signed; a signed one never changes."),
    "signed_on": _("The day on which the change was signed; empty for a draft."),
    "reason": _("Why the contract is changed, in this language."),
    "number": _(
        "As which one of the project's contract changes it was signed, from 1; empty for a draft."
    ),
    "plan": _(
        "The code of the version of the work plan that its signature made; empty where it moved "
        "no activity."
    ),
}

MOVES: Meanings = {
    **COMMON,
    "change": _("The code of the contract change that the row is a part of."),
    "code": _("The code of the row within its contract change."),
    "deliverable": _(
        "The code of the deliverable whose due date is moved; empty where it is another thing."
    ),
    "activity": _(
        "The code of the activity whose dates or days are moved; empty where it is another thing."
    ),
    "line": _(
        "The code of the budget line whose money is moved; with no deliverable, activity or line, "
        "the end of the project is."
    ),
    "from_on": _("The new first day of the activity; empty for other things."),
    "to_on": _("The new due date or end; for money, the month in which it is planned."),
    "days": _("The expert-days that the activity has after the change; empty for other things."),
    "amount": _("What the line gets more, or below zero less; empty for other things."),
    "old_from_on": _("The first day of the activity before the change, noted at the signature."),
    "old_to_on": _("The due date or end before the change, noted at the signature."),
    "old_days": _("The expert-days of the activity before the change, noted at the signature."),
    "old_amount": _("What was planned on the line before the change, noted at the signature."),
}
