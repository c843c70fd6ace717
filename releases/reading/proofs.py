"""What shows a stranger that a release stands under a published head: release.proof.json."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from audit.models import Seal
from audit.seals.books import BLANK, tree_under
from audit.seals.notices import mark_of_notice, posted_under
from audit.seals.sealing import moment, text_of
from releases.models import WORD

PATIENCE = 2  # seconds that a reader waits for another one's tree
_BUILDING = Lock()  # one tree at a time: it has a leaf for each book and each seal


class Unproved(Exception):
    """Why there is no such proof, as a sentence."""


class ProofsBusy(Exception):
    """Others have theirs made at this moment."""


def covering(release: Any) -> int | None:
    """The first seal that covers a release, by its digest and number."""
    return posted_under(WORD, release.digest, release.number)


def proof(slug: str, release: Any, head: str = "") -> dict[str, object]:
    """Of a release, by its digest and number, for the seal with this head, or for the newest one.
    Raises Unproved and ProofsBusy.

    `text` is the seal's, whose SHA-256 is the head; `nodes` are the texts on the way from its root
    to the leaf of the document (audit.seals.tree). All else can be read in these: `release` is the
    newest one before the seal that has exactly this document.
    """
    since = covering(release)
    if since is None:
        raise Unproved(_not_yet(release.number))
    seal = _seal(head)
    if seal.number < since:
        raise Unproved(_too_old(release.number, since, seal.number))
    before = Seal.objects.filter(number=seal.number - 1).first()
    nodes = _nodes(mark_of_notice(WORD, release.digest), seal.number, seal.head)
    return {
        "project": slug,
        "release": int(nodes[-1].split(" ")[1]),
        "sha256": release.digest,
        "seal": seal.number,
        "sealed_at": moment(seal.made_at),
        "head": seal.head,
        "text": text_of(seal, before.head if before else BLANK),
        "nodes": nodes,
    }


def _seal(head: str) -> Seal:
    seals = Seal.objects.order_by("-number")
    seal = (seals.filter(head=head) if head else seals).first()
    if seal is None:
        raise Unproved(_("No seal of this register has the head “%(head)s”.") % {"head": head})
    return seal


def _nodes(mark: str, seal: int, head: str) -> list[str]:
    if not _BUILDING.acquire(timeout=PATIENCE):
        raise ProofsBusy
    try:
        return _way(mark, seal, head)
    finally:
        _BUILDING.release()


@lru_cache(maxsize=1000)
def _way(mark: str, seal: int, head: str) -> list[str]:
    """What stands under a head never changes."""
    return list(tree_under(seal).way(mark))


def _not_yet(number: int) -> str:
    return _(
        "Release %(number)s is not sealed yet. It is within %(minutes)s minutes: ask again then. "
        "If it still is not, it is not what was published: tell the people who run the register."
    ) % {"number": number, "minutes": settings.SEAL_MINUTES}


def _too_old(number: int, since: int, seal: int) -> str:
    return _(
        "The head that you gave is of seal %(seal)s, and release %(number)s is covered from seal "
        "%(since)s on. Ask with the head of that seal, or of a later one."
    ) % {"number": number, "since": since, "seal": seal}
