"""The order of rows as people see them: names by the alphabet of the page's language, coded values
as they are listed. Both are made by the database when the rows are asked for, in any collation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Expression, F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Collate, Concat, NullIf
from django.db.models.options import Options
from django.utils.translation import get_language

from audit.lists.alphabets import TABLES, TIE, known

Asked = TypeVar("Asked")
STAYS = " 0123456789"


@cache
def _letters(language: str) -> tuple[str, str]:
    """Both sides of PostgreSQL's translate(), which drops what has no counterpart.

    It looks a character up from the start, so what is frequent and stays comes first.
    """
    kept = {char: to for char, to in TABLES[language].items() if to}
    left_out = [char for char, to in TABLES[language].items() if not to]
    return "".join([STAYS, *kept, *left_out]), "".join([STAYS, *kept.values()])


class Made(Func):
    """Stands for an expression that is made when the rows are asked for."""

    def made(self) -> Expression:
        raise NotImplementedError

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        return self.made().resolve_expression(*args, **kwargs)


class Alphabetical(Made):
    """Texts in the order of the alphabet of the active language (audit.lists.alphabets.key)."""

    output_field = TextField()

    def made(self) -> Expression:
        letters, keys = map(Value, _letters(known(get_language())))
        text = Coalesce(self._shown(), Value("", TextField()))
        key = Func(text, letters, keys, function="translate", output_field=TextField())
        return Collate(Concat(key, Value(TIE), text, output_field=TextField()), "C")

    def _shown(self) -> Func:
        return Cast(self.source_expressions[0], TextField())


class Said(Alphabetical):
    """The same of a text in two columns: the one that a page in the active language shows."""

    def __init__(self, name: str) -> None:
        super().__init__(F(f"{name}_lv"), F(f"{name}_en"))

    def _shown(self) -> Func:
        latvian, english = (Cast(name, TextField()) for name in self.source_expressions)
        first, second = (latvian, english) if get_language() == "lv" else (english, latvian)
        return Coalesce(NullIf(first, Value("", TextField())), second)


class InListedOrder(Made):
    """Coded values in the order in which people choose them, by name or by stage."""

    output_field = models.IntegerField()
    function = "array_position"

    def __init__(
        self, name: str | Combinable, choices: Callable[[], Iterable[tuple[object, object]]]
    ) -> None:
        super().__init__(F(name) if isinstance(name, str) else name)
        self.choices = choices

    def made(self) -> Expression:
        codes = Value([str(code) for code, _label in self.choices()], ArrayField(TextField()))
        return Func(
            codes,
            Cast(self.source_expressions[0], TextField()),
            function=self.function,
            output_field=self.output_field,
        )


def of_column(options: Options[models.Model], name: Asked) -> Asked | Func | F:
    """How a column of a list is sorted: by the column that says the order of its values, if the
    table has one (D1.10 after D1.9); `name` itself where code points are right: dates."""
    if not isinstance(name, str):
        return name
    if any(field.name == f"{name}_order" for field in options.concrete_fields):
        return F(f"{name}_order")
    try:
        field = options.get_field(name)
    except FieldDoesNotExist:
        return name
    person = getattr(getattr(field, "remote_field", None), "model", None)
    if person is get_user_model():
        return Alphabetical(f"{name}__{person.USERNAME_FIELD}")
    if not isinstance(field, models.CharField | TextField) or field.db_collation:
        return name
    if field.choices:
        return InListedOrder(name, lambda: field.flatchoices)
    return Alphabetical(name)


class NamesInOrder(ChangeList):
    """A list whose columns are sorted as people expect it."""

    def get_ordering_field(
        self, field_name: str | Callable[..., object]
    ) -> str | Combinable | None:
        return of_column(self.lookup_opts, super().get_ordering_field(field_name))
