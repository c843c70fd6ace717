"""Checks of releases: those that are not what they were, changed past their triggers."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from deliverables.projects.checking import ERROR, Case, Checks, within
from deliverables.projects.models import Project
from releases.document import shapes
from releases.document.build import digest, summary
from releases.document.tables import FORMER, every_file
from releases.models import Release

NIGHTLY = Checks()


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
