"""The kinds of files that the register keeps as evidence, and how they may be called. Pure.

A refusal is a sentence for the person who chose the file.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exchange.tables import limits


class FileKind(TextChoices):
    PDF = "pdf", _("PDF document")
    PNG = "png", _("PNG image")
    JPEG = "jpeg", _("JPEG image")
    DOCX = "docx", _("Word document")
    XLSX = "xlsx", _("Excel workbook")
    ODS = "ods", _("OpenDocument spreadsheet")
    CSV = "csv", _("CSV table")
    EML = "eml", _("E-mail")


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    FileKind.CSV: "text/csv",
    FileKind.EML: "message/rfc822",
}
EXTENSIONS = {"jpg": FileKind.JPEG, **{kind.value: kind for kind in FileKind}}


class WrongFile(Exception):
    """Why a file is not kept, as a sentence."""


def named_well(name: str) -> str:
    """The name as it is kept, for the back office only. Raises WrongFile."""
    if not name or len(name) > limits.FILE_NAME:
        raise WrongFile(
            gettext("Its name is empty or longer than %(most)s characters. Give it a shorter one.")
            % {"most": limits.FILE_NAME}
        )
    odd = any(ord(sign) < 32 or sign in "/\\\u202e\u202d\u2066\u2067\u2068" for sign in name)
    if odd or name in (".", ".."):
        raise WrongFile(
            gettext(
                "Its name holds a path or signs that hide what it is. Rename it to plain letters "
                "and numbers, and choose it again."
            )
        )
    return name
