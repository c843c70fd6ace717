"""A kept file as a download that no browser runs."""

from __future__ import annotations

from django.http import FileResponse

from deliverables.evidence.file_kinds import MEDIA_TYPES, FileKind
from deliverables.evidence.models import File
from deliverables.evidence.models.file import store

SANDBOX = "sandbox; default-src 'none'"


class Gone(Exception):
    """The storage does not have the file any more."""


def download(file: File, name: str) -> FileResponse:
    """The file under that name. Raises Gone."""
    try:
        stream = store().open(file.key)
    except OSError:
        raise Gone from None
    response = FileResponse(
        stream,
        as_attachment=True,
        filename=name,
        content_type=MEDIA_TYPES[FileKind(file.kind)],
    )
    response.headers["Content-Length"] = str(file.size)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
