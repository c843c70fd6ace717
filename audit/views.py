"""The heads of the seals, for everybody to keep: who holds an old one can prove a rewrite."""

from __future__ import annotations

import json
from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from audit.models import Seal, Timestamp
from audit.seals.sealing import moment

SHOWN = 1000


class Proof(TypedDict):
    """Which service outside has proved a head, since when, and where its answer is."""

    at: str
    by: str
    file: str


class Timestamped(TypedDict, total=False):
    timestamp: Proof


class Head(Timestamped):
    """A seal as the list of heads has it."""

    seal: int
    at: str
    events: int
    head: str


def _heads(before: int | None) -> list[Head]:
    rows = Seal.objects.select_related("timestamp").defer("timestamp__answer").order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    return [
        {
            "seal": seal.number,
            "at": moment(seal.made_at),
            "events": seal.events,
            "head": seal.head,
            **_proved(seal),
        }
        for seal in rows[:SHOWN]
    ]


def _proved(seal: Seal) -> Timestamped:
    """Since when a service outside proves the head, if one was asked."""
    if not hasattr(seal, "timestamp"):
        return {}
    stamp, where = seal.timestamp, reverse("heads_tsr", args=[seal.number])
    proof: Proof = {"at": moment(stamp.at), "by": stamp.service, "file": settings.SITE_URL + where}
    return {"timestamp": proof}


@csrf_exempt
@require_safe
def heads_json(request: HttpRequest) -> HttpResponse:
    """1,000 seals, the newest first; `next` is the address of those before them, if any."""
    text = request.GET.get("before", "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 16):
        refusal = {"error": _("?before= is the number of a seal; leave it out for the newest.")}
        return HttpResponse(json.dumps(refusal) + "\n", status=400, content_type="application/json")
    listed = _heads(int(text) if text else None)
    heads: dict[str, object] = {"heads": listed}
    if listed and (oldest := listed[-1]["seal"]) > 1:
        heads["next"] = f"{settings.SITE_URL}/audit/heads.json?before={oldest}"
    text = json.dumps(heads, indent=1)
    return HttpResponse(text + "\n", content_type="application/json", headers=CACHED)


@csrf_exempt
@require_safe
def heads_tsr(request: HttpRequest, number: int) -> HttpResponse:
    """What a time-stamping service answered about the head of a seal, byte for byte."""
    answer = bytes(get_object_or_404(Timestamp, seal=number).answer)
    named = {"Content-Disposition": f'attachment; filename="seal-{number}.tsr"'}
    kind = "application/timestamp-reply"
    return HttpResponse(answer, content_type=kind, headers=CACHED | named)


@csrf_exempt
@require_safe
def heads_atom(request: HttpRequest, lang: str) -> HttpResponse:
    """The same as a feed, one entry a seal."""
    site = settings.SITE_URL
    feed = Atom1Feed(
        title=_("Seals of the audit trail"),
        link=f"{site}/audit/heads.json",
        feed_url=f"{site}/{lang}/audit/heads.atom",
        description="",
        language=lang,
    )
    for seal in Seal.objects.order_by("-number")[:SHOWN]:
        feed.add_item(
            title=ngettext(
                "Seal %(number)s: %(events)s event",
                "Seal %(number)s: %(events)s events",
                seal.events,
            )
            % {"number": seal.number, "events": seal.events},
            link=f"{site}/audit/heads.json",
            unique_id=f"urn:sha256:{seal.head}",
            description=f"SHA-256 {seal.head}",
            updateddate=seal.made_at,
            pubdate=seal.made_at,
        )
    text = feed.writeString("utf-8")
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8", headers=CACHED)


CACHED = {"Cache-Control": "public, max-age=60"}
