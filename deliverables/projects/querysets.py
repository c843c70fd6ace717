"""Questions to the projects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self, cast

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.text import slugify

if TYPE_CHECKING:
    from deliverables.projects.models import Change, Mistake, Project  # noqa: F401 - in the strings below


def rows_behind(model: type[Model], name: str) -> Any:
    """All rows of the table behind a relation, which a QuerySet need not import."""
    table = model._meta.get_field(name).related_model
    return cast("type[Model]", table)._default_manager.all()


class ProjectQuerySet(QuerySet["Project"]):
    def with_changed(self) -> Self:
        """Adds `changed`: something was changed since the last release took up changes."""
        return self.annotate(changed=self._changed())

    def changed(self) -> Self:
        return self.filter(self._changed())

    def published(self) -> Self:
        """Those of which anything was ever public; the others are drafts."""
        return self.filter(self._released())

    def drafts(self) -> Self:
        return self.filter(~self._released())

    def free_address(self, *texts: str) -> str:
        """An address that no project has, of the first of the texts that can be made into one."""
        plain = (re.sub(r"[^a-z0-9]+", "-", slugify(text))[:50].strip("-") for text in texts)
        begins = next(filter(None, plain), "project")
        taken = {*self.filter(slug__startswith=begins).values_list("slug", flat=True)}
        tries = (f"{begins}-{number}" if number else begins for number in (0, *range(2, 1000)))
        return next(address for address in tries if address not in taken)

    def _released(self) -> Exists:
        return Exists(rows_behind(self.model, "releases").filter(project=OuterRef("pk")))

    def _changed(self) -> Exists:
        return Exists(rows_behind(self.model, "changes").filter(project=OuterRef("pk")))


class ChangeQuerySet(QuerySet["Change"]):
    def of(self, project: Project) -> Self:
        return self.filter(project=project)


class MistakeQuerySet(QuerySet["Mistake"]):
    def of_table(self, table: type[Model]) -> Self:
        return self.filter(table=table._meta.db_table)
