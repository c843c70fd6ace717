"""The figures of the house, counted: `make figures`.

    python -m tests.figures [FOLDER]

Of Python all files are counted that git knows, but tests and migrations; of templates all .html and
.txt under templates/.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
LONG_FILE, LONG_FUNCTION = 300, 40  # lines
LONG_TEMPLATE, WIDE = 120, 120  # lines, columns
AT_ONE_LEVEL = 15  # files of a room
NAME_NOTHING = ("one", "found", "told", "seen", "made")
OUT = {"tests", "migrations", "var", ".venv"}
tell = partial(print, flush=True)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def figures(root: Path) -> dict[str, object]:
    """What is counted -> how much."""
    files = sources(root)
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    lines = {path: len(text.splitlines()) for path, text in texts.items()}
    trees = [ast.parse(text) for text in texts.values()]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = Counter(name for node in nodes for name in named(node))
    functions = [node for node in nodes if isinstance(node, Function)]
    classes = Counter(
        node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)
    )
    longest = max(lines, key=lambda path: lines[path])
    return {
        "lines of Python outside tests and migrations": sum(lines.values()),
        "files of Python": len(files),
        "lines of the median file": f"{median(lines.values()):g}",
        "lines of the longest file": f"{lines[longest]} ({longest.relative_to(root)})",
        f"files over {LONG_FILE} lines": sum(n > LONG_FILE for n in lines.values()),
        f"folders with more than {AT_ONE_LEVEL} files": crowded(root, files),
        "Any": names["Any"],
        "type: ignore": sum(text.count("# type: ignore") for text in texts.values()),
        f"functions over {LONG_FUNCTION} lines": sum(
            (node.end_lineno or 0) - node.lineno + 1 > LONG_FUNCTION for node in functions
        ),
        "imports inside functions": len({id(n) for f in functions for n in imports_in(f)}),
        **{f"{word} as an identifier": names[word] for word in NAME_NOTHING},
        "names of classes used twice or more": twice(classes),
        **of_templates(root),
    }


def of_templates(root: Path) -> dict[str, object]:
    paths = [p for p in (root / "templates").rglob("*") if p.suffix in (".html", ".txt")]
    texts = [path.read_text(encoding="utf-8").splitlines() for path in paths]
    wide = [line for lines in texts for line in lines if len(line) > WIDE]
    return {
        f"lines of templates over {WIDE} columns": f"{len(wide)} of {sum(map(len, texts))}",
        f"templates over {LONG_TEMPLATE} lines": sum(len(t) > LONG_TEMPLATE for t in texts),
    }


def sources(root: Path) -> list[Path]:
    """The modules that git knows, or would add; in a folder without git all there are."""
    if (root / ".git").exists():
        asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
        told = subprocess.run(asked, cwd=root, capture_output=True, text=True, check=True).stdout
        paths = [root / name for name in sorted(set(told.splitlines()))]
    else:
        paths = sorted(root.rglob("*.py"))
    return [p for p in paths if p.exists() and not OUT & set(p.relative_to(root).parts[:-1])]


def named(node: ast.AST) -> Iterator[str]:
    """The identifiers at a place, each time they stand there."""
    match node:
        case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.keyword(arg=str(name)):
            yield name


def imports_in(function: Function) -> Iterator[ast.AST]:
    return (n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom))


def crowded(root: Path, files: list[Path]) -> str:
    """How many folders, and which; __init__.py is no file that anybody looks for."""
    of = Counter(path.parent for path in files if path.name != "__init__.py")
    many = {path: count for path, count in sorted(of.items()) if count > AT_ONE_LEVEL}
    return _listed(f"{path.relative_to(root)} {count}" for path, count in many.items())


def twice(classes: Counter[str]) -> str:
    """Of classes at the top of a module: a Meta or a Kind stands in its class."""
    many = sorted(name for name, count in classes.items() if count > 1)
    return _listed(f"{name} {classes[name]}" for name in many if not re.match("Command$", name))


def _listed(parts: Iterator[str]) -> str:
    many = list(parts)
    return f"{len(many)} ({', '.join(many)})" if many else "0"


def main(arguments: list[str]) -> None:
    for what, count in figures(Path(arguments[0]) if arguments else ROOT).items():
        tell(f"{what}: {count}")


if __name__ == "__main__":
    main(sys.argv[1:])
