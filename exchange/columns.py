"""The description of a table's columns: key, label, meaning, type and unit, said once.

Label and meaning are the model field's own `verbose_name` and `help_text`. A cell that cannot be
read raises ValueError with a sentence that names the value and what would work.
"""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import models
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

_GROUPED = re.compile(r"^\d{1,3}([ \u00a0\u202f]\d{3})+([.,]\d+)?$")
_MONEY = re.compile(r"^\d{1,9}([.,]\d{1,2})?$")
_YES, _NO = {"yes", "jā", "true", "1"}, {"no", "nē", "false", "0"}


def _cut(value: object) -> str:
    return str(value)[:50]


class TextWidget(Widget):  # type: ignore[misc]
    """Text as it stands; a spreadsheet's number in a code column is refused, not guessed."""

    def __init__(self, *, is_code: bool = False) -> None:
        super().__init__()
        self.is_code = is_code

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        if self.is_code and not isinstance(value, str):
            raise ValueError(
                _(
                    "“%(value)s” is a number or a date, not a code: a spreadsheet changed it. "
                    "Write the code as text, as D1.2."
                )
                % {"value": _cut(value)}
            )
        text = str(value).strip()
        if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text):
            raise ValueError(_("The text holds control characters. Type it again."))
        return text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class IntegerWidget(Widget):  # type: ignore[misc]
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise ValueError(
                _("“%(value)s” is not a whole number from 0 to 999 999 999.")
                % {"value": _cut(text)}
            )
        return int(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class MoneyWidget(Widget):  # type: ignore[misc]
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> decimal.Decimal | None:
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        if _GROUPED.match(text):
            text = re.sub(r"[ \u00a0\u202f]", "", text)
        if not _MONEY.match(text):
            raise ValueError(
                _("“%(value)s” is not an amount. Write EUR with at most two decimals: 1234.50.")
                % {"value": _cut(text)}
            )
        return decimal.Decimal(text.replace(",", "."))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class BooleanWidget(Widget):  # type: ignore[misc]
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        text = str("" if value is None else value).strip().casefold()
        if text not in _YES | _NO:
            raise ValueError(
                _("“%(value)s” is neither yes nor no. Write yes or no (jā, nē).")
                % {"value": _cut(text)}
            )
        return text in _YES

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "yes" if value else "no"


class ChoiceWidget(Widget):  # type: ignore[misc]
    """A coded value; several, comma-separated, when `many`."""

    def __init__(self, known: Mapping[str, Any], *, many: bool = False) -> None:
        super().__init__()
        self.known, self.many = known, many

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = "" if value is None else str(value).strip()
        parts = [part.strip() for part in text.split(",") if part.strip()] if self.many else [text]
        for part in parts:
            if part not in self.known:
                raise ValueError(
                    _("“%(value)s” is not known. Known: %(known)s.")
                    % {"value": _cut(part), "known": ", ".join(self.known)}
                )
        return parts if self.many else text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return ",".join(value) if self.many else str(value)


class ReferenceWidget(Widget):  # type: ignore[misc]
    """Another table's row by its natural key, within the same project where it has one."""

    def __init__(self, model: type[models.Model], key: str, within: Mapping[str, str]) -> None:
        super().__init__()
        self.model, self.key, self.within = model, key, within
        self.visible: Callable[[type[models.Model]], Any] | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> models.Model | None:
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        rows = self.visible(self.model) if self.visible else None
        rows = (self.model._default_manager.all() if rows is None else rows).filter(
            **{lookup: str((row or {}).get(column) or "") for lookup, column in self.within.items()}
        )
        try:
            return rows.get(**{self.key: text})
        except (ObjectDoesNotExist, MultipleObjectsReturned, ValueError):
            known = [str(key) for key in rows.values_list(self.key, flat=True)[:12]]
            raise ValueError(
                _("“%(value)s” is not a known %(what)s. Known: %(known)s.")
                % {
                    "value": _cut(text),
                    "what": self.model._meta.verbose_name,
                    "known": ", ".join(known) or _("none yet"),
                }
            ) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(getattr(value, self.key))


def _kind_of_output(field: Any) -> str:
    output = getattr(field, "output_field", None)
    return "integer" if isinstance(output, models.IntegerField) else "text"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `to` is the natural key of the row that a foreign key points at; `within` narrows the look-up
    by other columns of the same row. `via` is the path of a column that is only shown. Personal
    columns leave the register in no file; internal ones only in the files of the back office;
    document_only ones stand in release documents and in no table that people read.
    """

    key: str
    to: str = ""
    within: Mapping[str, str] = field(default_factory=dict)
    via: str = ""
    unit: str = ""
    personal: bool = False
    internal: bool = False
    document_only: bool = False

    def model_field(self, model: type[models.Model]) -> models.Field[Any, Any]:
        *parents, last = (self.via or self.key).split("__")
        for name in parents:
            model = cast(type[models.Model], model._meta.get_field(name).related_model)
        return cast("models.Field[Any, Any]", model._meta.get_field(last))

    def label(self, model: type[models.Model]) -> str:
        return str(self.model_field(model).verbose_name)

    def meaning(self, model: type[models.Model]) -> str:
        return str(self.model_field(model).help_text)

    def kind(self, model: type[models.Model]) -> str:
        """text, code, date, integer, money, boolean, choice, choices or reference."""
        of = self.model_field(model)
        if self.to:
            return "reference"
        if hasattr(of, "base_field"):
            return "choices"
        if of.choices:
            return "choice"
        kinds: dict[str, str] = {
            "PositiveSmallIntegerField": "integer",
            "PositiveIntegerField": "integer",
            "GeneratedField": _kind_of_output(of),
            "DecimalField": "money",
            "BooleanField": "boolean",
            "PartialDateField": "date",
        }
        return kinds.get(type(of).__name__, "code" if of.name == "code" else "text")

    def choices(self, model: type[models.Model]) -> dict[str, Any]:
        of = self.model_field(model)
        return dict(getattr(of, "base_field", of).flatchoices)

    def value(self, row: models.Model) -> Any:
        """The value in a document: text, int, bool, list, or None; money as text with a point."""
        value: Any = row
        for name in (self.via or self.key).split("__"):
            value = getattr(value, name) if value is not None else None
        if self.to:
            value = getattr(value, self.to) if value is not None else ""
        if value is None and self.via and self.kind(type(row)) in ("text", "code"):
            return ""
        return str(value) if isinstance(value, decimal.Decimal) else value

    def as_field(self, model: type[models.Model]) -> Field:
        widgets: dict[str, Any] = {
            "code": lambda: TextWidget(is_code=True),
            "integer": IntegerWidget,
            "money": MoneyWidget,
            "boolean": BooleanWidget,
            "choice": lambda: ChoiceWidget(self.choices(model)),
            "choices": lambda: ChoiceWidget(self.choices(model), many=True),
            "reference": self._reference(model),
        }
        widget = widgets.get(self.kind(model), TextWidget)()
        return Field(self.via or self.key, self.key, widget, readonly=bool(self.via))

    def _reference(self, model: type[models.Model]) -> Any:
        of = self.model_field(model)
        related: Any = of.related_model
        return lambda: ReferenceWidget(related, self.to, self.within)
