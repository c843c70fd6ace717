"""What a cell of each column says: projects, components, titles."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deliverables.fields.meanings import COMMON, Meanings

PROJECTS: Meanings = {
    **COMMON,
    "slug": _("The part of the project's public address that stands for it; it never changes."),
    "reference": _(
        "The number of the Twinning project, exactly as its source prints it; empty where it has "
        "none, and is called by its title."
    ),
    "kind": _("Whether it is an ordinary Twinning project or a Twinning Light."),
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
    "implementation_months": _(
        "How long the work plan runs by the contract; empty where it is not stated."
    ),
    "execution_months": _(
        "How long the contract is in force, with what comes before and after the implementation; "
        "empty where it is not stated."
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
    "code": _(
        "What the source prints before the title, 1.2 for instance; empty where it is the number, "
        "or where the source prints none."
    ),
    "numbered": _("Whether the source gives the component a number or a code at all."),
    "title": _("What the component is called, in this language."),
}

SUSPENSIONS: Meanings = {
    **COMMON,
    "from_on": _("The first day on which the implementation was interrupted."),
    "to_on": _("The last such day; empty while the suspension lasts."),
    "reason": _("Why it was interrupted, in this language."),
}
