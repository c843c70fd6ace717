"""What a cell says as a text or as the digits of a number, and what two texts have in common."""

from __future__ import annotations

import decimal
import re
import unicodedata

from django.utils.translation import gettext as _

from audit.rows.characters import UNSEEN, fit
from exchange.tables.number_formats import Cell, Day, Number

GROUPS = " \u00a0\u202f'\u2019"
_GROUPED = re.compile(rf"^[+-]?\d{{1,3}}([{GROUPS}]\d{{3}})+([.,]\d+)?$", re.ASCII)
# #N/A, #REF!, #ERROR! and their translations; Err:502 of LibreOffice; ### of a narrow column.
_BROKEN = re.compile(r"^(#N/A|#[^\W\d][\w/]{1,20}[!?]|Err:\d{3}|#{3,})$", re.IGNORECASE)
_MARK = re.compile(r"\[\s*([^\W\d_]{2,20})\s*\]")


def cut(value: object) -> str:
    return str(value)[:50]


def alike(code: str) -> str:
    """What two codes have in common that the eye takes for one."""
    return UNSEEN.sub("", unicodedata.normalize("NFKC", code)).replace(" ", "").casefold()


def error_of(text: str) -> str:
    sentence = _("“%(value)s” is an error of the spreadsheet. Mend the formula, or type the value.")
    return sentence % {"value": cut(text)}


def marked(cell: str) -> str:
    """What a cell says in square brackets, whatever the keyboard and the eye make of it: "dzest"
    of "[ Dzēst ]"; "" where it is no one word in brackets."""
    if len(cell.strip()) > 40:
        return ""
    letters = unicodedata.normalize("NFKD", UNSEEN.sub("", cell.strip()))
    mark = _MARK.fullmatch("".join(c for c in letters if not unicodedata.combining(c)).strip())
    return mark[1].casefold() if mark else ""


def checked_text(value: str) -> str:
    """The characters of a cell, composed; refuses what cannot be seen, joins of words excepted."""
    text = fit(value.strip().strip("\ufeff"), lines=True)
    if _BROKEN.match(text):
        raise ValueError(error_of(text))
    return text


def as_text(cell: Cell) -> str:
    """What a cell says as text. Raises ValueError where a spreadsheet made it something else."""
    if cell is None:
        return ""
    value = str(cell)
    if isinstance(cell, Number):
        value = cell.shown()
        if not cell.is_exact:
            why = _("“%(value)s” has more than 15 digits, and a spreadsheet keeps no more.")
        elif cell.form.parts or not cell.is_plain or value != cell.plain():
            why = _("The cell shows “%(value)s”, and the file holds the number %(plain)s.") % {
                "value": "%(value)s",
                "plain": cell.plain()[:50],
            }
        else:
            return value
    elif isinstance(cell, Day):
        why = _("“%(value)s” is a date to the spreadsheet, not a text.")
    elif isinstance(cell, bool):
        value, why = value.upper(), _("“%(value)s” is a yes or no to the spreadsheet, not a text.")
    else:
        return checked_text(value)
    way_out = _("Format the column as text, and type it again.")
    raise ValueError(f"{why} {way_out}" % {"value": cut(value)})


def counted(cell: Number, *, percent: bool = False, money: bool = False) -> str:
    """The number of a cell that shows one. Raises ValueError where it shows something else."""
    form = cell.form
    if form.percent and percent:
        return f"{decimal.Decimal(cell.plain()).scaleb(2):f}"
    given = {"shown": cut(cell.shown()), "plain": cell.plain()[:50]}
    if form.scaled or form.hidden or form.parts:
        raise ValueError(
            _(
                "The format of the cell does not show its number, %(plain)s. Format the cell as a "
                "number, and look at it again."
            )
            % given
        )
    if form.percent:
        raise ValueError(
            _("The cell shows “%(shown)s”, a per cent. Write the number itself.") % given
        )
    if form.has_sign or (money and form.is_foreign):
        raise ValueError(
            _("The cell shows “%(shown)s”, and amounts are in EUR. Write the amount in EUR.")
            % given
        )
    return cell.plain()


def digits(value: Cell, **how: bool) -> str:
    """A number without the spaces between its groups of three; `how` of `counted`."""
    if isinstance(value, Number):
        return counted(value, **how)
    text = checked_text(str("" if value is None else value))
    if _GROUPED.match(text):
        text = re.sub(f"[{GROUPS}]", "", text)
    return text


def plain_number(value: decimal.Decimal) -> str:
    """Without zeros behind the last decimal that says something: 12.500 is 12.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
