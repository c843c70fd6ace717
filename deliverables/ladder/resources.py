"""The tables of results: deliverables, their items and figures."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deliverables.fields import dates
from deliverables.ladder import meanings, models
from deliverables.ladder.status import Rung
from deliverables.projects.resources import COMPONENT, EVIDENCE, PROJECT, columns
from exchange.tables.columns import Column
from exchange.tables.counting import Counting
from exchange.tables.resources import TableResource

IN_FORCE = Counting(
    gettext_lazy("Yes of results in force: neither switched off nor dropped."),
    where=(("active", (True,), True), ("rung", (Rung.DROPPED,), False)),
)


class DeliverableResource(TableResource):
    table = "deliverables"
    key = ("project", "code")
    related = ("project", "component", "parent", "entered_from")
    fixed = ("rung", "delivered_on", "accepted_on", "entered_from")
    counting = IN_FORCE
    columns = (
        PROJECT,
        COMPONENT,
        *columns("code kind"),
        Column("parent", to="code", within={"project__slug": "project"}),
        *columns(
            "title_lv title_en rung weight due_original due_current delivered_on "
            "accepted_on adopted_on adopted_by_lv adopted_by_en achievements items_intro_lv "
            "items_intro_en note_lv note_en reason_lv reason_en active"
        ),
        Column("entered_from", to="code", within={"project__slug": "project"}),
        counting.column,
    )
    meanings = meanings.RESULTS

    class Meta:
        model = models.Deliverable

    def check_row(self, row: models.Deliverable, is_new: bool) -> None:
        """Of a new deliverable: it begins at the foot of the ladder."""
        if is_new and row.rung not in (Rung.PLANNED, Rung.IN_PROGRESS) and not self.founding:
            raise ValidationError(
                {
                    "rung": _(
                        "A new deliverable begins as planned or in_progress, not as "
                        "“%(rung)s”; it climbs by the steps on its page."
                    )
                    % {"rung": row.rung}
                }
            )

    def warnings(self, row: models.Deliverable) -> list[tuple[str, str]]:
        warnings = []
        begun = row.project.start_actual or row.project.start_planned
        if row.delivered_on and begun and dates.last(row.delivered_on) < dates.first(begun):
            warnings.append(("early", _("It is delivered before the project began.")))
        due = row.due_current or row.due_original
        end = row.project.end
        if due and end and dates.first(due) > dates.last(end):
            warnings.append(("late", _("It is due after the end of the project.")))
        return warnings


class ItemResource(TableResource):
    table = "items"
    belongs = "deliverable__project__slug"
    key = ("deliverable", "code")
    related = ("deliverable__project", "evidence")
    columns = (
        Column("project", to="slug", via="deliverable__project"),
        Column("deliverable", to="code", within={"project__slug": "project"}),
        *columns("code kind title_lv title_en note_lv note_en"),
        EVIDENCE,
    )
    meanings = meanings.ITEMS

    class Meta:
        model = models.Item


class FigureResource(TableResource):
    table = "figures"
    belongs = "item__deliverable__project__slug"
    key = ("item", "position")
    related = ("item__deliverable__project",)
    columns = (
        Column("project", to="slug", via="item__deliverable__project"),
        Column("deliverable", to="code", via="item__deliverable"),
        Column(
            "item",
            to="code",
            within={"deliverable__project__slug": "project", "deliverable__code": "deliverable"},
        ),
        *columns("position label_lv label_en value"),
    )
    meanings = meanings.FIGURES

    class Meta:
        model = models.Figure
