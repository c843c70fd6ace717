"""The shipped presets of rulesets, one TOML file for each edition of the Manual."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypedDict, cast

FOLDER = Path(__file__).parent / "editions"


class Preset(TypedDict):
    """What an edition fills in: the columns of a ruleset, and of its rates and terms."""

    rules: dict[str, str | int | list[str]]
    rates: list[dict[str, str]]
    terms: list[dict[str, str]]


def editions() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read(edition: str) -> Preset:
    """`rules` for a Ruleset, `rates` and `terms` as lists; empty for an edition without preset."""
    path = FOLDER / f"{edition}.toml"
    if edition not in editions():
        return {"rules": {}, "rates": [], "terms": []}
    return cast(Preset, tomllib.loads(path.read_text(encoding="utf-8")))
