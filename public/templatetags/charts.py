"""How marks and numbers of charts are drawn."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from public.charts import geometry, paint
from releases.published import numbers

register = template.Library()


@register.filter
def painted(name: str, also: str = "") -> SafeString:
    """How a mark is painted: its class, with `also` another, and attributes for where no style
    sheet is."""
    classes = f"s-{name} {also}".strip()
    return format_html('class="{}"{}', classes, flatatt(paint.PAINT[name]))


@register.filter
def sign(name: str) -> SafeString:
    """The shape of a rung on its own colour, 12 pixels wide around the middle of a bar."""
    return format_html(
        '<path class="on-{}" fill="{}" transform="translate(-6 4) scale(.75)" d="{}"/>',
        name,
        paint.on(name),
        geometry.SHAPES[name],
    )


@register.filter
def rounded(value: Decimal) -> str:
    """A computed number without decimals, half up."""
    return numbers.whole(int(value.quantize(Decimal(1), ROUND_HALF_UP)), get_language() or "en")
