"""Which projects changed since their last release, known to the database itself.

A trigger on each table that feeds a release notes the project and the transaction in
`deliverables_change`, on every write path. A release takes up the notes that it has seen.
"""

from __future__ import annotations

import pgtrigger

OWN = "{row}.project_id"
VIA_DELIVERABLE = (
    "(SELECT project_id FROM deliverables_deliverable WHERE id = {row}.deliverable_id)"
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
