"""All that public pages read of releases: the only module of ours that `public` imports."""

from __future__ import annotations

from budget.money.absorption import Absorption
from releases.document import codes, dates, numbers, tables, words
from releases.document.build import (
    BEGUN,
    BY,
    CLOSED,
    LADDER,
    Rung,
    absorb_part,
    at_least,
    breakdown,
    counting,
    drifts,
)
from releases.document.changes import DocumentDifference
from releases.document.dates import next_quarter, shown
from releases.document.sentences import in_words
from releases.document.shapes import ExpertTotals, Totals, UnknownShape
from releases.document.tables import FORMATS
from releases.reading import listings, mailing, proofs
from releases.reading.issued_files import (
    CHECK,
    CHECK_RELEASE,
    DEFINITIONS,
    QUERIES,
    SHA256,
    Issued,
    digests_of,
    issued,
)
from releases.reading.listings import compared, releases
from releases.reading.reading import (
    Altered,
    Reading,
    Share,
    Slippage,
    Timing,
    canonical,
    cumulated,
    elapsed,
    fold,
    in_time,
    newest,
    plain_number,
    public_file,
    quarter_name,
    runs_out,
    slippage,
    source_of,
    timing,
    way,
)
from releases.reading.withdrawn import Withdrawn

__all__ = [
    "Absorption",
    "Altered",
    "BEGUN",
    "BY",
    "CHECK",
    "CHECK_RELEASE",
    "CLOSED",
    "DEFINITIONS",
    "DocumentDifference",
    "ExpertTotals",
    "FORMATS",
    "Issued",
    "LADDER",
    "QUERIES",
    "Reading",
    "Rung",
    "SHA256",
    "Share",
    "Slippage",
    "Timing",
    "Totals",
    "UnknownShape",
    "Withdrawn",
    "absorb_part",
    "at_least",
    "breakdown",
    "canonical",
    "codes",
    "compared",
    "counting",
    "cumulated",
    "dates",
    "digests_of",
    "drifts",
    "elapsed",
    "fold",
    "in_time",
    "in_words",
    "issued",
    "listings",
    "mailing",
    "newest",
    "next_quarter",
    "numbers",
    "plain_number",
    "proofs",
    "public_file",
    "quarter_name",
    "releases",
    "runs_out",
    "shown",
    "slippage",
    "source_of",
    "tables",
    "timing",
    "way",
    "words",
]
