"""What `manage.py check_data` looks for, each kind of finding in a function of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from deliverables import signing
from deliverables.models import File, SignOff
from deliverables.models.file import store


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, as a sentence. `severity` is error or warning."""

    severity: str
    project: str
    sentence: str


def files() -> Iterator[Finding]:
    """Files that vanished or changed in the storage, read one piece at a time."""
    for row in File.objects.select_related("project").prefetch_related("evidence"):
        codes = ", ".join(sorted(piece.code for piece in row.evidence.all())) or "–"
        where = f"File {row.pk} (evidence {codes})"
        found = hashlib.sha256()
        try:
            with store().open(row.key) as stream:
                for chunk in stream.chunks():
                    found.update(chunk)
        except OSError:
            yield Finding("error", row.project.slug, f"{where} is not in the storage any more.")
            continue
        if found.hexdigest() != row.sha256:
            yield Finding(
                "error",
                row.project.slug,
                f"{where} was changed in the storage: its SHA-256 is {found.hexdigest()}, and "
                f"{row.sha256} was recorded.",
            )


def strangers() -> Iterator[Finding]:
    """What lies in the storage and belongs to no row."""
    known = set(File.objects.values_list("key", flat=True))
    try:
        folders = store().listdir("")[0]
    except (FileNotFoundError, NotImplementedError):
        return
    for folder in sorted(folders):
        for name in sorted(store().listdir(folder)[1]):
            if f"{folder}/{name}" not in known:
                yield Finding("warning", "", f"{folder}/{name} in the storage belongs to no file.")


def signatures() -> Iterator[Finding]:
    """Valid signatures under something else than what is there."""
    for row in SignOff.objects.filter(voided_at=None).select_related("deliverable__project"):
        if signing.digest(signing.content(row.deliverable)) != row.digest:
            yield Finding(
                "error",
                row.deliverable.project.slug,
                f"The signature of {row.get_side_display()} under {row.deliverable.code} binds "
                "another content than the deliverable has.",
            )


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (files, strangers, signatures)
