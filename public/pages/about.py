"""What is known of a project, and where from. Pure."""

from __future__ import annotations

from typing import Any

from public.http import query_string
from public.rows import group, index
from releases.published import Reading


def about(reading: Reading, query: query_string.Query) -> dict[str, Any]:
    """Sources, aims, what is not known, contradictions, partners, evidence on the whole."""
    document = reading.document
    whole = [row for row in document["evidence"] if not row["deliverable"]]
    return {
        "statements": group(document["statements"], "kind"),
        "titles": [row for row in document["titles"] if row["component"] == ""],
        "partners": document["partnerships"],
        "terms": index(document["terms"], "function"),
        "list": query_string.page(query, whole),
    }
