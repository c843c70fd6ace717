"""As in deliverables: a row and what it points at belong to one project."""

from __future__ import annotations

from importlib import import_module

from django.db import migrations

same_project = import_module("deliverables.migrations.0002_rows_stay_in_their_project").same_project


class Migration(migrations.Migration):
    dependencies = [
        ("deliverables", "0002_rows_stay_in_their_project"),
        ("experts", "0001_initial"),
    ]

    operations = [
        same_project("experts_partnership", "evidence", "deliverables_evidence"),
        same_project("experts_assignment", "component", "deliverables_component"),
        same_project("experts_assignment", "evidence", "deliverables_evidence"),
    ]
