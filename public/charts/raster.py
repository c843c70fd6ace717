"""A drawing as a PNG, with letters of our own: the same picture on every machine."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from resvg_py import svg_to_bytes

FONTS = sorted(str(path) for path in Path(__file__).with_name("fonts").glob("*.ttf"))
FAMILY = "DejaVu Sans"


@lru_cache(maxsize=32)  # at most 4 MB: who asks whether a picture changed waits for none
def png(svg: str, *, width: int) -> bytes:
    """The picture, `width` pixels wide."""
    return bytes(
        svg_to_bytes(
            svg_string=svg,
            width=width,
            skip_system_fonts=True,
            font_files=FONTS,
            font_family=FAMILY,
            serif_family=FAMILY,
            sans_serif_family=FAMILY,
        )
    )
