"""What a picker offers: rows that the person sees and its form would not refuse."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.admin.options import InlineModelAdmin
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest

from audit.bases import AnyPages
from deliverables.projects.access import desk_of
from exchange.reference_choices import Offered, offered, short

KEY = "[0-9]{1,18}"


class Picking(AnyPages):
    """The references of a form, each with what it offers."""

    listed: ClassVar[tuple[str, ...]] = ()  # references that are lists without JavaScript
    # Of a reference, the rows that the form would not refuse: what its picker offers of them.
    choosable: ClassVar[dict[str, Q]] = {}
    # Of a reference, which column of its rows has to be what which other field of the form says.
    together: ClassVar[dict[str, dict[str, str]]] = {}

    def visible(self, request: HttpRequest, model: type[Model]) -> QuerySet[Model] | None:
        """The rows of another table that this person sees; None where it has no page."""
        raise NotImplementedError

    def takes(self, name: str, given: Mapping[str, Any]) -> Q:
        """The rows of a reference that a form would not refuse, as far as it is filled in."""
        rows = self.choosable.get(name, Q())
        for column, other in self.together.get(name, {}).items():
            text, reference = given.get(other, ""), self.opts.get_field(other).is_relation
            if text and (re.fullmatch(KEY, text) if reference else "\0" not in text):
                rows &= Q(**{column: text})
        return rows

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Model, Model], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Model] | None:
        """Only rows that the person sees: a forged id of another project is no choice."""
        rows = self.visible(request, db_field.remote_field.model)
        kwargs.setdefault("queryset", rows)
        if rows is not None and db_field.name in self.get_autocomplete_fields(request):
            widget = kwargs.setdefault("widget", Offered(db_field, self.admin_site))
            if isinstance(widget, Offered):
                self._fill(widget, db_field, request, rows)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _fill(
        self,
        widget: Offered,
        field: ForeignKey[Model, Model],
        request: HttpRequest,
        rows: QuerySet[Model],
    ) -> None:
        """What is chosen from without JavaScript, and which fields the search asks with.

        What goes with another field is a list as soon as that field was sent.
        """
        widget.by_project = desk_of(request) is None
        if field.name in self.listed:
            widget.rows = offered(request, rows)
        site = self.admin_site
        table: Any = site.get_model_admin(field.model) if site.is_registered(field.model) else None
        if not isinstance(table, Picking) or field.name not in table.together:
            return
        others = table.together[field.name].values()
        widget.attrs["data-with"] = " ".join(others)
        given = request.POST or request.GET
        if not isinstance(self, InlineModelAdmin) and any(given.get(name) for name in others):
            typed = str(given.get(field.name, ""))
            chosen = Q(pk=typed) if re.fullmatch(KEY, typed) else Q(pk__in=())
            widget.rows = short(rows.filter(table.takes(field.name, given) | chosen))
