"""What is kept as evidence, by content; everything else gets a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from deliverables.evidence.file_kinds import MEDIA_TYPES, FileKind, WrongFile
from deliverables.evidence.inspecting import kind_of
from exchange.tables import limits

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
EML = (b"From: a@example.org\r\nTo: b@example.org\r\nDate: Tue, 24 Nov 2026 10:00:00 +0200\r\n"
       b"Subject: Report\r\n\r\nHere it is.\r\n")  # fmt: skip
CSV = "kods;nosaukums\nD1.1;Ziņojums\n".encode()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def xlsx() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


DOCX = archive(**{"[Content_Types].xml": b"<x/>", "word__document.xml": b"<w/>"})
ODS = archive(mimetype=MEDIA_TYPES[FileKind.ODS].encode(), content_dot_xml=b"<x/>")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.pdf", PDF, "pdf"), ("a.PNG", PNG, "png"), ("a.jpg", JPEG, "jpeg"),
        ("a.jpeg", JPEG, "jpeg"), ("a.docx", DOCX, "docx"), ("a.xlsx", xlsx(), "xlsx"),
        ("a.ods", ODS, "ods"), ("a.csv", CSV, "csv"), ("a.eml", EML, "eml"),
        ("a.csv", "kods,vārds\n1,ž\n".encode("cp1257"), "csv"),
        ("a.csv", "kods\tvārds\n1\tž\n".encode("utf-16"), "csv"),
    ],
)  # fmt: skip
def test_what_is_kept(name: str, data: bytes, kind: str) -> None:
    file = io.BytesIO(data)

    assert kind_of(name, file, len(data)) == kind
    assert file.tell() == 0


KEPT = "PDF, PNG, JPEG, DOCX, XLSX, ODS, CSV, EML"
NOT_KEPT = f"It is an archive or a kind that is not kept. Kept are: {KEPT}."
MARKUP = "It is a web page or a drawing of code (HTML, SVG, XML). Save it as PDF."
BROKEN = "It is damaged or protected by a password. Open it, and save it again without."
MACROS = "It holds macros or embedded programs. Save it without them, or as PDF."
BOMB = "It would unpack to far more than it seems to be. Save it again, or as PDF."
PATH = (
    "Its name holds a path or signs that hide what it is. Rename it to plain letters and numbers, "
    "and choose it again."
)
MACRO = archive(**{"word__document.xml": b"<w/>", "word__vbaProject.bin": b"x"})
ZEROS = archive(**{"word__document.xml": b"0" * (60 * 1024 * 1024)})
MANY = archive(**{"word__document.xml": b"x", **{f"m{n}": b"" for n in range(2001)}})
ESCAPES = archive(**{"word__document.xml": b"x", ".._dot___x": b""})


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.pdf", b"", "It is empty (0 bytes). Choose the file itself."),
        ("a.pdf", PNG, "It is called “a.pdf”, but what is in it is: PNG image. Give it the right "
         "ending, or choose the file that you meant."),
        ("a.docx", xlsx(), "It is called “a.docx”, but what is in it is: Excel workbook. Give it "
         "the right ending, or choose the file that you meant."),
        ("report", PDF, "It is called “report”, but what is in it is: PDF document. Give it the "
         "right ending, or choose the file that you meant."),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", MARKUP),
        ("a.pdf", b"\xef\xbb\xbf <!DOCTYPE html><script>1</script>", MARKUP),
        ("a.csv", b"a,b\n<script>alert(1)</script>,2\n", MARKUP),
        ("a.pdf", b"<?xml version='1.0'?><x/>", MARKUP),
        ("a.docm", MACRO, MACROS),
        ("a.docx", MACRO, MACROS),
        ("a.docx", ZEROS, BOMB),
        ("a.docx", MANY, BOMB),
        ("a.docx", ESCAPES, NOT_KEPT),
        ("a.docx", DOCX[:-30], BROKEN),
        ("a.zip", archive(a=b"x"), NOT_KEPT),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 40,
         "It is an old Office file (.doc, .xls). Save it as DOCX or XLSX, or as PDF."),
        ("a.exe", b"MZ\x90\0\3\0", NOT_KEPT),
        ("a.csv", b"just words\n", NOT_KEPT),
        ("a.csv", b"a,b\n\0,1\n", NOT_KEPT),
        ("../../etc/a.pdf", PDF, PATH),
        ("C:\\a.pdf", PDF, PATH),
        ("fdp.\u202etxt.pdf", PDF, PATH),
        ("a\n.pdf", PDF, PATH),
        ("a" * 151 + ".pdf", PDF, "Its name is empty or longer than 150 characters. Give it a "
         "shorter one."),
    ],
)  # fmt: skip
def test_what_is_not_kept_is_told_why(name: str, data: bytes, sentence: str) -> None:
    with pytest.raises(WrongFile) as refused:
        kind_of(name, io.BytesIO(data), len(data))

    assert str(refused.value) == sentence


def test_a_file_of_26_mb_is_refused_unread() -> None:
    file = io.BytesIO(PDF)
    with pytest.raises(WrongFile) as refused:
        kind_of("a.pdf", file, 26 * 1024 * 1024)

    assert str(refused.value) == (
        "It has 26.0 MB; at most 25 MB are kept. Make it smaller or split it."
    )
    assert limits.EVIDENCE == 25 * 1024 * 1024


def test_a_password_is_told() -> None:
    data = bytearray(DOCX)
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 8] |= 1

    with pytest.raises(WrongFile, match="protected by a password"):
        kind_of("a.docx", io.BytesIO(bytes(data)), len(data))
