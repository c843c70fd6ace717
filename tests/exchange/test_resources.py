"""Every table can be imported and exported, through exactly one resource."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from psycopg.errors import ForeignKeyViolation

from deliverables.projects.models import Project
from exchange.admin import TableAdmin
from releases.actions import publish
from releases.document.extracts import ALL, EXTRACTS
from releases.document.tables import DOWNLOADS, PUBLISHED, RESOURCES
from tests.audit.rows import ROWS

DOMAIN = ("deliverables", "experts", "budget")
# What only an action writes: an extract takes it out, and nothing brings it in.
EXTRACTED = {
    "deliverables.AcceptedFinding",
    "deliverables.Mistake",
    "deliverables.SignOff",
    "deliverables.Step",
    "deliverables.Submission",
    "experts.MissionStep",
}
# Bookkeeping by triggers, who may log in, and files, which stand in the index of evidence.
NOT_TAKEN_OUT = {
    "deliverables.Change",
    "deliverables.File",
    "deliverables.Membership",
    "deliverables.Reminder",
}


def test_every_table_has_one_resource_and_an_admin_that_uses_it() -> None:
    tables = {model for app in DOMAIN for model in apps.get_app_config(app).get_models()}
    without = EXTRACTED | NOT_TAKEN_OUT
    tables = {model for model in tables if model._meta.label not in without}

    assert {resource.model() for resource in RESOURCES.values()} == tables
    for resource in RESOURCES.values():
        office = admin.site._registry[resource.model()]
        assert isinstance(office, TableAdmin)
        assert office.resource is resource


def test_every_table_of_a_project_is_in_a_pack_and_what_actions_write_is_in_no_release() -> None:
    tables = {
        model._meta.label for app in DOMAIN for model in apps.get_app_config(app).get_models()
    }
    packed = {resource.model()._meta.label for resource in ALL}

    assert tables - packed == NOT_TAKEN_OUT
    assert not EXTRACTED & {resource.model()._meta.label for resource in RESOURCES.values()}
    assert not EXTRACTED & {resource.model()._meta.label for resource in PUBLISHED.values()}
    assert not {resource.table for resource in EXTRACTS} & {*DOWNLOADS}


def test_every_column_is_described_in_words() -> None:
    for resource in (*RESOURCES.values(), *EXTRACTS):
        for column in resource.columns:
            assert column.label(resource.model()), (resource.table, column.key)
            assert column.kind(resource.model()), (resource.table, column.key)


def test_every_column_of_a_table_is_in_its_resource() -> None:
    """A new column that is forgotten in the resource would be in no export and no release."""
    generated = {
        "id",
        "code_order",
        "search_text",
        "name_edition",
        "audit_key",
        "version",
        "erased_as",
        "touched",
    }
    for resource in RESOURCES.values():
        names = {field.name for field in resource.model()._meta.concrete_fields} - generated
        shown = {column.via.split("__")[0] if column.via else column.key
                 for column in resource.columns}  # fmt: skip
        assert names <= shown, resource.table


def test_the_data_dictionary_is_what_the_resources_say() -> None:
    from releases.management.commands.data_dictionary import page

    with translation.override("en"):
        assert Path(settings.BASE_DIR, "docs", "data-dictionary.md").read_text("utf-8") == (
            "\n".join(page())
        )


@pytest.mark.django_db
@pytest.mark.parametrize("table", RESOURCES)
def test_a_table_is_append_only_where_it_keeps_a_row_that_nobody_uses(table: str) -> None:
    resource = RESOURCES[table]
    row = ROWS[resource.model()._meta.label][0]()
    for project in Project.objects.all():
        publish(project, by=None)
    kept = False
    try:
        with transaction.atomic():
            resource.model()._base_manager.filter(pk=row.pk)._raw_delete("default")
            connection.check_constraints()
    except IntegrityError as error:
        kept = not isinstance(error.__cause__, ForeignKeyViolation)

    assert kept == resource.append_only
