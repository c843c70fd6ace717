from __future__ import annotations

from public.http.refusals import quoted


def test_what_was_asked_is_cut_to_80_characters_and_made_visible() -> None:
    assert quoted("a\0\x1b\u202eb") == "a\ufffd\ufffd\ufffdb"
    assert quoted("x" * 81) == "x" * 79 + "…"
    assert quoted("x" * 80) == "x" * 80
