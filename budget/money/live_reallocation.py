"""The reallocation of a live project, by the same function as on the public page of a release."""

from __future__ import annotations

from budget.contract.resources import RulesetResource
from budget.money import resources
from budget.money.models import ChangeState, ContractChange, EntryKind
from budget.money.reallocation import Drift, drifts
from deliverables.projects.models import Project
from exchange.tables.resources import TableResource


def of_project(project: Project, draft: ContractChange | None = None) -> list[Drift]:
    """Each heading now, or as it would be once `draft` is signed."""
    rows: dict[type[TableResource], list[dict[str, object]]] = {
        resource: resource.document_rows(project=project.pk)
        for resource in (
            resources.HeadingResource, resources.LineResource, resources.ContractChangeResource,
            RulesetResource,
        )
    }  # fmt: skip
    entries = resources.EntryResource.document_rows(line__project=project.pk)
    changes = rows[resources.ContractChangeResource]
    if draft:
        changes = [row for row in changes if row["code"] != draft.code]
        changes.append({"code": draft.code, "kind": draft.kind, "state": ChangeState.SIGNED})
        entries += [
            {
                "line": move.line.code,
                "code": "",
                "kind": EntryKind.PLANNED,
                "amount": str(move.amount),
                "change": draft.code,
                "corrects": "",
            }
            for move in draft.moves.select_related("line")
            if move.line
        ]
    return drifts(
        rows[resources.HeadingResource],
        rows[resources.LineResource],
        entries,
        changes,
        next(iter(rows[RulesetResource]), None),
    )
