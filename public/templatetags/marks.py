"""How what a search gives reads on its page."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from releases.published import Marked

register = template.Library()


@register.filter
def marks(text: Marked) -> SafeString:
    """A text with its marked words, and its language where the page has another one."""
    parts = (format_html("<mark>{}</mark>", part) if hit else part for part, hit in text.parts)
    joined = format_html_join("", "{}", ((part,) for part in parts))
    if text.lang == get_language():
        return joined
    return format_html('<span lang="{}">{}</span>', text.lang, joined)
