"""What a cell of each column says: evidence, sources, statements."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deliverables.fields.meanings import COMMON, Meanings

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
