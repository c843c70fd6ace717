"""Names of people, and the keys by which a release says which name it means.

A release holds no name but the random key of the name that could be shown when it was made. The
database renews the key with each change of the name, so a later name is not shown in an earlier
release, and a withdrawn consent empties every page at once.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.functions import RandomUUID
from django.db.models import Case, CharField, F, GeneratedField, Q, UUIDField, Value, When
from django.db.models.functions import Cast


def token() -> UUIDField:  # type: ignore[type-arg]
    """Random; made and renewed by the database."""
    return UUIDField(db_default=RandomUUID(), editable=False)


def renews_token(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="renews_name_token",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}),
        func="NEW.name_token = gen_random_uuid(); RETURN NEW;",
    )


def key(name: str, agreed: str) -> GeneratedField:
    """The token while the name may be shown, "" otherwise."""
    return GeneratedField(
        expression=Case(
            When(
                Q(**{agreed: True}) & ~Q(**{name: ""}),
                then=Cast(F("name_token"), CharField(max_length=36)),
            ),
            default=Value(""),
            output_field=CharField(max_length=36),
        ),
        output_field=CharField(max_length=36),
        db_persist=True,
        editable=False,
    )
