"""Looking things up in the flat rows of a document. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from releases.published import ComponentRow, ProjectRow

Row = Mapping[str, object]
Of = TypeVar("Of", bound=Row)


def is_slug(text: str) -> bool:
    return re.fullmatch(r"[a-z0-9-]{1,60}", text) is not None


def is_code(text: str) -> bool:
    return re.fullmatch(r"[A-Z][A-Za-z0-9. -]{0,39}", text) is not None


def text_of(row: Row, field: str) -> str:
    """A text in the active language, else in the other one, where no mark-up can stand."""
    first, second = ("lv", "en") if get_language() == "lv" else ("en", "lv")
    return str(row[f"{field}_{first}"] or row[f"{field}_{second}"])


def name_of(project: ProjectRow) -> str:
    """The reference of a project; its title where it has none."""
    return project["reference"] or text_of(project, "title")


def printed(component: ComponentRow) -> str:
    """What the source prints before the title of a component; "" where it prints nothing."""
    return (component["code"] or str(component["number"])) if component["numbered"] else ""


def in_short(component: ComponentRow) -> str:
    """A component in a sentence: “Component 1.2”, or its title where the source numbers none."""
    number = printed(component)
    return _("Component %(number)s") % {"number": number} if number else text_of(component, "title")


def index(rows: Iterable[Of], key: str = "code") -> dict[object, Of]:
    return {row[key]: row for row in rows}


def group(rows: Iterable[Of], key: str) -> dict[object, list[Of]]:
    """Rows by the value of a column, both in the order of the document."""
    groups: dict[object, list[Of]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups
