"""Checks of releases, those changed past their triggers, and of what the next one will hold."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Model, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from deliverables.projects.checking import ERROR, WARNING, Case, Checks, within
from deliverables.projects.models import Project
from exchange.tables.resources import TableResource
from experts.people.resources import InstitutionResource
from releases.document import live, shapes
from releases.document.build import digest, summary
from releases.document.tables import FORMER, every_file
from releases.models import Release

NIGHTLY = Checks()
CHECKS = Checks()


def altered(rows: QuerySet[Release]) -> Iterator[tuple[Release, str]]:
    """Each of these releases that is not what it was, and what of it: document or files."""
    for release in rows.order_by("pk").iterator(chunk_size=1):
        if digest(release.document) != release.digest or not _is_summed_up(release):
            yield release, "document"
        elif digest({"files": release.files}) != release.files_digest:
            yield release, "files"


def _is_summed_up(release: Release) -> bool:
    try:
        return summary(release.document) == release.summary
    except (KeyError, TypeError):  # a digest of what is no document
        return False


def made_otherwise(release: Release) -> list[str]:
    """Which of its recorded files are made with another SHA-256 today. Each one is made, where its
    document can be read."""
    try:
        document = shapes.read(release.document)
    except shapes.UnknownShape:
        return [file["path"] for file in release.files]
    remade = {file["path"]: file["sha256"] for file in every_file(document)}
    for former, now in FORMER.items():
        remade |= {
            former + path.removeprefix(now): sha256
            for path, sha256 in [*remade.items()]
            if path.startswith(f"{now}.")
        }
    return [file["path"] for file in release.files if remade.get(file["path"]) != file["sha256"]]


@NIGHTLY.finds(
    ERROR,
    _(
        "The document of release %(number)s is not the one that was published: its SHA-256 is "
        "another. Its public pages show nothing of it. Tell the people who run the register."
    ),
    number="number",
)  # fmt: skip
def releases(only: Project | None) -> Iterator[Case]:
    """Releases of a project, or of all, that are not what they were."""
    files = _(
        "The files of release %(number)s are not those that were published. Tell the people "
        "who run the register."
    )
    for release, what in altered(within(Release.objects.all(), only)):
        yield Case(release, files if what == "files" else "")


@NIGHTLY.finds(
    ERROR,
    _(
        "The document of release %(number)s is of a shape that this version of the register does "
        "not know. Its public pages show nothing of it. Tell the people who run the register."
    ),
    number="number",
)  # fmt: skip
def unknown(only: Project | None) -> Iterator[Case]:
    """Releases of a project, or of all, that were made by a version of the register that is not
    this one and none before it."""
    known = [shapes.SCHEMA, *shapes.READERS]
    for release in within(Release.objects.exclude(document__schema__in=known), only):
        yield Case(release)


_NOT_YET = {
    "lv": ngettext_lazy(
        "Missing in Latvian: “%(table)s”, %(rows)s row.",
        "Missing in Latvian: “%(table)s”, %(rows)s rows.",
        "rows",
    ),
    "en": ngettext_lazy(
        "Missing in English: “%(table)s”, %(rows)s row.",
        "Missing in English: “%(table)s”, %(rows)s rows.",
        "rows",
    ),
}


@CHECKS.finds(WARNING)
def in_one_language(only: Project | None) -> Iterator[Case]:
    """Public texts that are said in one language alone, so that pages of the other fall back."""
    tables: dict[type[TableResource], str] = {
        **live.TABLES,
        InstitutionResource: "partnerships__project",
    }
    first, *more = (
        _untranslated(resource, path, only, language)
        for resource, path in tables.items()
        if _texts(resource)
        for language in _NOT_YET
    )
    found = list(first.union(*more, all=True))
    projects = Project.objects.in_bulk({project for project, *_rest in found})
    named = {resource.table: resource.named() for resource in tables}
    for project, table, language, rows in sorted(found):
        yield Case(projects[project], _NOT_YET[language], table=(table, named[table]), rows=rows)


def _texts(resource: type[TableResource]) -> list[str]:
    """The texts of a table that have a column for each language."""
    keys = {column.key for column in resource.public_columns()}
    return [key[:-3] for key in sorted(keys) if key.endswith("_lv") and f"{key[:-3]}_en" in keys]


def _untranslated(
    resource: type[TableResource], path: str, only: Project | None, language: str
) -> QuerySet[Model, tuple[int, str, str, int]]:
    """Of each project how many rows say something in the other language alone."""
    other = "en" if language == "lv" else "lv"
    lacks = Q()
    for text in _texts(resource):
        lacks |= Q(**{f"{text}_{language}": ""}) & ~Q(**{f"{text}_{other}": ""})
    rows = resource.model()._base_manager.filter(lacks, **{f"{path}__isnull": False})
    rows = rows if only is None else rows.filter(**{path: only.pk})
    said = rows.order_by().values(of=F(path), name=Value(resource.table), tongue=Value(language))
    counted: QuerySet[Model, tuple[int, str, str, int]] = said.annotate(
        rows=Count("pk", distinct=True)
    ).values_list("of", "name", "tongue", "rows")
    return counted
