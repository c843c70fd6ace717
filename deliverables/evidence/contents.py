"""What is in a file that somebody chose as evidence: its kind, or why it is not kept. Pure.

Runs by itself, in a process with limits (inspecting.py beside it), so the standard library and the
table of limits are all that it needs. An answer is one word: a kind, or a reason.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile

from exchange.tables import limits

ODS = b"application/vnd.oasis.opendocument.spreadsheet"
OLD_OFFICE, MARKUP, DAMAGED = "old_office", "markup", "damaged"
BOMB, MACROS, NOT_KEPT = "bomb", "macros", "not_kept"

_STARTS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_OLE = b"\xd0\xcf\x11\xe0"
_START_OF_MARKUP = re.compile(
    rb"^\s*<(!doctype|html|svg|\?xml|script|body|head|!--)", re.IGNORECASE
)
_MARKUP = re.compile(r"<(script|html|svg|iframe|body)\b", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_PROGRAMS = ("vbaproject.bin", "activex", "scripts/", "basic/", "macrosheets", "oleobject")
_BROKEN = (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError)
_BEGINNING = 100_000  # characters of a text that tell what it is
# Headers of a mail. No parser of mails: it takes seconds for long headers, and fails on odd ones.
_HEADER = re.compile(r"[A-Za-z-]+:")
_FILLED = r"^{}:(?:[ \t]|\r?\n[ \t])*[^\s]"
_FROM, _DATE = (re.compile(_FILLED.format(name), re.I | re.M) for name in ("from", "date"))


def judge(data: bytes) -> str:
    """The kind of a file, or the reason why it is not kept."""
    start = data[:4096]
    for signature, kind in _STARTS.items():
        if start.startswith(signature):
            return kind
    if start.startswith(_OLE):
        return OLD_OFFICE
    if _START_OF_MARKUP.match(start.lstrip(codecs.BOM_UTF8)):
        return MARKUP
    if start.startswith(b"PK"):
        return _office(data)
    return _text(data)


def _office(data: bytes) -> str:
    """DOCX, XLSX or ODS, judged by the directory of the archive before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            refused = _bomb(members) or _program(names, members)
            if refused:
                return refused
            if "word/document.xml" in names:
                return "docx"
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "mimetype" in names:
                with archive.open("mimetype") as mimetype:
                    return "ods" if mimetype.read(100) == ODS else NOT_KEPT
    except _BROKEN:
        return DAMAGED
    return NOT_KEPT


def _bomb(members: list[zipfile.ZipInfo]) -> str:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    many = len(members) > limits.FILE_MEMBERS or unpacked > limits.FILE_UNPACKED
    swollen = unpacked > limits.UPLOAD and unpacked / packed > limits.RATIO
    return BOMB if many or swollen else ""


def _program(names: set[str], members: list[zipfile.ZipInfo]) -> str:
    if any(member.flag_bits & 1 for member in members):
        return DAMAGED
    lower = {name.casefold() for name in names}
    if any(part in name for name in lower for part in _PROGRAMS):
        return MACROS
    if any(".." in name or name.startswith(("/", "\\")) for name in names):
        return NOT_KEPT
    return ""


def _text(data: bytes) -> str:
    text = _decoded(data)
    if text is None or _CONTROL.search(text):
        return NOT_KEPT
    beginning = text[:_BEGINNING].lstrip("\ufeff")
    if _is_mail(beginning):
        return "eml"
    if _MARKUP.search(text):
        return MARKUP
    first = (beginning.splitlines() or [""])[0]
    return "csv" if any(sign in first for sign in ",;\t") else NOT_KEPT


def _is_mail(beginning: str) -> bool:
    """Whether it begins with headers, which say from whom and when."""
    headers = re.split(r"\r?\n\r?\n", beginning, maxsplit=1)[0]
    begins = _HEADER.match(beginning)
    return bool(begins and _FROM.search(headers) and _DATE.search(headers))


def _decoded(data: bytes) -> str | None:
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf16 else ("utf-8", "cp1257"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
