"""From the bytes of a file to a table whose cells know where they stand.

What a file is, is told by its content. Refused with a sentence: whatever is not a plain table of
text (CSV) or a workbook without macros (exchange.reading.xlsx).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping

from django.utils.translation import gettext as _

from exchange.reading import deadline
from exchange.reading.decoding import BALTIC, decoded, refuse_other_kinds
from exchange.reading.faults import Fault, Unreadable
from exchange.reading.table import Row, Table, too_long, too_wide, trimmed, whole
from exchange.reading.xlsx import read_sheets, read_workbook
from exchange.tables import limits

# UTF-8 that somebody read as windows-1252 or -1257: a capital with a mark before a symbol.
_MOJIBAKE = re.compile(r"[ÃÄÅĆ][\u0080-\u00bf“”„‘’‚†‡•…–—™‹›€ˆ‰]|\ufffd")


def read(
    name: str, data: bytes, table: str, encoding: str = "", known: Mapping[str, str] | None = None
) -> Table:
    """The table in a file; of a workbook, the sheet called `table` or the only one.

    `known` has other names of sheets, in small letters, and the tables that they stand for.
    Raises Unreadable, and UnsureOfEncoding unless `encoding` was confirmed.
    """
    if len(data) > limits.UPLOAD:
        raise Unreadable(
            _("The file has %(size).1f MB; at most %(most)s MB can be imported.")
            % {"size": len(data) / 1024 / 1024, "most": limits.UPLOAD // 1024 // 1024}
        )
    if not data.strip(b" \t\r\n\x0b\x0c;,\xef\xbb\xbf\xff\xfe\x00"):
        raise Unreadable(_("The file is empty."))
    ending = name.rpartition(".")[2].casefold()
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if ending in ("csv", "txt", "tsv"):
            raise Unreadable(
                _("The file is called .%(ending)s, but it is a workbook. Rename it to .xlsx.")
                % {"ending": ending}
            )
        parsed = read_workbook(data, table, known or {})
    else:
        refuse_other_kinds(data, ending)
        parsed = _checked("", _records(decoded(data, encoding)))
    return parsed


def read_all(
    name: str, data: bytes, known: Mapping[str, str], wanted: Collection[str]
) -> tuple[dict[str, Table], dict[str, str]]:
    """The wanted tables in the sheets of a workbook, by what their names stand for; and the names
    of the sheets that are of other tables. Raises Unreadable."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return read_sheets(data, known, wanted)
    read(name, data, "", BALTIC)
    raise Unreadable(
        _(
            "This is one table, and a whole project is a workbook with a sheet for each table. "
            "Import the file on the page of its table."
        )
    )


def _records(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The records of a CSV with their numbers; the delimiter is told from the header alone."""
    first, rest = _line(text)
    if re.fullmatch(r"\"?sep=[;,\t]\"?[;,]*", first.strip("\r\n"), re.IGNORECASE):
        text, first = rest, _line(rest)[0]
    bare = re.sub(r'"[^"]*"', "", first)
    delimiter = max(";,\t", key=bare.count)
    if bare.count(delimiter) >= limits.COLUMNS:
        raise too_wide(bare.count(delimiter) + 1)
    csv.field_size_limit(limits.CELL * 2)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            if not record:  # a blank line
                continue
            if not number % 256:
                deadline.keep()
            if len(record) > limits.COLUMNS and len(trimmed(tuple(record))) > limits.COLUMNS:
                raise too_wide(len(record))
            yield number, tuple(record[: limits.COLUMNS])
    except csv.Error as error:
        sentence = (
            _("A cell is longer than %(most)s characters.") % {"most": limits.CELL}
            if "field larger" in str(error)
            else _("A quotation mark is not closed, or stands where none may; is the file whole?")
        )
        raise Unreadable(Fault(sentence, number + 1)) from None


def _line(text: str) -> tuple[str, str]:
    """The first line that is not blank, and what follows it."""
    start = len(text) - len(text.lstrip())
    begins = text.rfind("\n", 0, start) + 1
    ends = text.find("\n", start) + 1 or len(text)
    return text[begins:ends], text[ends:]


def _checked(name: str, records: Iterator[tuple[int, tuple[str, ...]]]) -> Table:
    """A table whose rows are as wide as its header. Raises Unreadable."""
    filled = []
    for number, cells in records:
        if trimmed(cells):
            filled.append((number, cells))
        if len(filled) > limits.ROWS + 1:
            raise too_long()
    if not filled:
        raise Unreadable(_("The file is empty."))
    header = tuple(cell.strip() for cell in trimmed(filled[0][1]))
    full = len(filled[0][1])
    width, faults, rows = len(header), [], []
    for number, cells in filled[1:]:
        if len(cells) < full and len(cells) != width:
            faults.append(
                Fault(
                    _("The row has %(cells)s of %(width)s cells; the file may be cut off.")
                    % {"cells": len(cells), "width": width},
                    number,
                )
            )
        elif len(trimmed(cells)) > width:
            faults.append(
                Fault(
                    _("The row has %(cells)s cells, and the header has %(width)s.")
                    % {"cells": len(trimmed(cells)), "width": width},
                    number,
                )
            )
        else:
            cells = cells[:width]
        rows.append(Row(number, cells))
    return whole(name, header, rows, faults)


def garbled(cell: str) -> str:
    """Why a text looks as if somebody decoded it wrongly; "" where it does not."""
    mojibake = _MOJIBAKE.search(cell)
    if not mojibake:
        return ""
    start = max(mojibake.start() - 10, 0)
    return _(
        "“%(value)s” looks wrongly decoded: the letters were read in another encoding. Save "
        "the file again as “CSV UTF-8”, or as XLSX."
    ) % {"value": cell[start : start + 30]}
