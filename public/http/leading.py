"""Where an address leads at which there is nothing: to the same one, written as here. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

_CODE = re.compile(r"[a-z]{1,3}[ _-]?\d+(\.\w+)*", re.IGNORECASE)
_PROJECTS, _RESULTS = "projects", "deliverables"


def lead(path: str, languages: Collection[str], lang: str) -> str:
    """`/projects/x/` gets a language, `/EN/` and `/en/projects/X/` small letters, a code of a
    result its capitals and its page; "" where the address is as they are written."""
    parts = path.split("/")[1:]
    first = parts[0].lower()
    if first == _PROJECTS:
        parts, first = [lang, *parts], lang
    if first not in languages:
        return ""
    parts[0] = first
    if len(parts) > 2 and parts[1].lower() == _PROJECTS:
        parts[1:] = [_PROJECTS, parts[2].lower(), *_of_project(parts[3:])]
    right = "/" + "/".join(parts)
    return "" if right == path else right


def _of_project(parts: list[str]) -> list[str]:
    """A code, alone or behind the name of the list, is that of a result."""
    before = parts[:1] if [part.lower() for part in parts[:1]] == [_RESULTS] else []
    code, *rest = parts[len(before) :] or [""]
    if not _CODE.fullmatch(code):
        return parts
    return [_RESULTS, re.sub(r"^[a-z]+", lambda letters: letters[0].upper(), code), *(rest or [""])]
