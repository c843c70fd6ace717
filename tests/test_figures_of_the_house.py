"""What `make figures` counts, in a planted tree."""

from __future__ import annotations

from pathlib import Path

from tests.figures import figures

MODULE = """from typing import Any

class Row: ...

class Command:
    class Row: ...

def found(one: Any, *, seen: Any = 1) -> Any:  # type: ignore[misc]
    def inner() -> None:
        import json
    from os import path
    "one told"
    return one.made(told=seen)
"""
COUNTED = {
    "lines of Python outside tests and migrations": 13 + 2 + 301 + 42 + 16,
    "files of Python": 4 + 16,
    "lines of the median file": "1",
    "lines of the longest file": "301 (room/long.py)",
    "files over 300 lines": 1,
    "folders with more than 15 files": "1 (crowd 16)",
    "Any": 3,
    "type: ignore": 1,
    "functions over 40 lines": 1,
    "imports inside functions": 2,
    "one as an identifier": 2,
    "found as an identifier": 1,
    "told as an identifier": 1,
    "seen as an identifier": 2,
    "made as an identifier": 1,
    "names of classes used twice or more": "1 (Row 2)",
    "lines of templates over 120 columns": "1 of 244",
    "templates over 120 lines": 1,
}


def test_a_planted_tree_is_counted(tmp_path: Path) -> None:
    planted = {
        "room/here.py": MODULE,
        "room/other.py": "class Row: ...\nclass Command: ...\n",
        "room/long.py": "pass\n" * 301,
        "room/function.py": "def f() -> None:\n" + "    pass\n" * 40 + "def g() -> None: ...\n",
        **{f"crowd/m{number}.py": "pass\n" for number in range(16)},
        **{f"fifteen/m{number}.txt": "" for number in range(16)},
        "room/migrations/0001_initial.py": MODULE,
        "tests/test_here.py": MODULE,
        ".venv/lib/there.py": MODULE,
        "templates/room/wide.html": "<p>\n" + "x" * 121 + "\n" + "x" * 120,
        "templates/long.txt": "x\n" * 120,
        "templates/longer.txt": "x\n" * 121,
    }
    for name, text in planted.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    assert figures(tmp_path) == COUNTED
