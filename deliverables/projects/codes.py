"""The next code of a series, where the register numbers rows itself: M42 after M41."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from django.db.models import Max, Model, Q
from django.utils.translation import gettext as _

from audit.rows.refused import Refused
from deliverables.projects.models import Mistake
from deliverables.projects.models.mistake import owner_of

LAST = 9999  # a number of a code has at most four digits: deliverables.fields.columns.CODE_PATTERN


def following(table: type[Model], owner: int | None, series: str) -> str:
    """The code after the last one of a series: M41 is followed by M42, A0.2 by A0.3.

    `owner` is the id of the row in which a code is given once, a project or a budget line, locked
    against others who number its rows. Numbers go on after the highest one, an imported one and
    one that was entered by mistake too, so none is ever given twice; what an import skips stays
    free for imports. Raises Refused where no number is left.
    """
    return after(series, last(table, owner, series))


def endless(
    table: type[Model], owner: int | None, series: str, taken: Collection[str] = ()
) -> Iterator[str]:
    """The codes after the last one of a series, one by one, without those that are `taken`
    meanwhile. Raises Refused where no number is left."""
    number = last(table, owner, series)
    while True:
        code = after(series, number)
        number += 1
        if code not in taken:
            yield code


def last(table: type[Model], owner: int | None, series: str) -> int:
    """The highest number of a series, 0 where it has none."""
    numbered = Q(code__regex=f"^{re.escape(series)}[0-9]+$")
    rows = table._base_manager.filter(numbered, **{f"{owner_of(table)}_id": owner})
    highest = rows.aggregate(last=Max("code_order"))["last"]
    gone = Mistake.objects.of_table(table).filter(numbered, owner=owner)
    numbers = [code.removeprefix(series) for code in gone.values_list("code", flat=True)]
    return max([int(highest[-1]) if highest else 0, *map(int, numbers)])


def after(series: str, number: int) -> str:
    """The code after that number of a series. Raises Refused where no number is left."""
    if number >= LAST:
        raise Refused(
            _(
                "No number is left after %(code)s: a code has at most four digits. What is to be "
                "added can be imported under a code that is still free."
            )
            % {"code": f"{series}{LAST}"}
        )
    return f"{series}{number + 1}"
