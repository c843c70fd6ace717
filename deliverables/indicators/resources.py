"""The tables of indicators."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deliverables.indicators import meanings, models
from deliverables.indicators.models import VALUE_IS_FINAL, fits
from deliverables.projects.resources import COMPONENT, EVIDENCE, PROJECT, Cells, columns
from exchange.tables.cell_text import plain_number
from exchange.tables.columns import Column
from exchange.tables.counting import Counting, Newest
from exchange.tables.resources import TableResource


class IndicatorResource(TableResource):
    table = "indicators"
    key = ("project", "code")
    related = ("project", "component", "deliverable")
    columns = (
        PROJECT,
        COMPONENT,
        Column("deliverable", to="code", within={"project__slug": "project"}),
        *columns(
            "code title_lv title_en unit baseline baseline_on baseline_lv baseline_en target "
            "target_on target_lv target_en source_lv source_en"
        ),
    )
    meanings = meanings.INDICATORS

    class Meta:
        model = models.Indicator

    def prepare(self, rows: Sequence[Model]) -> None:
        super().prepare(rows)
        prefetch_related_objects([row for row in rows if row.pk], "values")

    def check_row(self, row: models.Indicator, is_new: bool) -> None:
        """A file brings no unit that the values do not fit; on the page both change at once."""
        for value in () if is_new else row.values.all():
            if problem := fits(row.unit, value.value):
                raise ValidationError({"unit": f"{value.on}: {problem}"})


class MeasurementResource(TableResource):
    table = "measurements"
    key = ("project", "indicator", "on")
    related = ("project", "indicator", "evidence")
    fixed = ("approved_by",)
    counting = Counting(
        gettext_lazy("Yes of the newest value of an indicator that somebody else approved."),
        newest=Newest(of="indicator", by=(("on", "on"),), where=(("approved_by", ("",), False),)),
    )
    columns = (
        PROJECT,
        Column("indicator", to="code", within={"project__slug": "project"}),
        *columns("on applies value words_lv words_en source_lv source_en"),
        EVIDENCE,
        Column("approved_by", internal=True),
        counting.column,
    )
    meanings = meanings.MEASUREMENTS

    class Meta:
        model = models.Measurement

    @classmethod
    def document_rows(cls, **lookups: object) -> list[dict[str, object]]:
        """What is approved; the public reads nothing else."""
        rows: QuerySet[Model] = cls.model()._default_manager.exclude(approved_by="")
        return super().document_rows(pk__in=rows.values("pk"), **lookups)

    def founded(self, cells: Cells, by: str) -> Cells:
        """The code of who approved it is of another register; here it is who brings it in."""
        approved = str(cells.get("approved_by") or "").strip()
        return {**cells, "approved_by": by} if approved else cells

    def check_row(self, row: models.Measurement, is_new: bool) -> None:
        """A spreadsheet keeps 20 % as 0.2, so a file does not bring a fraction of one per cent."""
        percent = row.indicator.unit == models.Unit.PERCENT and not self.founding
        if percent and row.value is not None and 0 < row.value < 1:
            raise ValidationError(
                {
                    "value": _(
                        "“%(value)s” may mean %(meant)s per cent: so a spreadsheet keeps it. Write "
                        "%(meant)s; a value below one per cent is typed on its page."
                    )
                    % {"value": plain_number(row.value), "meant": plain_number(row.value * 100)}
                }
            )
        if is_new and row.approved_by:
            raise ValidationError(
                {"approved_by": _("A new value is not approved yet; that is done on its page.")}
            )
        if (was := row.stored()) and was.approved_by:
            raise ValidationError(VALUE_IS_FINAL)
