"""What of the live tables a person reads: a project as a whole, or own components and the rest as
it was last released (docs/rights.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accounts.roles import Right
from deliverables.projects.access import Access
from deliverables.projects.models import Component, Project
from releases.document import live, shapes
from releases.document.shapes import Document
from releases.models import Release
from releases.reading.composed import composed


@dataclass(frozen=True, slots=True)
class LivePart:
    """The components that are read as they are now; `release` is what the rest is of, if any."""

    components: tuple[int, ...]
    release: int | None


def read(
    project: Project, access: Access, build: Callable[[Project], Document] = live.build
) -> tuple[Document, LivePart | None]:
    """The document of the project as this person reads it now; None where that is all of it."""
    built = build(project)
    if access.may(Right.SEE, project.pk):
        return built, None
    own = Component.objects.filter(project=project, pk__in=access.components(Right.SEE))
    numbers = tuple(own.order_by("number").values_list("number", flat=True))
    last = Release.objects.filter(project=project).order_by("-number").first()
    released = shapes.read(last.document) if last else None
    document = composed(built, released, frozenset(numbers))
    return document, LivePart(numbers, last.number if last else None)
