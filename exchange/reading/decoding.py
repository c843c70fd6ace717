"""From the bytes of a file to its text: what kind of file it is, and in which encoding."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from exchange.reading.faults import Fault, Unreadable, UnsureOfEncoding

BALTIC = "cp1257"
SAMPLES = 12
_WORD = re.compile(r"[^\W\d_]+")


def refuse_other_kinds(data: bytes, ending: str) -> None:
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    kinds = (
        ((b"\x89png", b"\xff\xd8\xff", b"gif8"), _("The file is a picture.")),
        ((b"%pdf",), _("The file is a PDF.")),
        ((b"<!doctype", b"<html", b"<?xml", b"<table"), _("The file is a web page or XML.")),
        (
            (b"\xd0\xcf\x11\xe0",),
            _("The file is a workbook of the old kind (.xls), or it is protected by a password."),
        ),
    )
    for starts, sentence in kinds:
        if start.startswith(starts):
            raise Unreadable(
                sentence
                + " "
                + _("Open it in your spreadsheet, and save the table as XLSX without a password.")
            )
    if ending in ("xlsx", "xlsm", "xls", "ods"):
        raise Unreadable(
            _(
                "The file is called .%(ending)s, but it is no workbook: it may be cut off, or "
                "it is a CSV. Save it again as XLSX, or rename it to .csv."
            )
            % {"ending": ending}
        )


def decoded(data: bytes, encoding: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return _without_nul(data.decode("utf-16"))
        except UnicodeDecodeError:
            raise Unreadable(_("The file says that it is UTF-16, and it is not.")) from None
    try:
        return _without_nul(data.decode("utf-8").lstrip("\ufeff"))
    except UnicodeDecodeError:
        if b"\0" in data:
            _without_nul(data.decode("latin-1"))
    if encoding == BALTIC:
        try:
            return data.decode(BALTIC)
        except UnicodeDecodeError:
            pass
    raise _unsure(data)


def _without_nul(text: str) -> str:
    if (at := text.find("\0")) < 0:
        return text
    line = text.count("\n", 0, at) + 1
    raise Unreadable(
        Fault(_("There is a NUL character; a table of text has none. Save it again."), line)
    )


def _unsure(data: bytes) -> Exception:
    """What to ask a person: words with letters that are not ASCII, as windows-1257 reads them."""
    try:
        text = data.decode(BALTIC)
    except UnicodeDecodeError:
        return Unreadable(
            _(
                "The file is neither UTF-8 nor windows-1257, so its letters cannot be told. In "
                "Excel, save it as “CSV UTF-8”, or as XLSX."
            )
        )
    words = dict.fromkeys(word for word in _WORD.findall(text) if not word.isascii())
    if not words:
        return Unreadable(_("The file is not UTF-8. In Excel, save it as “CSV UTF-8”, or as XLSX."))
    return UnsureOfEncoding(BALTIC, list(words)[:SAMPLES])
