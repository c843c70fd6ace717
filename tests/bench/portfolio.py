"""Large synthetic portfolios in a database of their own, never beside a real project.

The generator (GENERATOR=…, see the Makefile) writes CSV files of a generic tracker; here its
columns and statuses become ours. Triggers rest while the rows are copied in.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

GENERATOR = Path(settings.BASE_DIR, os.environ.get("GENERATOR", "../shared/bench/gen.py"))
TABLES = {
    "projects": "id int, code text, title_en text, title_lv text, country text, lead text, "
    "start_date text, end_date text, budget numeric, status text",
    "components": "id int, project_id int, number int, title_en text, title_lv text",
    "deliverables": "id int, component_id int, code text, title_en text, title_lv text, "
    "status text, weight numeric, planned_date text, due_date text, actual_date text, "
    "responsible text",
}
LOADED = """
INSERT INTO deliverables_project (slug, reference, title_lv, title_en, beneficiary_country, status,
  start_planned, end_planned, publishing, {project_rest})
SELECT lower(code), code, title_lv, title_en, country,
  CASE status WHEN 'closed' THEN 'concluded' ELSE 'running' END, start_date, end_date, 'by_hand',
  {project_values} FROM b_projects ORDER BY id;
INSERT INTO deliverables_component (project_id, number, title_lv, title_en, {component_rest})
SELECT p.id, c.number, c.title_lv, c.title_en, {component_values} FROM b_components c
JOIN b_projects b ON b.id = c.project_id JOIN deliverables_project p ON p.slug = lower(b.code)
ORDER BY c.id;
ANALYZE deliverables_project; ANALYZE deliverables_component;
INSERT INTO deliverables_deliverable (project_id, component_id, code, title_lv, title_en, kind,
  rung, weight, due_original, due_current, delivered_on, reason_lv, reason_en, note_en,
  {deliverable_rest})
SELECT p.id, k.id, 'D' || d.code, d.title_lv, d.title_en, 'mandatory_result',
  CASE d.status WHEN 'planned' THEN 'planned' WHEN 'submitted' THEN 'delivered'
    WHEN 'accepted' THEN 'accepted' WHEN 'cancelled' THEN 'dropped' ELSE 'in_progress' END,
  ceil(d.weight), d.planned_date, d.due_date, COALESCE(d.actual_date, ''),
  CASE d.status WHEN 'cancelled' THEN 'Atcelts' ELSE '' END,
  CASE d.status WHEN 'cancelled' THEN 'Cancelled' ELSE '' END, d.responsible, {deliverable_values}
FROM b_deliverables d JOIN b_components c ON c.id = d.component_id
JOIN b_projects b ON b.id = c.project_id JOIN deliverables_project p ON p.slug = lower(b.code)
JOIN deliverables_component k ON k.project_id = p.id AND k.number = c.number ORDER BY d.id;
ANALYZE deliverables_deliverable;
"""


def generated(size: int, folder: Path) -> Path:
    """The generator's files for so many deliverables."""
    made = folder / str(size)
    if not made.exists():
        subprocess.run([sys.executable, GENERATOR, str(size), made], check=True)  # noqa: S603
    return made


def load(size: int, folder: Path) -> None:
    """Into an empty database."""
    files = generated(size, folder)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM deliverables_project")
        assert cursor.fetchone() == (0,), "a portfolio is loaded into an empty database only"
        cursor.execute("SET session_replication_role = replica; SET statement_timeout = 0")
        for table, columns in TABLES.items():
            cursor.execute(f"CREATE TEMP TABLE b_{table} ({columns})")
            copied = f"COPY b_{table} FROM STDIN (FORMAT csv, HEADER)"
            with cursor.copy(copied) as into, (files / f"{table}.csv").open("rb") as source:
                while data := source.read(1 << 20):
                    into.write(data)
            cursor.execute(f"ANALYZE b_{table}")
        cursor.execute(LOADED.format(**_rest()))
        for table in TABLES:
            cursor.execute(f"DROP TABLE b_{table}")
        cursor.execute("RESET session_replication_role; RESET statement_timeout")


def _rest() -> dict[str, str]:
    """Columns that the portfolio does not know, with the models' own defaults."""
    from deliverables.ladder.models import Deliverable
    from deliverables.projects.models import Component, Project

    found = {}
    for model in (Project, Component, Deliverable):
        name = str(model._meta.model_name)
        begins = LOADED.index(f"INSERT INTO {model._meta.db_table} (")
        given = LOADED[begins : LOADED.index(")", begins)]
        rest: dict[str, Any] = {}
        for field in model._meta.concrete_fields:
            if field.generated or field.primary_key or f"{field.column}" in given.split("(")[1]:
                continue
            rest[str(field.column)] = field.get_default() if not field.null else None
        found[f"{name}_rest"] = ", ".join(rest)
        found[f"{name}_values"] = ", ".join(_literal(value) for value in rest.values())
    return found


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, list):
        return "'{}'"
    return "'" + str(value).replace("'", "''") + "'"
