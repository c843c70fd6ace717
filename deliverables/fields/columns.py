"""The columns that the register's tables are made of."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict, TypeVar, Unpack, cast

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from deliverables.fields import countries, dates
from exchange.tables import limits

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    Text: TypeAlias = models.CharField[str, str]
    Day: TypeAlias = models.DateField[dt.date | str | None, Any]
    Number: TypeAlias = models.DecimalField[Decimal | int | str | None, Decimal | None]
else:
    Text, Day, Number = models.CharField, models.DateField, models.DecimalField

Row = TypeVar("Row", bound=models.Model)
CODE_PATTERN = r"^[A-Z]{1,3}(-[A-Z]{1,3})?[- ]?\d{1,4}(\.\d{1,4}){0,3}$"


class Shown(TypedDict, total=False):
    """What a form says of a column, and whether it has it."""

    help_text: _StrOrPromise
    editable: bool


class ColumnOptions(Shown, total=False):
    """What a column may be given beside its name."""

    default: object
    null: bool
    blank: bool


NOT_A_DATE = _(
    "“%(value)s” is not a date between 2000 and 2100. Write a day (2019-02-21 or 21.02.2019), "
    "a month (2019-02) or a year (2019), as exactly as it is known."
)


def partial_date(value: str) -> None:
    try:
        dates.parse(value)
    except ValueError:
        raise ValidationError(NOT_A_DATE, code="invalid", params={"value": value[:50]}) from None


class PartialDateField(Text):
    """A day, a month or a year, as exactly as the source gives it; "" when it is not stated."""

    def __init__(
        self, verbose_name: _StrOrPromise | None = None, **kwargs: Unpack[ColumnOptions]
    ) -> None:
        fixed: Any = {"max_length": 10, "blank": True, "default": "", "db_collation": "C"}
        super().__init__(verbose_name, **kwargs | fixed)

    def to_python(self, value: object) -> str:
        """ISO text; what cannot be read stays as typed, so that the message can name it."""
        text = "" if value is None else str(value)
        try:
            return dates.parse(text) if text else ""
        except ValueError:
            return text.strip()

    default_validators = [partial_date]

    def formfield(self, **kwargs: Any) -> forms.CharField:
        field = cast(forms.CharField, super().formfield(**kwargs | {"widget": AdminDateWidget()}))
        field.max_length = None  # a mistyped date is told as a date, not as a length
        field.validators = [v for v in field.validators if getattr(v, "code", "") != "max_length"]
        field.widget.attrs.pop("maxlength", None)
        return field


NOT_A_DAY = _("“%(value)s” is not a day. Write it as 31.12.2026 or 2026-12-31.")


def day(value: dt.date) -> None:
    """Raises ValidationError for a day outside the years that the register knows."""
    if not 2000 <= value.year <= 2100:
        raise ValidationError(NOT_A_DAY, params={"value": value.isoformat()})


class TypedDay(forms.DateField):
    """One day in a form: the digits 0 to 9 alone, whatever else Python would read as a day."""

    def to_python(self, value: str | dt.datetime | dt.date | None) -> dt.date | None:
        if isinstance(value, str) and not value.strip().isascii():
            raise ValidationError(NOT_A_DAY, code="invalid", params={"value": value[:50]})
        return super().to_python(value)


class DayField(Day):
    """One whole day, typed as 31.12.2026 or 2026-12-31; None when it is not stated."""

    def to_python(self, value: object) -> Any:
        if not isinstance(value, str):
            return super().to_python(value)
        try:
            parsed = dates.parse(value)
            return dates.first(parsed) if len(parsed) == 10 else super().to_python(parsed)
        except ValueError:
            raise ValidationError(NOT_A_DAY, params={"value": value[:50]}) from None

    default_error_messages = {"invalid": _("Write one day, as 31.12.2026 or 2026-12-31.")}
    default_validators = [day]

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        how = self.help_text or _("As 31.12.2026 or 2026-12-31.")
        messages = {"invalid": self.error_messages["invalid"]}
        own = {"form_class": TypedDay, "validators": [day], "error_messages": messages}
        return super().formfield(**{**own, "help_text": how, **kwargs})


class NumberField(Number):
    """A measured number of any unit, with at most three decimals; it may be negative."""

    def __init__(
        self, verbose_name: _StrOrPromise | None = None, **kwargs: Unpack[ColumnOptions]
    ) -> None:
        fixed: dict[str, Any] = {"max_digits": 14, "decimal_places": 3, "null": True, "blank": True}
        super().__init__(verbose_name, **{**kwargs, **fixed})


def project(related_name: str) -> models.ForeignKey[Any, Any]:
    """The project that a row belongs to."""
    to, label = "deliverables.Project", _("project")
    return models.ForeignKey(to, models.PROTECT, related_name, verbose_name=label)


def optional(
    to: type[Row] | str, label: _StrOrPromise, related_name: str = "+", **more: Unpack[Shown]
) -> models.ForeignKey[Row | None, Row | None]:
    """A row of another table, or none; while it is named, it stays."""
    return models.ForeignKey(
        to, models.PROTECT, related_name, verbose_name=label, null=True, blank=True, **more
    )


def evidence(label: _StrOrPromise = "") -> models.ForeignKey[Any, Any]:
    """What a row rests on; empty where nothing is cited."""
    return optional("deliverables.Evidence", label or _("evidence"))


def state(
    label: _StrOrPromise, begins: models.TextChoices, max_length: int = 10, **more: Unpack[Shown]
) -> models.CharField[str, str]:
    """Where a row is in its life; a new one is where it `begins`."""
    known = type(begins).choices
    return models.CharField(label, max_length=max_length, choices=known, default=begins, **more)


def title(label: _StrOrPromise, **kwargs: Unpack[ColumnOptions]) -> models.CharField[str, str]:
    return models.CharField(label, max_length=limits.TITLE, **kwargs)


def text(
    label: _StrOrPromise, most: int = limits.TEXT, *, help_text: _StrOrPromise = ""
) -> models.CharField[str, str]:
    """A longer text; a varchar, so that the database keeps the limit too."""
    return models.CharField(label, max_length=most, blank=True, default="", help_text=help_text)


NOT_A_CODE = _(
    "A code begins with capital letters and goes on with numbers, as D1.2 or MR 4.1. Without the "
    "letter a spreadsheet turns 2.10 into 2.1."
)


def code(*, unique: bool = False, help_text: _StrOrPromise = "") -> models.CharField[str, str]:
    return models.CharField(
        _("code"),
        max_length=limits.CODE,
        db_collation="C",
        validators=[RegexValidator(CODE_PATTERN, NOT_A_CODE)],
        unique=unique,
        help_text=help_text,
    )


def code_is_well_formed(table: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(code__regex=CODE_PATTERN),
        name=f"{table}_code_begins_with_a_letter",
        violation_error_message=_("A code begins with capital letters, as D1.2 or MR 4.1."),
    )


def code_is_its_own(
    table: str, message: _StrOrPromise, *, owner: str = "project"
) -> list[models.BaseConstraint]:
    """A code is well formed, and no other row of its owner has it."""
    return [
        models.UniqueConstraint(
            fields=[owner, "code"],
            name=f"{table}_code_is_unique_in_its_{owner}",
            violation_error_message=message,
        ),
        code_is_well_formed(table),
    ]


def code_order() -> models.GeneratedField:
    """The numbers of a code, so that D1.10 stands after D1.2."""
    numbers = models.Func(
        models.F("code"),
        template="string_to_array(trim(both '.' from "
        "regexp_replace(%(expressions)s, '[^0-9]+', '.', 'g')), '.')::int[]",
        output_field=ArrayField(models.IntegerField()),
    )
    return models.GeneratedField(
        expression=numbers, output_field=numbers.output_field, db_persist=True, editable=False
    )


def date_is_one(table: str, *fields: str) -> list[models.CheckConstraint]:
    """Each date column holds a date or nothing, whoever writes it."""
    return [
        models.CheckConstraint(
            condition=models.Q(**{field: ""}) | models.Q(**{f"{field}__regex": dates.PATTERN}),
            name=f"{table}_{field}_is_a_date",
            violation_error_message=_("Write a day (2019-02-21), a month (2019-02) or a year."),
        )
        for field in fields
    ]


def not_before(
    table: str, start: str, end: str, *, message: _StrOrPromise
) -> models.CheckConstraint:
    """`end` is not before `start`; dates of unlike precision that may be the same day pass."""
    return models.CheckConstraint(
        condition=models.Q(**{start: ""})
        | models.Q(**{end: ""})
        | models.Q(**{f"{end}__gte": models.F(start)})
        | models.Q(**{f"{start}__startswith": models.F(end)}),
        name=f"{table}_{end}_is_not_before_{start}",
        violation_error_message=message,
    )


def web_address(
    label: _StrOrPromise, *, help_text: _StrOrPromise = ""
) -> models.URLField[str, str]:
    """http and https only: a javascript: link never becomes a link."""
    return models.URLField(
        label,
        max_length=limits.URL,
        blank=True,
        default="",
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=help_text,
    )


def one_of(
    field: str, *choices: type[models.TextChoices], table: str, blank: bool = False
) -> models.CheckConstraint:
    """A field's `choices` alone bind only forms; this binds the database."""
    known = [value for group in choices for value in group.values]
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": [*known, *([""] if blank else [])]}),
        name=f"{table}_{field}_is_known",
        violation_error_message=_(
            "This value is not one that the register knows. Choose one from the list."
        ),
    )


def country_is_known(table: str, field: str = "country") -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": list(countries.NAMES)}),
        name=f"{table}_{field}_is_known",
        violation_error_message=_("This country is not one of the list. Choose it from the list."),
    )


def in_a_language(table: str, *names: str) -> models.CheckConstraint:
    """Texts that every row has, in Latvian or in English; the other one may follow."""
    condition = models.Q()
    for name in names:
        condition &= ~models.Q(**{f"{name}_lv": ""}) | ~models.Q(**{f"{name}_en": ""})
    return models.CheckConstraint(
        condition=condition,
        name=f"{table}_speaks_a_language",
        violation_error_message=_("Give each text in Latvian or in English; the other may follow."),
    )
