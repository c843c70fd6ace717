"""BagIt 1.0 (RFC 8493) in a ZIP: every file with its SHA-256, equal content in equal bytes."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO

BUFFER = 1 << 16
EARLIEST = (1980, 1, 1, 0, 0, 0)


class _Part:
    """One file of the bag while it is written: hashed and counted on its way."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out, self.sha, self.size = out, hashlib.sha256(), 0
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        if len(self.waiting) >= BUFFER:
            self.flush()
        return len(data)

    def flush(self) -> None:
        data = bytes(self.waiting)
        self.waiting.clear()
        self.sha.update(data)
        self.size += len(data)
        self.out.write(data)


class Bag:
    """A bag that is being written. Payload goes below data/, all else is a tag file."""

    def __init__(self, out: IO[bytes], folder: str) -> None:
        self.packed = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.folder = folder
        self.digests: dict[str, str] = {}
        self.sizes: dict[str, int] = {}

    def __enter__(self) -> Bag:
        return self

    def __exit__(self, *error: object) -> None:
        """A bag that failed is closed as far as it goes: what is left of it is thrown away."""
        with suppress(OSError, ValueError):
            self.packed.close()

    @contextmanager
    def part(self, name: str) -> Iterator[_Part]:
        """A file to write to; `name` is its path in the bag."""
        member = zipfile.ZipInfo(f"{self.folder}/{name}", EARLIEST)
        member.compress_type = zipfile.ZIP_DEFLATED
        member.external_attr = 0o644 << 16
        with self.packed.open(member, "w", force_zip64=True) as out:
            part = _Part(out)
            yield part
            part.flush()
        self.digests[name], self.sizes[name] = part.sha.hexdigest(), part.size

    def put(self, name: str, content: bytes) -> None:
        with self.part(name) as out:
            out.write(content)

    @staticmethod
    def info_text(info: Mapping[str, str]) -> bytes:
        """bag-info.txt, in which what is not stated is left out."""
        lines = [f"{key}: {' '.join(str(value).split())}\n" for key, value in info.items() if value]
        return "".join(lines).encode()

    def close(self, info: Mapping[str, str]) -> None:
        """Write the declaration, what `info` says, and the manifests."""
        payload = {name: sha for name, sha in self.digests.items() if name.startswith("data/")}
        self.put("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        self.put("bag-info.txt", self.info_text(info))
        self.put("manifest-sha256.txt", _manifest(payload))
        tags = {name: sha for name, sha in self.digests.items() if name not in payload}
        self.put("tagmanifest-sha256.txt", _manifest(tags))
        self.packed.close()


def _manifest(digests: Mapping[str, str]) -> bytes:
    """As `sha256sum -c` reads it."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()
