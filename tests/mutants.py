"""Where small faults can be put into the code, one at a time: what tests/mutations.py draws from.

Left alone are texts for people, annotations, logging, and what only a reader or a type checker
notices, so that a fault nobody finds is rarely one that nobody could find.
"""

from __future__ import annotations

import ast
import builtins
import re
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

ROOMS = (
    *("accounts", "audit", "budget", "deliverables", "exchange", "experts", "public", "steps"),
    *("releases", "twinning", "office", "demo", "tryout"),
)
EQUALITIES: dict[type[ast.AST], tuple[str, str]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
}
OPERATORS: dict[type[ast.AST], tuple[str, str]] = EQUALITIES | {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
    ast.Add: (r"\+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: (r"\*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.BitOr: (r"\|", "&"),
    ast.BitAnd: ("&", "|"),
}
LOOKUPS = {"gt": "gte", "gte": "gt", "lt": "lte", "lte": "lt", "icontains": "contains"}
TRANSLATED = re.compile(r"_|n?p?gettext(_lazy)?|format_lazy")
UNSEEN = {  # keyword arguments that are texts for people, or change nothing for a right program
    *("verbose_name", "verbose_name_plural", "help_text", "help", "label", "description"),
    *("violation_error_message", "encoding", "strict", "stacklevel"),
}


@dataclass(frozen=True)
class Place:
    """A span of bytes in a file, and the texts any one of which makes a fault of it.

    `name` tells it from all others, and stays while its line does.
    """

    name: str
    file: str
    kind: str
    start: int
    end: int
    texts: tuple[str, ...]


def places(root: Path) -> Iterator[Place]:
    rooms = [path for room in ROOMS for path in sorted((root / room).rglob("*.py"))]
    for path in [*rooms, root / "manage.py"]:
        if "migrations" not in path.parts:
            yield from places_of(path.relative_to(root).as_posix(), path.read_bytes())


def places_of(file: str, source: bytes) -> list[Place]:
    reader = Reader(file, source)
    reader.visit(ast.parse(source))
    return reader.found


@dataclass
class Reader(ast.NodeVisitor):
    """Goes through a file and notes its places; offsets are in bytes, as those of `ast` are."""

    file: str
    source: bytes
    found: list[Place] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.lines = [0, *accumulate(map(len, self.source.splitlines(keepends=True)))]

    def offset(self, line: int, column: int) -> int:
        return self.lines[line - 1] + column

    def start(self, node: Any) -> int:
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: Any) -> int:
        return self.offset(node.end_lineno, node.end_col_offset)

    def add(self, kind: str, start: int, end: int, *texts: str) -> None:
        line = bisect(self.lines, start) - 1
        text = self.source[self.lines[line] : self.lines[line + 1]].strip()
        name = f"{self.file} {kind} {start - self.lines[line]} {text!r}"
        self.names[name] += 1  # a line may be there more than once
        place = Place(f"{name} {self.names[name]}", self.file, kind, start, end, texts)
        self.found.append(place)

    def swap(self, kind: str, op: ast.AST, left: ast.AST, right: ast.AST) -> None:
        """The operator between two operands, where no comment is between them."""
        token, other = OPERATORS.get(type(op), ("", ""))
        start, end = self.end(left), self.start(right)
        between = self.source[start:end].decode()
        if token and "#" not in between and (at := re.search(token, between)):
            self.add(kind, start + at.start(), start + at.end(), other)

    def negate(self, test: ast.expr) -> None:
        """A condition, unless its one operator or its `not` is a place that gives the same."""
        same = isinstance(test, ast.Compare) and type(test.ops[0]) in EQUALITIES
        if not same and not isinstance(test, ast.UnaryOp):
            text = self.source[self.start(test) : self.end(test)].decode()
            self.add("condition negated", self.start(test), self.end(test), f"not ({text})")

    def delete(self, node: ast.stmt) -> None:
        self.add("statement deleted", self.start(node), self.end(node), "pass")

    def visit(self, node: ast.AST) -> None:
        """Statements are looked into field by field, without annotations."""
        if isinstance(node, ast.JoinedStr):  # before Python 3.12, offsets in it are wrong
            return
        if type(node) in NOTES:
            NOTES[type(node)](self, node)
        if is_for_readers(node):
            return
        for name, value in ast.iter_fields(node):
            if name not in ("annotation", "returns", "type_params"):
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST):
                        self.visit(child)


def called(node: ast.AST) -> str:
    """The name of what a call calls, with what it belongs to."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def is_for_readers(node: ast.AST) -> bool:
    """Texts, logging, imports for the type checker, what a dataclass forbids to its users."""
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    if isinstance(node, ast.keyword):
        return node.arg in UNSEEN
    name = called(node)
    last = name.rsplit(".", 1)[-1]
    return bool(TRANSLATED.fullmatch(last) or is_log(node)) or last in ("cast", "dataclass")


def is_log(node: ast.AST) -> bool:
    return bool(re.match(r"(log|logger|logging)\.", called(node)))


def is_text(node: ast.AST) -> bool:
    constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return constant or isinstance(node, ast.JoinedStr) or is_for_readers(node)


def compare(reader: Reader, node: ast.Compare) -> None:
    operands = pairwise([node.left, *node.comparators])
    for op, (left, right) in zip(node.ops, operands, strict=True):
        reader.swap("comparison swapped", op, left, right)


def both(reader: Reader, node: ast.BoolOp) -> None:
    for left, right in pairwise(node.values):
        reader.swap("and/or swapped", node.op, left, right)


def reckon(reader: Reader, node: ast.BinOp) -> None:
    """Arithmetic and sets; not what can only be a text, a path or a type."""
    name = ast.unparse(node.right).rsplit(".", 1)[-1]
    type_like = hasattr(builtins, name) or re.fullmatch(r"[A-Z][a-z]\w*", name)
    is_type = isinstance(node.op, ast.BitOr) and type_like
    if not is_type and not is_text(node.left) and not is_text(node.right):
        reader.swap("operator swapped", node.op, node.left, node.right)


def reckon_in_place(reader: Reader, node: ast.AugAssign) -> None:
    reader.swap("operator swapped", node.op, node.target, node.value)
    reader.delete(node)


def undo_sign(reader: Reader, node: ast.UnaryOp) -> None:
    if isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        kind = "condition negated" if isinstance(node.op, ast.Not) else "sign dropped"
        reader.add(kind, reader.start(node), reader.start(node.operand), "")


def change_constant(reader: Reader, node: ast.Constant) -> None:
    if isinstance(node.value, bool):
        reader.add("constant", reader.start(node), reader.end(node), str(not node.value))
    elif isinstance(node.value, int | float):
        texts = str(node.value + 1), str(node.value - 1)
        reader.add("constant", reader.start(node), reader.end(node), *texts)


def negate_tests(reader: Reader, node: Any) -> None:
    if not is_for_readers(node):
        for test in node.ifs if isinstance(node, ast.comprehension) else [node.test]:
            reader.negate(test)


def give_nothing(reader: Reader, node: ast.Return) -> None:
    if node.value and ast.unparse(node.value) != "None":
        reader.add("nothing returned", reader.start(node.value), reader.end(node.value), "None")


def leave_call_out(reader: Reader, node: ast.Expr) -> None:
    if isinstance(node.value, ast.Call) and not is_log(node.value):
        reader.delete(node)


def leave_attribute_out(reader: Reader, node: ast.Assign) -> None:
    """`x.y = …` and `x[y] = …`; without `y = …` alone, nearly always the next line breaks."""
    if any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
        reader.delete(node)


def leave_option_out(reader: Reader, node: ast.ClassDef) -> None:
    for line in node.body:
        if isinstance(line, ast.Assign | ast.AnnAssign) and line.value:
            target = line.targets[0] if isinstance(line, ast.Assign) else line.target
            if not is_for_readers(line.value) and ast.unparse(target) not in UNSEEN:
                reader.delete(line)
    leave_decorator_out(reader, node)


def leave_decorator_out(reader: Reader, node: Any) -> None:
    for decorator in node.decorator_list:
        at = reader.source.rindex(b"@", 0, reader.start(decorator))
        reader.add("decorator removed", at, reader.end(decorator), "")


def leave_keyword_out(reader: Reader, node: ast.Call) -> None:
    if is_for_readers(node):
        return
    given = sorted([*node.args, *node.keywords], key=reader.start)
    for number, keyword in enumerate(given):
        if not isinstance(keyword, ast.keyword) or not keyword.arg or keyword.arg in UNSEEN:
            continue
        start, end = reader.start(keyword), reader.end(keyword)
        path, _, lookup = keyword.arg.rpartition("__")
        if lookup in LOOKUPS and path:
            name = start + len(keyword.arg)
            reader.add("lookup swapped", start, name, f"{path}__{LOOKUPS[lookup]}")
        if number:
            reader.add("keyword argument dropped", reader.end(given[number - 1]), end, "")
        else:
            end = reader.start(given[1]) if given[1:] else reader.end(node) - 1
            reader.add("keyword argument dropped", start, end, "")


def open_slice(reader: Reader, node: ast.Slice) -> None:
    for bound in (node.lower, node.upper):
        if bound:
            reader.add("slice opened", reader.start(bound), reader.end(bound), "")


NOTES: dict[type[ast.AST], Callable[[Reader, Any], None]] = {
    ast.Compare: compare,
    ast.BoolOp: both,
    ast.BinOp: reckon,
    ast.AugAssign: reckon_in_place,
    ast.UnaryOp: undo_sign,
    ast.Constant: change_constant,
    ast.If: negate_tests,
    ast.While: negate_tests,
    ast.IfExp: negate_tests,
    ast.comprehension: negate_tests,
    ast.Return: give_nothing,
    ast.Raise: Reader.delete,
    ast.Continue: Reader.delete,
    ast.Break: Reader.delete,
    ast.Expr: leave_call_out,
    ast.Assign: leave_attribute_out,
    ast.ClassDef: leave_option_out,
    ast.FunctionDef: leave_decorator_out,
    ast.Call: leave_keyword_out,
    ast.Slice: open_slice,
}
