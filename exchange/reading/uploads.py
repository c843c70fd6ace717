"""Uploads are refused by size before they are read, and a path in a file's name is noticed."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

from exchange.tables import limits


class HonestParser(MultiPartParser):
    """Django strips the path from a file's name without a word; this one remembers that it did."""

    held_path = False

    def sanitize_file_name(self, file_name: str) -> str | None:
        self.held_path = self.held_path or "/" in file_name or "\\" in file_name
        return super().sanitize_file_name(file_name)


class LimitedUpload(FileUploadHandler):
    """First in FILE_UPLOAD_HANDLERS: has the others parse, within limits.

    Sets `held_path` on the request when the name of a file held a path.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, UploadedFile[bytes]]]:
        if content_length > limits.REQUEST:
            raise RequestDataTooBig
        request: Any = self.request
        others = [handler for handler in request.upload_handlers if handler is not self]
        parser = HonestParser(META, input_data, others, encoding or settings.DEFAULT_CHARSET)
        parsed = parser.parse()
        request.held_path = parser.held_path
        return parsed

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class Hashed(FileUploadHandler):
    """Hashes an upload as it arrives and keeps nothing of it."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.digests: list[tuple[str, int]] = []

    def new_file(
        self,
        field_name: str,
        file_name: str,
        content_type: str,
        content_length: int | None,
        charset: str | None = None,
        content_type_extra: dict[str, bytes] | None = None,
    ) -> None:
        super().new_file(
            field_name, file_name, content_type, content_length, charset, content_type_extra
        )
        self.sha = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.sha.update(raw_data)

    def file_complete(self, file_size: int) -> None:
        self.digests.append((self.sha.hexdigest(), file_size))


def digests_of(request: HttpRequest) -> list[tuple[str, int]]:
    """The SHA-256 and the size of each file of a form, none of which is kept."""
    hashed = Hashed(request)
    request.upload_handlers = [LimitedUpload(request), hashed]
    request.FILES  # noqa: B018 - reading them is what hashes
    return hashed.digests
