"""The heads of the chain, for everybody to keep: who holds an old one can prove a rewrite."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from audit.models import Seal
from audit.seals import moment

SHOWN = 1000


def _heads() -> list[dict[str, Any]]:
    return [
        {
            "seal": seal.number,
            "at": moment(seal.made_at),
            "events": seal.events,
            "line": seal.seq,
            "head": seal.head,
        }
        for seal in Seal.objects.order_by("-number")[:SHOWN]
    ]


@csrf_exempt
@require_safe
def heads_json(request: HttpRequest) -> HttpResponse:
    """The newest 1,000 seals, newest first."""
    text = json.dumps({"heads": _heads()}, indent=1)
    return HttpResponse(text + "\n", content_type="application/json", headers=CACHED)


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


CACHED = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}
