"""A row and what it points at belong to one project: foreign keys of two columns.

Django has no such key, so it is added beside Django's own.
"""

from __future__ import annotations

from django.db import migrations


def same_project(table: str, column: str, target: str) -> migrations.RunSQL:
    """`table.column` points at a row of `target` that has the same project_id."""
    name = table.partition("_")[2]
    key = f"{name}_{column}_is_of_its_project"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {key} FOREIGN KEY ({column}_id, project_id) "
        f"REFERENCES {target} (id, project_id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {key}",
    )


def pair(table: str) -> migrations.RunSQL:
    """What a key of two columns needs to point at."""
    name = table.partition("_")[2]
    key = f"{name}_and_its_project"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {key} UNIQUE (id, project_id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {key}",
    )


class Migration(migrations.Migration):
    dependencies = [("deliverables", "0001_initial")]

    operations = [
        pair("deliverables_component"),
        pair("deliverables_deliverable"),
        pair("deliverables_source"),
        pair("deliverables_evidence"),
        same_project("deliverables_deliverable", "component", "deliverables_component"),
        same_project("deliverables_evidence", "deliverable", "deliverables_deliverable"),
        same_project("deliverables_evidence", "source", "deliverables_source"),
        same_project("deliverables_component", "evidence", "deliverables_evidence"),
        same_project("deliverables_title", "component", "deliverables_component"),
        same_project("deliverables_title", "evidence", "deliverables_evidence"),
        same_project("deliverables_statement", "evidence", "deliverables_evidence"),
    ]
