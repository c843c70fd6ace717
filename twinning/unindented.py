"""Templates as they are sent: the indentation that makes them readable is no part of a page."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem


class Loader(filesystem.Loader):
    """Our own templates. In a text (a mail, a README) each blank counts, in HTML none that leads a
    line: no template has a <pre> or <textarea> of more lines than one."""

    def get_contents(self, origin: Origin) -> str:
        text = super().get_contents(origin)
        return text if origin.name.endswith(".txt") else re.sub(r"(?m)^[ \t]+", "", text)
