"""What proves a result and where it is told: evidence with its file, sources, statements."""

from __future__ import annotations

from deliverables.evidence.models.evidence import (
    Evidence,
    EvidenceKind,
    Source,
    Statement,
    StatementKind,
)
from deliverables.evidence.models.file import File

__all__ = [
    "Evidence",
    "EvidenceKind",
    "File",
    "Source",
    "Statement",
    "StatementKind",
]
