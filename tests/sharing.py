"""How two workers share the suite: what needs the same expensive thing stays together."""

from __future__ import annotations

import re
from typing import Any

from xdist.scheduler import LoadScopeScheduling

# What takes longest begins first, so that no worker is left waiting for the other at the end.
FIRST = (
    "tests/twinning/test_matrix.py",
    "tests/browser/test_public_pages.py",
    "tests/tryout/test_two_commands.py",
    "midterm",
    "closing",
    "tests/browser/",
)
STAGE = re.compile(r"\[(?:[^\]]*-)?(inception|midterm|closing)\b")
ONE_BY_ONE = "tests/browser/"  # they share nothing


def group_of(nodeid: str) -> str:
    """The stage of the story that a test reads, or its module; some tests stand alone."""
    stage = STAGE.search(nodeid)
    if stage:
        return stage[1]
    return nodeid if nodeid.startswith(ONE_BY_ONE) else nodeid.split("::")[0]


def turn_of(group: str) -> int:
    turns = (turn for turn, name in enumerate(FIRST) if group.startswith(name))
    return next(turns, len(FIRST))


class ByGroup(LoadScopeScheduling):  # type: ignore[misc]
    """(`--dist loadgroup` of xdist 3.8 writes groups where pytest 9.2 does not read them.)"""

    def __init__(self, config: Any, log: Any) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        self.workqueue.move_to_end(min(self.workqueue, key=turn_of), last=False)
        super()._assign_work_unit(node)
