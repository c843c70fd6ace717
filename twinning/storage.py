"""Where files are kept, as EVIDENCE_STORAGE and PREPARED_STORAGE say."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured


def private_storage(setting: str, address: str, folder: Path) -> dict[str, Any]:
    """The entry of STORAGES: a private folder, or a bucket of an S3-compatible store.

    "" is `folder`; "/some/folder" is that one; the query of
    "s3://bucket/prefix?endpoint_url=…&region_name=…" becomes options of django-storages.
    """
    if not address.startswith("s3://"):
        if "://" in address:
            raise ImproperlyConfigured(
                f"{setting} is {address!r}, which is no storage that the register knows. "
                "Set it to a folder, or to s3://bucket/prefix?endpoint_url=https://…"
            )
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": address or str(folder),
                "base_url": None,
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    parts = urlsplit(address)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
            "max_memory_size": 1024 * 1024,  # what is larger is read by way of a file
            **dict(parse_qsl(parts.query)),
        },
    }
