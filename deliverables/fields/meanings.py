"""What the cells of columns say that stand in many tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Meanings: TypeAlias = "Mapping[str, _StrOrPromise]"

COMMON: Meanings = {
    "project": _(
        "The project that the row belongs to, by the part of its public address that never changes."
    ),
    "component": _(
        "The number of the component that it belongs to; empty where it belongs to none."
    ),
    "deliverable": _("The code of the deliverable that the row is about."),
    "activity": _("The code of the activity that the row is about."),
    "evidence": _("The code of the evidence that the row rests on; empty where none is named."),
    "note": _("A remark for readers, in this language; empty where there is none."),
}
