"""Which projects changed since their last release, known to the database itself.

A trigger on each table that feeds a release notes the project and the transaction in
`deliverables_change`, on every write path. A release takes up the notes that it has seen.
"""

from __future__ import annotations

import pgtrigger

OWN = "{row}.project_id"
IN_PROJECT = {"deliverables_project": OWN}
VIA_DELIVERABLE = (
    "(SELECT project_id FROM deliverables_deliverable WHERE id = {row}.deliverable_id)"
)
IN_DELIVERABLE = {
    "deliverables_deliverable": "{row}.deliverable_id",
    "deliverables_component": (
        "SELECT component_id FROM deliverables_deliverable WHERE id = {row}.deliverable_id"
    ),
    "deliverables_project": VIA_DELIVERABLE,
}
_OF_ITEM = (
    "SELECT {column} FROM deliverables_deliverable d JOIN deliverables_item i "
    "ON i.deliverable_id = d.id WHERE i.id = {{row}}.item_id"
)
IN_ITEM = {
    "deliverables_item": "{row}.item_id",
    "deliverables_deliverable": _OF_ITEM.format(column="d.id"),
    "deliverables_component": _OF_ITEM.format(column="d.component_id"),
    "deliverables_project": _OF_ITEM.format(column="d.project_id"),
}
IN_COMPONENT = {**IN_PROJECT, "deliverables_component": "{row}.component_id"}


# What never changes goes with its whole project, which goes first: exchange.imports.undo. One that
# has been released never goes, since its releases do not.
WITH_ITS_PROJECT = (
    "IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM deliverables_project WHERE id = "
    "OLD.project_id) AND NOT EXISTS (SELECT FROM releases_release WHERE project_id = "
    "OLD.project_id) THEN RETURN OLD; END IF; "
)


def marked(table: str, key: str) -> str:
    """SQL: whether this row is leaving its table, or comes back to it, as entered by mistake."""
    return f"EXISTS (SELECT FROM deliverables_mistake WHERE \"table\" = '{table}' AND row = {key})"


def final_record(name: str, project: str = "OLD.project_id", of: str = "") -> pgtrigger.Trigger:
    """Refuses any update or delete of what a step wrote, whoever asks; it only goes with its whole
    project, while that is a draft, or with the row `of` which it is, as SQL. `project` is SQL for
    its id."""
    gone = (
        f"EXISTS (SELECT FROM (SELECT {project}) p (id) WHERE p.id IS NOT NULL AND NOT EXISTS "  # noqa: S608 - our own names
        "(SELECT FROM deliverables_project o WHERE o.id = p.id) AND NOT EXISTS "
        "(SELECT FROM releases_release r WHERE r.project_id = p.id))"
    )
    if of:
        gone = f"({gone} OR {of})"
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=(
            f"IF TG_OP = 'DELETE' AND {gone} THEN RETURN OLD; END IF; "
            "RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', "
            "TG_TABLE_NAME;"
        ),
    )


def notes_change(projects: str) -> pgtrigger.Trigger:
    """The trigger for one table; `projects` is what follows SELECT to give the ids for `{row}`."""
    note = (
        "INSERT INTO deliverables_change (project_id, transaction, at) "
        "SELECT id, txid_current(), now() FROM (SELECT {source}) p (id) WHERE id IS NOT NULL "
        "ON CONFLICT DO NOTHING;"
    )
    return pgtrigger.Trigger(
        name="notes_change",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=(
            "IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN RETURN NULL; END IF; "
            "IF TG_OP <> 'DELETE' THEN "
            + note.format(source=projects.format(row="NEW"))
            + " END IF; IF TG_OP <> 'INSERT' THEN "
            + note.format(source=projects.format(row="OLD"))
            + " END IF; RETURN NULL;"
        ),
    )


def refused(
    name: str,
    condition: str,
    operation: pgtrigger.Operation | pgtrigger.Operations,
    *,
    unless: str = "",
) -> pgtrigger.Trigger:
    """Refuses writes of rows for which `condition` holds and `unless` does not (SQL; {row}),
    whoever asks; they only go with their whole project."""
    if unless:
        condition = f"{condition} AND NOT {unless}"
    rows = (("OLD", "INSERT"), ("NEW", "DELETE"))
    tests = " OR ".join(
        f"(TG_OP <> '{without}' AND ({condition.format(row=row)}))" for row, without in rows
    )
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func=(
            (WITH_ITS_PROJECT if "DELETE" in str(operation) else "")
            + f"IF {tests} THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', "
            f"CONSTRAINT = '{name}'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
            "RETURN NEW;"
        ),
    )
