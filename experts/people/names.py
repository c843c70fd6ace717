"""Names of people, and the keys by which a release says which name it means.

A release holds no name but the key of the name that could be shown when it was made: whose it is,
and the how manieth it is (docs/adr/0013). The database counts a change of the name, so a later name
is not shown in an earlier release, and a withdrawn consent empties every page at once. Registers
with the same data have the same keys.
"""

from __future__ import annotations

from typing import Any, TypeVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import (
    Case,
    CharField,
    F,
    GeneratedField,
    IntegerField,
    Model,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, Replace

Row = TypeVar("Row", bound=Model)

LENGTH = 60


def edition() -> IntegerField[int, int]:
    """The how manieth name it is that the row has; counted by the database."""
    return IntegerField(db_default=1, editable=False)


def counts_editions(name: str) -> tuple[pgtrigger.Trigger, pgtrigger.Trigger]:
    """A new name is another one; so is that of a new row with the code of one that is gone."""
    return (
        pgtrigger.Trigger(
            name="counts_the_name",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}),
            func="NEW.name_edition = OLD.name_edition + 1; RETURN NEW;",
        ),
        pgtrigger.Trigger(
            name="goes_on_counting_names",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            func=(
                "NEW.name_edition = 1 + COALESCE((SELECT max((before ->> 'name_edition')::int) "
                "FROM audit_event WHERE \"table\" = TG_TABLE_NAME AND operation = 'delete' "
                "AND before ->> 'code' = NEW.code AND \"row\" <> NEW.id), NEW.name_edition - 1); "
                "RETURN NEW;"
            ),
        ),
    )


def key(of: str, name: str, agreed: str) -> GeneratedField:
    """Whose name, and which, while it may be shown; "" otherwise. `of` tells codes of different
    tables apart."""
    text = CharField(max_length=LENGTH)
    edition = Cast(F("name_edition"), CharField(max_length=10))
    return GeneratedField(
        expression=Case(
            When(
                Q(**{agreed: True}) & ~Q(**{name: ""}),
                then=Concat(Value(f"{of} "), F("code"), Value(" "), edition, output_field=text),
            ),
            default=Value(""),
            output_field=text,
        ),
        output_field=text,
        db_persist=True,
        editable=False,
    )


def _words(name: str) -> SearchVector:
    folded = F(f"{name}__folded")
    apart = Replace(folded, Value("."), Value(" "), output_field=TextField())  # O.Surname: two
    return SearchVector(apart, config="simple")


def index(table: str, name: str) -> GinIndex:
    """For `called`; of the names that may be shown, and in the row where one may be withdrawn."""
    return GinIndex(_words(name), name=f"{table}_called", condition=~Q(name_key=""))


def called(rows: QuerySet[Row], name: str, query: str) -> QuerySet[Row]:
    """Those whose name may be shown and has the folded words of `query`, as PostgreSQL has it."""
    asked = SearchQuery(query, search_type="raw", config="simple")
    shown: Any = rows.exclude(name_key="").annotate(words_of_name=_words(name))
    matching: QuerySet[Row] = shown.filter(words_of_name=asked)
    return matching
