"""What the cited pages of a register say, and what its checks find."""

from __future__ import annotations

import contextlib
import html
import io
import json
import re
from collections import deque
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.management import CommandError, call_command
from django.test import Client

HREF = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')
MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
OUT = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]*>", re.DOTALL)
NUMBER = re.compile(r"\d[\d\s.,\u00a0\u202f]*\d|\d")
DOCUMENT = "/release.json"  # the one file that later versions make byte for byte
OF_FILES = "/data/"  # tells columns and sizes of the files, which later versions make with more
BLANK = re.compile(r"[\s\u00a0\u202f]+")


def asked(client: Client) -> dict[str, str]:
    """Each page and file below each release -> its figures, of the document the SHA-256.

    What a release says is told by its address alone, so neither the day nor a later release may
    change it.
    """
    from releases.models import Release

    first = [
        f"/{lang}/projects/{slug}/releases/{number}/"
        for lang in ("lv", "en")
        for slug, number in Release.objects.order_by("pk").values_list("slug", "number")
    ]
    waiting, known, said = deque(first), set(first), dict[str, str]()
    while waiting:
        where = waiting.popleft()
        page, said[where] = answer(client, where)
        for link in HREF.findall(page):
            path = urlsplit(urljoin(where, html.unescape(link))).path
            if path not in known and any(path.startswith(root) for root in first):
                known.add(path)
                waiting.append(path)
    return said


def answer(client: Client, where: str) -> tuple[str, str]:
    """The page or "" for a file, and what is compared of it."""
    response = client.get(where)
    assert response.status_code == 200, (where, response.status_code)
    if response.headers["Content-Type"].startswith("text/html"):
        page = response.content.decode()
        return page, figures(page)
    content = response.getvalue()
    return "", sha256(content).hexdigest() if where.endswith(DOCUMENT) else "a file"


def figures(page: str) -> str:
    """All numbers of the page's own part, in their order."""
    main = MAIN.search(page)
    assert main, page[:500]
    text = html.unescape(OUT.sub(" ", main[0]))
    return " ".join(BLANK.sub("", number) for number in NUMBER.findall(text))


# Figures that a version said and a later one says otherwise on purpose, by the page.
CORRECTED = {
    r"/ks-14-jb-jh-04/releases/\d+/(components/\d/)?$": "what its source does not say was 0, and "
    "what is left had no range",
    r"/ks-14-jb-jh-04/releases/\d+/deliverables/D(1\.2|4\.1)/$": "what proves an item stood twice",
    r"/demo/releases/\d+/$": "a result delivered in part was not late after its due date",
}


def keeps(where: str, then: str, now: str) -> bool:
    """Whether a page says all figures that it said, in their order; it may say more, and set them
    apart otherwise."""
    if any(re.search(page, where) for page in CORRECTED):
        return True
    later = iter(re.sub(r"\D", "", now))
    return all(digit in later for digit in re.sub(r"\D", "", then))


def checked() -> list[str]:
    """The errors of `check_data`, as sentences; raises AssertionError where `verify_audit` finds
    anything that is not as it was written."""
    out = io.StringIO()
    try:
        call_command("verify_audit", json=True, stdout=out)
    except CommandError as error:
        raise AssertionError(out.getvalue()) from error
    return sorted(
        f"{entry['project']} {entry['sentence']}"
        for entry in _found()
        if entry["severity"] == "error"
    )


def _found() -> list[dict[str, Any]]:
    out = io.StringIO()
    with contextlib.suppress(CommandError):  # errors are what is asked for
        call_command("check_data", json=True, stdout=out)
    entries: list[dict[str, Any]] = json.loads(out.getvalue())
    return entries
