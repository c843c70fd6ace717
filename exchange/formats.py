"""The two formats that the admin imports and exports: CSV and XLSX."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import tablib
from django.utils.translation import gettext as _
from import_export.formats import base_formats

from exchange import limits
from exchange.cells import as_csv, as_xlsx


class CSV(base_formats.CSV):  # type: ignore[misc]
    encoding = "utf-8-sig"

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return as_csv(dataset.headers or [], dataset)

    def is_binary(self) -> bool:
        return False

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> tablib.Dataset:
        """Comma or semicolon, told from the header line; each row as wide as the header."""
        text = in_stream.decode("utf-8-sig") if isinstance(in_stream, bytes) else in_stream
        text = text.removeprefix("\ufeff")
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        _refuse_short_rows(text, delimiter)
        return super().create_dataset(text, delimiter=delimiter, **kwargs)


def _refuse_short_rows(text: str, delimiter: str) -> None:
    """tablib would pad a cut-off row with blanks, and the import would erase what it lacks."""
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    width = len(next(rows, []))
    for number, row in enumerate(rows, start=2):
        if row and len(row) != width:
            raise ValueError(
                _("Row %(row)s has %(cells)s of %(width)s cells; the file may be cut off.")
                % {"row": number, "cells": len(row), "width": width}
            )


class XLSX(base_formats.XLSX):  # type: ignore[misc]
    def create_dataset(self, in_stream: Any, **kwargs: Any) -> tablib.Dataset:
        """Refuse by the directory of the file, before anything is unpacked."""
        with zipfile.ZipFile(io.BytesIO(in_stream)) as packed:
            members = packed.infolist()
        if len(members) > limits.MEMBERS or sum(m.file_size for m in members) > limits.UNPACKED:
            raise ValueError(
                _(
                    "The file would unpack to more than %(most)s MB. Copy the table into a new "
                    "workbook, save it as XLSX or CSV, and upload that."
                )
                % {"most": limits.UNPACKED // 1024 // 1024}
            )
        return super().create_dataset(in_stream, **kwargs)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return as_xlsx(dataset.headers or [], dataset, dataset.title or "table")
