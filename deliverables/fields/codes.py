"""The next code of a series, where the register numbers rows itself: M42 after M41."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from django.db.models import Max, Model, QuerySet
from django.utils.translation import gettext as _

from audit.rows.refused import Refused

LAST = 9999  # a number of a code has at most four digits: deliverables.fields.columns.CODE_PATTERN


def following(rows: QuerySet[Model], series: str) -> str:
    """The code after the last one of a series: M41 is followed by M42, A0.2 by A0.3.

    Rows are those among which a code is given once, and locked against others who number them.
    Numbers go on after the highest one, an imported one too, so none is ever given twice; what an
    import skips stays free for imports. Raises Refused where no number is left.
    """
    return after(series, last(rows, series))


def endless(rows: QuerySet[Model], series: str, taken: Collection[str] = ()) -> Iterator[str]:
    """The codes after the last one of a series, one by one, without those that are `taken`
    meanwhile. Raises Refused where no number is left."""
    number = last(rows, series)
    while True:
        code = after(series, number)
        number += 1
        if code not in taken:
            yield code


def last(rows: QuerySet[Model], series: str) -> int:
    """The highest number of a series, 0 where it has none."""
    own = rows.filter(code__regex=f"^{re.escape(series)}[0-9]+$")
    highest = own.aggregate(last=Max("code_order"))["last"]
    return int(highest[-1]) if highest else 0


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
