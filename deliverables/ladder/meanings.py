"""What a cell of each column says: results, items, figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deliverables.fields.meanings import COMMON, Meanings

RESULTS: Meanings = {
    **COMMON,
    "code": _("The deliverable's code in the project; it is never changed and never used again."),
    "kind": _(
        "What the deliverable is to its source: a main result, a mandatory result or a sub-result."
    ),
    "parent": _("The code of the result that a sub-result is a part of; empty for any other."),
    "title": _("What is to be delivered, in this language."),
    "rung": _(
        "How far it has come on the ladder from planned to confirmed, or by which side exit it "
        "left the ladder."
    ),
    "weight": _("The weight that the work plan gives it; 1 where none was agreed."),
    "due_original": _(
        "When it was due by the contract as first signed; a later plan never changes this."
    ),
    "due_current": _("When it is due by the newest plan; empty where it was never re-planned."),
    "delivered_on": _(
        "When it was delivered, as its implementer says; empty where it was not, or where the "
        "date is not stated."
    ),
    "accepted_on": _(
        "When the beneficiary accepted it; empty where it did not, or where the date is not stated."
    ),
    "adopted_on": _(
        "When a third party adopted it, a parliament for instance; empty where none did, or where "
        "that is not stated."
    ),
    "adopted_by": _("Who adopted it, in this language."),
    "achievements": _(
        "What was done with it by the words of the source: codes, with commas between them."
    ),
    "items_intro": _("The words that introduce the list of its items, in this language."),
    "entered_from": _(
        "The code of the source that its rung was entered from, all at once; empty where it "
        "climbed by steps in this register."
    ),
    "reason": _(
        "Why only a part of it, or nothing, was delivered, or why it was dropped, in this "
        "language; empty where nothing is to be explained."
    ),
    "active": _(
        "Whether it counts: what is switched off stays in the table and is in no sum of results."
    ),
}

ITEMS: Meanings = {
    **COMMON,
    "deliverable": _("The code of the deliverable of which the item is a part."),
    "code": _("The item's code; it begins with that of its deliverable."),
    "kind": _(
        "What sort of thing the item is: a regulated area, an activity of a campaign, or another "
        "output."
    ),
    "title": _("What the item is, in this language."),
}

FIGURES: Meanings = {
    **COMMON,
    "deliverable": _("The code of the deliverable that the item is a part of."),
    "item": _("The code of the item that reports the number."),
    "position": _("The place of the number among those of its item, from 1."),
    "label": _("What is counted, in this language: students, for instance."),
    "value": _("How many of them the source reports."),
}
