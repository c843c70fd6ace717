"""What stands under a seal: each book, notice, and seal before it, in one SHA-256. Pure.

A mark has its place by its bits, and a branch with one leaf is that leaf. So the way from the root
leads to the only place where the mark can stand, and shows as well that it does not stand there.

    a leaf    "mark number state"    number and state of a book, of a notice or of an earlier seal
    a branch  "left right"           the SHA-256 of what is on each side, "-" where nothing is
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TypeAlias

NOTHING = "-"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Leaf:
    __slots__ = ("bits", "digest", "text")

    def __init__(self, mark: str, number: int, state: str) -> None:
        self.bits = int(mark, 16)
        self.text = f"{mark} {number} {state}"
        self.digest = digest(self.text)


class Branch:
    __slots__ = ("_digest", "sides")

    def __init__(self) -> None:
        self.sides: list[Node | None] = [None, None]
        self._digest = ""

    def changed(self) -> None:
        self._digest = ""

    @property
    def text(self) -> str:
        return " ".join(side.digest if side else NOTHING for side in self.sides)

    @property
    def digest(self) -> str:
        self._digest = self._digest or digest(self.text)
        return self._digest


Node: TypeAlias = Leaf | Branch


class Tree:
    """Leaves by their marks (64 hexadecimal digits)."""

    def __init__(self) -> None:
        self._top: Node | None = None

    @property
    def root(self) -> str:
        return self._top.digest if self._top else NOTHING

    def put(self, mark: str, number: int, state: str) -> None:
        """Set what stands under a mark."""
        self._top = _put(self._top, Leaf(mark, number, state), 0)

    def way(self, mark: str) -> Iterator[str]:
        """The texts from the root to the place of a mark: what shows what stands there."""
        node, bits = self._top, int(mark, 16)
        for depth in range(257):
            if node is None:
                return
            yield node.text
            if isinstance(node, Leaf):
                return
            node = node.sides[_side(bits, depth)]


def _side(bits: int, depth: int) -> int:
    return bits >> (255 - depth) & 1


def _put(node: Node | None, leaf: Leaf, depth: int) -> Node:
    if node is None or (isinstance(node, Leaf) and node.bits == leaf.bits):
        return leaf
    if isinstance(node, Leaf):
        node = _put(Branch(), node, depth)
    assert isinstance(node, Branch)  # noqa: S101 - for mypy
    side = _side(leaf.bits, depth)
    node.sides[side] = _put(node.sides[side], leaf, depth + 1)
    node.changed()
    return node
