"""What the query of an address asks for: a day, a page of a list, filters. Pure.

Of a name given twice the last counts; names that we do not know are left alone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from public.http.refusals import NotThere, NotUnderstood, quoted

Query = Mapping[str, str]
LENGTH = 25
LONGEST_SEARCH = 200


def day(query: Query, today: dt.date) -> dt.date | None:
    """The day of `?at=`, or None where it is not asked for."""
    text = query.get("at", "")
    if not text:
        return None
    try:
        asked = dt.date.fromisoformat(text if re.fullmatch(r"20\d\d-\d\d-\d\d", text) else "")
    except ValueError:
        raise NotUnderstood(
            _(
                "“%(asked)s” is not a day. Write year, month and day, as ?at=%(today)s, "
                "to read the register as it stood that day."
            )
            % {"asked": quoted(text), "today": today.isoformat()}
        ) from None
    if asked > today:
        raise NotThere(
            _(
                "%(asked)s is still to come, so nothing is known of it. "
                "Ask for a day up to today, %(today)s."
            )
            % {"asked": asked.isoformat(), "today": today.isoformat()}
        )
    return asked


def one_of(query: Query, name: str, known: Collection[str]) -> str:
    """One of the known values, or "" where the filter is not set."""
    text = query.get(name, "")
    if text and text not in known:
        raise NotUnderstood(
            _("“%(asked)s” is not a value of the filter “%(name)s”. It can be: %(known)s.")
            % {"asked": quoted(text), "name": name, "known": ", ".join(known)}
        )
    return text


def year(query: Query) -> str:
    """The year of `?year=`, or ""."""
    text = query.get("year", "").strip()
    if text and not re.fullmatch(r"20\d\d", text, re.ASCII):
        raise NotUnderstood(
            _("“%(asked)s” is not a year. Write it with four digits, from 2000 on.")
            % {"asked": quoted(text)}
        )
    return text


def number(text: str) -> int:
    """The number of a release."""
    if not re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII):
        raise NotUnderstood(
            _("“%(asked)s” is no number of a release. They are numbered 1, 2, 3 and so on.")
            % {"asked": quoted(text)}
        )
    return int(text)


def release(cited: str, at: dt.date | None) -> int | None:
    """The number in the address of a release, which is of one day already; None without one."""
    if cited and at:
        raise NotThere(
            _("This is the address of release %(asked)s. Leave the day out, or the release.")
            % {"asked": quoted(cited)}
        )
    return number(cited) if cited else None


def head(query: Query) -> str:
    """The head of a seal in `?head=`, or ""."""
    text = query.get("head", "").strip().casefold()
    if text and not re.fullmatch(r"[0-9a-f]{64}", text, re.ASCII):
        raise NotUnderstood(
            _("“%(asked)s” is no head of a seal: that has 64 digits 0–9 and a–f.")
            % {"asked": quoted(text)}
        )
    return text


def search(query: Query) -> str:
    """The text to look for, or ""."""
    text = query.get("q", "").strip()
    if len(text) > LONGEST_SEARCH:
        raise NotUnderstood(
            _(
                "The text to look for has %(length)s characters. "
                "Look for %(most)s characters or fewer; a few words find most."
            )
            % {"length": len(text), "most": LONGEST_SEARCH}
        )
    if "\0" in text:
        raise NotUnderstood(
            _("“%(asked)s” holds a character that no text has (NUL). Look for words or a code.")
            % {"asked": quoted(text)}
        )
    return text


def page(
    query: Query, rows: Any, name: str = "page", length: int = LENGTH, count: int | None = None
) -> Page[Any]:
    """The asked page of a list of any length, or of a query, whose `count` may be known."""
    text, pages = query.get(name, "") or "1", Paginator(rows, length)
    if count is not None:
        pages.count = count
    if not re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII) or int(text) > pages.num_pages:
        raise NotThere(
            _("There is no page “%(asked)s” of this list: its pages go from 1 to %(last)s.")
            % {"asked": quoted(text), "last": pages.num_pages}
        )
    return pages.page(int(text))


def kept(query: Query, names: Collection[str]) -> dict[str, Any]:
    """The parameters of a page that its links carry on, without the empty ones."""
    return {name: query[name] for name in names if query.get(name)}
