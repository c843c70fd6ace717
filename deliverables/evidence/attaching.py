"""Attaching files to deliverables: sniffed, hashed, kept once, all of them or none."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, Protocol

from django.core.files import File as Stream
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.events.acting import acting
from audit.models import Through
from deliverables.evidence.file_kinds import FileKind, WrongFile
from deliverables.evidence.inspecting import kind_of
from deliverables.evidence.models import Evidence, EvidenceKind, File
from deliverables.evidence.models.file import store
from deliverables.ladder.models import Deliverable
from deliverables.projects import codes
from deliverables.projects.models import Project


class Upload(Protocol):
    """A file of a form, as Django hands it over."""

    name: str
    size: int
    file: IO[bytes]

    def chunks(self) -> Iterator[bytes]:
        """What is in it, piece by piece."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """An upload that may be kept."""

    upload: Upload
    kind: FileKind
    sha256: str


def sniff(uploads: Sequence[Any]) -> tuple[list[Sniffed], list[str]]:
    """What may be kept, and a sentence for each file that may not."""
    good, wrong = [], []
    for upload in uploads:
        try:
            kind = kind_of(upload.name, upload.file, upload.size)
        except WrongFile as refusal:
            wrong.append(f"{upload.name[:50]}: {refusal}")
        else:
            good.append(Sniffed(upload, kind, _sha256(upload)))
    return good, wrong


def _sha256(upload: Upload) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.file.seek(0)
    return digest.hexdigest()


def attach(
    deliverables: Sequence[Deliverable],
    files: Sequence[Sniffed | File],
    *,
    by: User,
    shows_lv: str,
    shows_en: str,
) -> list[Evidence]:
    """One piece of evidence for each file and deliverable (all of one project).

    Files go into the storage first; if anything fails afterwards they are taken out again, so there
    is no row without its file and no file without its row.
    """
    project = deliverables[0].project
    with kept_only_on_success() as kept, acting(by.code, Through.ACTION, "attach"):
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        rows = [
            file if isinstance(file, File) else _keep(project, file, by, kept) for file in files
        ]
        return [
            _piece(row, shows_lv, shows_en, deliverable)
            for row in rows
            for deliverable in deliverables
            if not deliverable.evidence.filter(file=row).exists()
        ]


def prove(
    project: Project, file: Sniffed, *, by: User, kept: list[str], shows_lv: str, shows_en: str
) -> Evidence:
    """A file as evidence of no deliverable, for a row that names it.

    Inside `kept_only_on_success` and the transaction that also writes that row.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    return _piece(_keep(project, file, by, kept), shows_lv, shows_en)


def _piece(
    file: File, shows_lv: str, shows_en: str, deliverable: Deliverable | None = None
) -> Evidence:
    piece = Evidence(
        project=file.project,
        deliverable=deliverable,
        code=codes.following(Evidence, file.project_id, "F"),
        kind=EvidenceKind.FILE,
        file=file,
        title_lv=shows_lv,
        title_en=shows_en,
    )
    piece.full_clean()
    piece.save()
    return piece


@contextmanager
def kept_only_on_success() -> Iterator[list[str]]:
    """The keys of files that are taken out of the storage again if anything fails."""
    kept: list[str] = []
    try:
        yield kept
    except BaseException:
        for key in kept:
            store().delete(key)
        raise


def _keep(project: Project, file: Sniffed, by: User, kept: list[str]) -> File:
    known = File.objects.filter(project=project, sha256=file.sha256).first()
    if known:
        return known
    key = secrets.token_hex(32)
    key = f"{key[:2]}/{key[2:]}"
    kept.append(key)
    store().save(key, Stream(file.upload.file))
    row = File(
        project=project,
        name=file.upload.name,
        kind=file.kind,
        size=file.upload.size,
        sha256=file.sha256,
        key=key,
        added_by=by,
        added_at=timezone.now(),
    )
    row.full_clean()
    row.save()
    return row


def let_go(file: File) -> None:
    """Delete a file that nothing names any more, its bytes once that can not be taken back."""
    if not file.evidence.exists():
        file.delete()
        transaction.on_commit(partial(store().delete, file.key), robust=True)
