"""What a file is, by its content: the kinds that the register keeps as evidence.

Pure: no database, no storage. A refusal is a sentence for the person who chose the file.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import re
import zipfile
from pathlib import PurePath
from typing import IO

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exchange import limits


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
_STARTS = {
    b"%PDF-": FileKind.PDF,
    b"\x89PNG\r\n\x1a\n": FileKind.PNG,
    b"\xff\xd8\xff": FileKind.JPEG,
}
_OLE = b"\xd0\xcf\x11\xe0"
_MARKUP = re.compile(rb"^\s*<(!doctype|html|svg|\?xml|script|body|head|!--)", re.IGNORECASE)
_HEADER = re.compile(r"^(from|to|date|subject|received|message-id|mime-version|return-path):", re.I)


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


def kind_of(name: str, file: IO[bytes], size: int) -> FileKind:
    """The kind of a file that may be kept, its position at the start again. Raises WrongFile."""
    named_well(name)
    if size == 0:
        raise WrongFile(gettext("It is empty (0 bytes). Choose the file itself."))
    if size > limits.EVIDENCE:
        raise WrongFile(
            gettext(
                "It has %(size).1f MB; at most %(most)s MB are kept. Make it smaller or split it."
            )
            % {"size": size / 1024 / 1024, "most": limits.EVIDENCE // 1024 // 1024}
        )
    found = _by_content(file)
    file.seek(0)
    extension = PurePath(name).suffix.lstrip(".").casefold()
    if EXTENSIONS.get(extension) is not found:
        raise WrongFile(
            gettext(
                "It is called “%(name)s”, but what is in it is: %(kind)s. Give it the right "
                "ending, or choose the file that you meant."
            )
            % {"name": name[:50], "kind": found.label}
        )
    return found


def _by_content(file: IO[bytes]) -> FileKind:
    start = file.read(4096)
    file.seek(0)
    for signature, kind in _STARTS.items():
        if start.startswith(signature):
            return kind
    if start.startswith(_OLE):
        raise WrongFile(
            gettext("It is an old Office file (.doc, .xls). Save it as DOCX or XLSX, or as PDF.")
        )
    if _MARKUP.match(start.lstrip(codecs.BOM_UTF8)):
        raise WrongFile(
            gettext("It is a web page or a drawing of code (HTML, SVG, XML). Save it as PDF.")
        )
    if start.startswith(b"PK"):
        return _office(file)
    return _text(file)


def _office(file: IO[bytes]) -> FileKind:
    """DOCX, XLSX or ODS, judged by the directory of the archive before anything is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _refuse_bomb(members)
            names = {member.filename for member in members}
            _refuse_macros(names, members)
            if "word/document.xml" in names:
                return FileKind.DOCX
            if "xl/workbook.xml" in names:
                return FileKind.XLSX
            if "mimetype" in names:
                with archive.open("mimetype") as mimetype:
                    if mimetype.read(100).decode("latin-1") == MEDIA_TYPES[FileKind.ODS]:
                        return FileKind.ODS
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError):
        raise WrongFile(
            gettext("It is damaged or protected by a password. Open it, and save it again without.")
        ) from None
    raise WrongFile(gettext("It is an archive or a kind that is not kept. Kept are: %s.") % _kept())


def _refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if (
        len(members) > limits.FILE_MEMBERS
        or unpacked > limits.FILE_UNPACKED
        or (unpacked > limits.UPLOAD and unpacked / packed > limits.RATIO)
    ):
        raise WrongFile(
            gettext("It would unpack to far more than it seems to be. Save it again, or as PDF.")
        )


def _refuse_macros(names: set[str], members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise WrongFile(
            gettext("It is damaged or protected by a password. Open it, and save it again without.")
        )
    lower = {name.casefold() for name in names}
    program = ("vbaproject.bin", "activex", "scripts/", "basic/", "macrosheets", "oleobject")
    if any(part in name for name in lower for part in program):
        raise WrongFile(
            gettext("It holds macros or embedded programs. Save it without them, or as PDF.")
        )
    if any(".." in name or name.startswith(("/", "\\")) for name in names):
        raise WrongFile(
            gettext("It is an archive or a kind that is not kept. Kept are: %s.") % _kept()
        )


def _text(file: IO[bytes]) -> FileKind:
    data = file.read(limits.EVIDENCE + 1)
    text = _decoded(data)
    if text is None or re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text):
        raise WrongFile(
            gettext("It is an archive or a kind that is not kept. Kept are: %s.") % _kept()
        )
    lines = text.lstrip("\ufeff").splitlines()
    headers = [line for line in lines[:30] if _HEADER.match(line)]
    if len(headers) >= 2 and lines and re.match(r"^[A-Za-z-]+:", lines[0]):
        message = email.message_from_bytes(data, policy=email.policy.default)
        if message["from"] and message["date"]:
            return FileKind.EML
    if re.search(r"<(script|html|svg|iframe|body)\b", text, re.IGNORECASE):
        raise WrongFile(
            gettext("It is a web page or a drawing of code (HTML, SVG, XML). Save it as PDF.")
        )
    if lines and any(sign in lines[0] for sign in ",;\t"):
        return FileKind.CSV
    raise WrongFile(gettext("It is an archive or a kind that is not kept. Kept are: %s.") % _kept())


def _decoded(data: bytes) -> str | None:
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf16 else ("utf-8", "cp1257"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _kept() -> str:
    return ", ".join(kind.value.upper() for kind in FileKind)
