"""Where files go, as EVIDENCE_STORAGE says; no network is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.core.files.storage.handler import StorageHandler
from storages.backends.s3 import S3Storage

from twinning.storage import private_storage


def built(address: str, var_dir: Path) -> Any:
    folder = var_dir / "evidence"
    backends: Any = {"evidence": private_storage("EVIDENCE_STORAGE", address, folder)}
    return StorageHandler(backends)["evidence"]


def test_a_private_folder_is_the_default(tmp_path: Path) -> None:
    store = built("", tmp_path)

    name = store.save("ab/cd", ContentFile(b"x"))

    assert isinstance(store, FileSystemStorage)
    assert Path(store.path(name)) == tmp_path / "evidence" / "ab" / "cd"


def test_a_bucket_of_any_s3_store_by_one_setting(tmp_path: Path) -> None:
    address = "s3://evidence/pmlp?endpoint_url=https://objects.example&region_name=eu-1"
    store = built(address, tmp_path)

    assert isinstance(store, S3Storage)
    assert (store.bucket_name, store.location, store.endpoint_url, store.region_name) == (
        "evidence",
        "pmlp",
        "https://objects.example",
        "eu-1",
    )
    assert store.default_acl is None


def test_another_kind_of_address_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="EVIDENCE_STORAGE is 'ftp://x'"):
        private_storage("EVIDENCE_STORAGE", "ftp://x", tmp_path)
    assert "evidence" in storages.backends
