"""Which file of ours has a SHA-256: a release, a table of one, an export, or a part of a pack."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from audit.models import Seal
from exchange.models import Export, ExportKind
from exchange.reading.uploads import digests_of
from releases.models import Release
from releases.reading.proofs import covering

__all__ = ["CHECK", "CHECK_RELEASE", "DEFINITIONS", "QUERIES", "SHA256", "digests_of", "issued"]
SHA256 = re.compile(r"[0-9a-f]{64}")
CHECK = Path(settings.BASE_DIR, "releases", "packs", "check.py")  # of every audit pack
CHECK_RELEASE = CHECK.with_name("check_release.py")  # of a release, with its proof
# What each figure means, by language: a public page, and in every audit pack.
DEFINITIONS = {
    code: Path(settings.BASE_DIR, "docs", f"arithmetic{'' if code == 'en' else '.' + code}.md")
    for code, _name in settings.LANGUAGES
}
QUERIES = Path(settings.BASE_DIR, "docs", "queries.csv")  # each figure by one query; beside those


@dataclass(frozen=True, slots=True)
class Issued:
    """A file that was given out. `kind` is release, released_table, the name of a script, or an
    export's; or head: of the seal `seal`, which is the first one that covers a release."""

    kind: str
    name: str
    at: dt.datetime
    project: str
    release: int | None = None
    rows: int | None = None
    within: str = ""
    seal: int | None = None


def issued(sha256: str) -> list[Issued]:
    """All that has this digest, the oldest first: equal data make equal files."""
    if not SHA256.fullmatch(sha256):
        return []
    matches = [*_releases(sha256), *_exports(sha256), *_heads(sha256)]
    for script in (CHECK, CHECK_RELEASE):
        if hashlib.sha256(script.read_bytes()).hexdigest() == sha256:
            matches.append(Issued(script.stem, script.name, timezone.now(), ""))
    return sorted(matches, key=lambda match: match.at)


def _releases(sha256: str) -> list[Issued]:
    whole = Release.objects.filter(digest=sha256).defer("document", "files")
    documents = [
        Issued("release", "release.json", r.made_at, r.slug, r.number, seal=covering(r))
        for r in whole
    ]
    parts = Release.objects.filter(files__contains=[{"sha256": sha256}]).defer("document")
    return documents + [
        Issued("released_table", path, r.made_at, r.slug, r.number)
        for r in parts
        for path in _paths(r.files, sha256)
    ]


def _exports(sha256: str) -> list[Issued]:
    exports = Export.objects.filter(files__contains=[{"sha256": sha256}])
    return [
        Issued(
            str(ExportKind(export.kind)),
            path,
            export.made_at,
            export.project,
            rows=export.rows if path == export.name else None,
            within="" if path == export.name else export.name,
        )
        for export in exports
        for path in _paths(export.files, sha256)[:1]
    ]


def _heads(sha256: str) -> list[Issued]:
    seals = Seal.objects.filter(head=sha256)
    return [Issued("head", "", seal.made_at, "", seal=seal.number) for seal in seals]


def _paths(files: list[dict[str, str]], sha256: str) -> list[str]:
    return [file["path"] for file in files if file["sha256"] == sha256]
