"""What a cell of each column says, for who reads the tables of what was promised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

Meanings = Mapping[str, Any]


COMMON: Meanings = {
    "project": _(
        "The project that the row belongs to, by the part of its public address that never changes."
    ),
    "component": _(
        "The number of the component that it belongs to; empty where it belongs to none."
    ),
    "deliverable": _("The code of the deliverable that the row is about."),
    "activity": _("The code of the activity that the row is about."),
    "evidence": _("The code of the evidence that the row rests on; empty where none is named."),
    "note": _("A remark for readers, in this language; empty where there is none."),
}

PROJECTS: Meanings = {
    **COMMON,
    "slug": _("The part of the project's public address that stands for it; it never changes."),
    "reference": _("The number of the Twinning project, exactly as its source prints it."),
    "reference_alias": _(
        "Another way of writing the reference, under which people may look for the project."
    ),
    "contract_number": _(
        "The number of the grant contract, which is another thing than the reference; empty where "
        "it is not known."
    ),
    "title": _("What the project is called, in this language."),
    "summary": _("What the project is about, in one or two sentences of this language."),
    "beneficiary_country": _("The country whose administration the project strengthens."),
    "fund": _(
        "The programme of the European Union that pays for the project; empty where it is not "
        "stated."
    ),
    "start_planned": _(
        "When the implementation was to begin, as exactly as it is known; empty where it is not "
        "stated."
    ),
    "start_actual": _(
        "When the implementation really began, as exactly as it is known; empty where it has not, "
        "or where that is not stated."
    ),
    "end_planned": _("The end of the implementation by the contract as it was first signed."),
    "end_current": _(
        "The planned end by the last contract change that moved it; empty where none did."
    ),
    "end_actual": _(
        "When the implementation really ended; empty where it has not, or where that is not stated."
    ),
    "status": _("Where the project stands: planned, running, suspended, concluded or cancelled."),
    "results_basis": _(
        "Whether the register holds the contract's full list of results or only what a "
        "publication lists; percentages of results are given for the full list alone."
    ),
    "funding_statement": _(
        "The sentence that names the funding by the European Union; it stands on each page of the "
        "project."
    ),
    "disclaimer": _("The sentence that says who answers for what the project publishes."),
    "footnote": _(
        "What the asterisk behind the name of the country refers to; empty where none is needed."
    ),
    "fictitious": _("Whether the project is an invented sample and no real one."),
    "publishing": _("Whether changes become public at once, or when somebody publishes them."),
    "retention_until": _(
        "The day until which the contract wants records kept; nobody in them is erased before. "
        "Empty where it is not known."
    ),
    "legal_hold": _(
        "Why nothing of the project may be erased now, an audit for instance; empty where it may."
    ),
}

SOURCES: Meanings = {
    **COMMON,
    "code": _("The source's code within the project, by which evidence names it."),
    "title": _("What the publication is called, in this language."),
    "publisher": _("Who published it, in this language."),
    "publisher_short": _("A short name of the publisher, as pages print it beside what it says."),
    "published_on": _("When it was published, as exactly as it is known."),
    "language": _("The language of the publication, by its two-letter code."),
    "url": _(
        "The address of the publication exactly as it was printed, also where it leads nowhere "
        "any more."
    ),
    "url_alternative": _(
        "An address at which the publication can probably be read; empty where none is known."
    ),
    "sha256": _(
        "The SHA-256 of the copy that was read for the register; empty where none was kept."
    ),
}

TITLES: Meanings = {
    **COMMON,
    "component": _(
        "The number of the component that is called so; empty where it is the project's own title."
    ),
    "position": _("The place of the wording among the other titles of the same thing, from 1."),
    "title": _("Another wording of the title that a source uses, in this language."),
    "where": _("Where the source uses that wording, in this language."),
}

COMPONENTS: Meanings = {
    **COMMON,
    "number": _("The number of the component by the contract; 0 is management and visibility."),
    "title": _("What the component is called, in this language."),
}

RESULTS: Meanings = {
    **COMMON,
    "code": _("The deliverable's code in the project; it is never changed and never used again."),
    "kind": _(
        "What the deliverable is to its source: a main result, a mandatory result or a sub-result."
    ),
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

EVIDENCE: Meanings = {
    **COMMON,
    "code": _("The code of the evidence in the project; L15 stands for line 15 of the source."),
    "deliverable": _(
        "The code of the deliverable that it is evidence of; empty where it is about the project "
        "or a component as a whole."
    ),
    "kind": _("Whether it is a line of a publication, a link or a file."),
    "source": _("The code of the publication that it was read in; empty for links and files."),
    "line": _("The number of the line in the publication's text, as the register counts lines."),
    "quote": _(
        "The words of the source, letter by letter and in its language, without names of people."
    ),
    "title": _("What the evidence shows, in this language."),
    "url": _("The address that the evidence is found at; empty where it is no link."),
    "file_sha256": _("The SHA-256 of the attached file, where that is public."),
    "file_kind": _("The format of the attached file, where that is public."),
    "file_size": _("How large the attached file is, where that is public."),
}

STATEMENTS: Meanings = {
    **COMMON,
    "code": _("The code of the statement in the project."),
    "kind": _(
        "Whether it is an objective, something that is not known, a contradiction of the source, "
        "or a note."
    ),
    "text": _("What is stated, in this language."),
}

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
        "The code of the person who approved the value, who is somebody else than who entered it; "
        "empty where nobody did yet."
    ),
}
