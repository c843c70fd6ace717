"""A table described once; import, CSV, XLSX and the release document read the same columns."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any, ClassVar

import tablib
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from import_export.resources import Diff, ModelResource

from exchange import limits
from exchange.cells import unguard
from exchange.columns import Column


class PlainDiff(Diff):  # type: ignore[misc]
    """Old and new as <del> and <ins>, without the inline styles that our pages forbid."""

    def as_html(self) -> list[SafeString]:
        cells = []
        for old, new in zip(self.left, self.right, strict=True):
            if old == new:
                cells.append(escape(new))
            elif not old:
                cells.append(format_html("<ins>{}</ins>", new))
            else:
                cells.append(format_html("<del>{}</del> <ins>{}</ins>", old, new))
        return [mark_safe(cell) for cell in cells]  # noqa: S308 – each part is escaped above


class TableResource(ModelResource):  # type: ignore[misc]
    """Base of every table's resource.

    `columns` in the order of the file, `key` the natural key by which rows are found again,
    `fixed` the columns that an import may set on a new row only. `founding` lifts `fixed` and
    the limits on new rows: the seed loads the state of a project that is already under way.
    """

    table: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    key: ClassVar[tuple[str, ...]]
    related: ClassVar[tuple[str, ...]] = ()
    fixed: ClassVar[tuple[str, ...]] = ()

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def __init__(
        self,
        *,
        founding: bool = False,
        visible: Callable[[type[models.Model]], models.QuerySet[Any] | None] | None = None,
        writable: Callable[[Any], bool] | None = None,
        **kwargs: Any,
    ) -> None:
        """`visible` gives the rows of a table that may be read and named, `writable` whether a
        row may be written; without them all are."""
        super().__init__(**kwargs)
        self.founding, self.visible, self.writable = founding, visible, writable
        self.fields = {column.key: column.as_field(self.model()) for column in self.columns}
        for field in self.fields.values():
            if hasattr(field.widget, "visible"):
                field.widget.visible = visible

    @classmethod
    def model(cls) -> type[models.Model]:
        found: type[models.Model] = cls._meta.model
        return found

    @classmethod
    def public_columns(cls) -> tuple[Column, ...]:
        return tuple(column for column in cls.columns if not (column.personal or column.internal))

    @classmethod
    def document_rows(cls, **lookups: Any) -> list[dict[str, Any]]:
        """The public columns of the rows that match, one query."""
        rows = cls.model()._default_manager.filter(**lookups)
        return [
            {column.key: column.value(row) for column in cls.public_columns()}
            for row in rows.select_related(*cls.related).distinct()
        ]

    def get_queryset(self) -> models.QuerySet[models.Model]:
        rows: models.QuerySet[models.Model] | None = None
        if self.visible:
            rows = self.visible(self.model())
        if rows is None:
            rows = super().get_queryset()
        return rows.select_related(*self.related)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        self._was_writable = not instance.pk or not self.writable or self.writable(instance)
        super().import_instance(instance, row, **kwargs)

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        if not self._was_writable or (self.writable and not self.writable(instance)):
            raise ValidationError(
                _("This row is not in a project or component in which you may write.")
            )

    def get_import_id_fields(self) -> tuple[str, ...]:
        return self.key

    def get_import_order(self) -> list[str]:
        return list(self.fields)

    def get_export_order(self) -> list[str]:
        return [
            column.key for column in self.columns if not (column.personal or column.document_only)
        ]

    def get_diff_class(self) -> type[PlainDiff]:
        return PlainDiff

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Refuse a header that is not exactly ours: a misspelt column would be ignored."""
        headers = [str(header or "").strip() for header in dataset.headers or []]
        if len(headers) > limits.COLUMNS:
            raise ValidationError(
                _("The file has %(columns)s columns; at most %(most)s are read.")
                % {"columns": len(headers), "most": limits.COLUMNS}
            )
        dataset.headers = headers
        for header in headers:
            if header not in self.fields:
                near = difflib.get_close_matches(header, self.fields, 1)
                hint = _(" Did you mean “%s”?") % near[0] if near else ""
                raise ValidationError(
                    _("The column “%(column)s” is not known.%(hint)s Known: %(known)s.")
                    % {"column": header[:50], "hint": hint, "known": ", ".join(self.fields)}
                )
            if headers.count(header) > 1:
                raise ValidationError(_("The column “%s” stands there twice.") % header)
        if missing := [name for name in self.key if name not in headers]:
            raise ValidationError(
                _("The column “%s” is missing: rows are recognised by it.") % missing[0]
            )
        if len(dataset) > limits.ROWS:
            raise ValidationError(
                _("The file has %(rows)s rows; at most %(most)s can be imported at once.")
                % {"rows": len(dataset), "most": limits.ROWS}
            )
        self._refuse_doubles(dataset)

    def _refuse_doubles(self, dataset: tablib.Dataset) -> None:
        keys = [column for column in self.columns if column.key in self.key]
        within = [name for column in keys for name in column.within.values()]
        seen: dict[tuple[str, ...], int] = {}
        for number, row in enumerate(dataset.dict, start=2):
            names = dict.fromkeys([*within, *self.key])
            key = tuple(str(row.get(name) or "").strip() for name in names)
            if key in seen:
                raise ValidationError(
                    _("Rows %(first)s and %(second)s are the same %(key)s. Remove one of them.")
                    % {"first": seen[key], "second": number, "key": " ".join(key)}
                )
            seen[key] = number

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        for name, cell in row.items():
            row[name] = unguard(cell)

    def import_field(
        self, field: Any, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any
    ) -> None:
        if field.column_name not in row:
            return
        if instance.pk and field.column_name in self.fixed and not self.founding:
            old, new = field.get_value(instance), field.clean(row)
            if old != new:
                raise ValueError(
                    _(
                        "It is “%(old)s” and an import does not change it to “%(new)s”: "
                        "use the steps on its page."
                    )
                    % {"old": old, "new": new}
                )
        super().import_field(field, instance, row, is_m2m, **kwargs)
