"""What a person wrote that was not the person's to write, by the trail alone.

The register's own scopes are not asked: a mistake in them is what this is to find.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps

from audit.models import Event
from tests.twinning.house import House

# What a person leaves behind by asking: own imports and exports, and the own row.
OWN_TRACES = ("exchange_import", "exchange_export")
# Files belong to the project, and papers until a row names them: a step on a page adds them.
OF_THE_PROJECT = ("deliverables_file", "deliverables_evidence")
# What ties a row to a component; empty, the row is the whole project's.
TIES = {
    "deliverables_evidence": "deliverable_id",
    "deliverables_title": "component_id",
    "experts_assignment": "component_id",
}
DIRECTORIES = ("experts_expert", "experts_institution")
UNSEEN = {
    "coordinator": ("other", "foreign"), "leader": ("foreign",), "both": ("other", "foreign"),
}  # fmt: skip
OPEN_TO_ALL = ("institution", "user")  # models


def trespasses(house: House, who: str, since: int) -> list[str]:
    """The events after `since` that are outside the person's scope, or name what is hidden."""
    if who == "administrator":
        return []
    person, foreign = house.person(who), _refs(house, ("foreign",))
    if who != "leader":
        foreign |= _refs(house, ("other",))
    unseen = _refs(house, UNSEEN.get(who, ()))
    told = []
    for event in Event.objects.filter(pk__gt=since):
        itself = f"{event.table}:{event.row}"
        mine = person is not None and itself == f"accounts_user:{person.pk}"
        if event.table in OWN_TRACES or mine:
            continue
        named = {*event.about, itself}
        if not _within(house, who, event) or named & foreign or _named(event) & unseen:
            told.append(f"{event.operation} {itself}")
    return told


def _within(house: House, who: str, event: Event) -> bool:
    """Whether the event is about the person's own component or project, after it as before."""
    project = f"deliverables_project:{house.project.pk}"
    if who == "leader":
        return project in event.about or event.table in DIRECTORIES
    if who not in UNSEEN:
        return False
    if event.table in OF_THE_PROJECT and (event.operation, event.through) == ("insert", "action"):
        return project in event.about
    tie = TIES.get(event.table)
    loose = tie is not None and (event.after or {}).get(tie, tie) is None
    return (
        not loose and f"deliverables_component:{house.rows['component', 'own'].pk}" in event.about
    )


def _refs(house: House, whose: tuple[str, ...]) -> set[str]:
    return {
        f"{row._meta.db_table}:{row.pk}"
        for (model, which), row in house.rows.items()
        if which in whose and model not in OPEN_TO_ALL
    }


def _named(event: Event) -> set[str]:
    """The rows that the columns of the event name."""
    model: Any = next((m for m in apps.get_models() if m._meta.db_table == event.table), None)
    after = event.after or {}
    if model is None:
        return set()
    return {
        f"{field.related_model._meta.db_table}:{after[field.column]}"
        for field in model._meta.concrete_fields
        if field.is_relation and after.get(field.column)
    }
