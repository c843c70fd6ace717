"""What a page says to programs."""

from __future__ import annotations

import json

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from public.machines.described import described
from releases.published import Reading

register = template.Library()
# As json_script of Django has it: nothing in a text ends the element.
ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


@register.simple_tag
def linked_data(reading: Reading) -> SafeString:
    """JSON-LD of the project: a block of data, which no browser runs and no policy has to allow."""
    text = json.dumps(described(reading, get_language() or "en"), ensure_ascii=False)
    data = mark_safe(text.translate(ESCAPED))  # noqa: S308 - escaped above
    return format_html('<script type="application/ld+json">{}</script>', data)
