"""A table described once; import, CSV, XLSX and the release document read the same columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, TypeAlias

from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from import_export.resources import ModelResource

from audit.rows.checked import read_together
from exchange.tables import limits
from exchange.tables.columns import Column
from exchange.tables.counting import Counting
from exchange.tables.number_formats import Cell, Number
from exchange.tables.references import ReferenceWidget, Visible

VERSION = Column("version", internal=True)
# By the id of the row in which a code is given once (None: it is given once at all), and the code.
Left: TypeAlias = dict[tuple[int | None, str], str]


def known_tables() -> list[type[TableResource]]:
    """Every table that has a description; those that are made of another one come last."""
    tables, next_ = [], TableResource.__subclasses__()
    while next_:
        tables += [resource for resource in next_ if hasattr(resource, "table")]
        next_ = [below for resource in next_ for below in resource.__subclasses__()]
    return tables


@cache
def sheet_names() -> dict[str, str]:
    """What a sheet may be called, in small letters: key or name in any language, and its table;
    "" for those of our own workbooks that hold no rows."""
    by_name: dict[str, str] = {}
    doubled: set[str] = set()
    owner: dict[type[models.Model], type[TableResource]] = {}
    for language in ("en", "lv"):
        with translation.override(language):
            by_name |= {name.casefold(): "" for name in (_("Columns"), _("Example"), _("Codes"))}
            for resource in known_tables():
                name = resource.named().casefold()[: limits.SHEET]
                # an extract has the rows of a table before it
                first = owner.setdefault(resource.model(), resource)
                if by_name.setdefault(name, first.table) != first.table:
                    doubled.add(name)
    kept = {name: table for name, table in by_name.items() if name not in doubled}
    return kept | {resource.table: resource.table for resource in known_tables()}


class TableResource(ModelResource):
    """Base of every table's resource.

    `columns` in the order of the file, `key` the natural key by which rows are found again,
    `fixed` the columns that an import may set on a new row only. `founding` lifts `fixed` and
    the limits on new rows: the seed loads the state of a project that is already under way.
    `last`: a column; the rows that have it come after those that have not.
    `append_only`: what is wrong in a row is corrected by a new one, and none is ever removed.
    `what` the rows are, where that is not the plural name of the model.
    `meanings`: what a cell of a column says, for a reader; a key without its language is of the
    columns in both. `only`: the rows of the model that are rows of the table, as column -> value.
    `counting` says which rows count in sums, `summed` the columns whose sum says something, and
    `by` the column whose codes are summed apart.
    """

    table: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    key: ClassVar[tuple[str, ...]]
    belongs: ClassVar[str] = "project__slug"  # where the project of a row is; "": in none
    related: ClassVar[tuple[str, ...]] = ()
    fixed: ClassVar[tuple[str, ...]] = ()
    append_only: ClassVar[bool] = False
    last: ClassVar[str] = ""
    what: ClassVar[str | Promise] = ""
    only: ClassVar[Mapping[str, str]] = {}
    counting: ClassVar[Counting | None] = None
    summed: ClassVar[tuple[str, ...]] = ()
    by: ClassVar[str] = ""
    meanings: ClassVar[Mapping[str, str | Promise]] = {}

    def __init__(
        self,
        *,
        founding: bool = False,
        visible: Visible | None = None,
        writable: Callable[[models.Model], bool] | None = None,
        read_only: Callable[[models.Model | None], Collection[str]] | None = None,
        about: Callable[[Sequence[models.Model]], tuple[list[str], list[str]]] | None = None,
        left: Callable[[Collection[str]], Left] | None = None,
        **kwargs: object,
    ) -> None:
        """`visible` gives the rows of a table that may be read and named, `writable` whether a
        row may be written, `read_only` the columns of a saved row that its form only shows;
        without them all are written. `about` tells the projects of rows and what follows there,
        `left` which codes no new row may have, and why."""
        super().__init__(**kwargs)
        self.founding, self.visible, self.writable = founding, visible, writable
        self.about, self.left = about, left or (lambda codes: {})
        self.read_only = read_only or (lambda row: ())
        own = [column for column in self.columns if not column.computed]
        self.fields = {column.key: column.as_field(self.model()) for column in own}
        for field in self.fields.values():
            if isinstance(field.widget, ReferenceWidget):
                field.widget.visible = visible

    @classmethod
    def is_root(cls) -> bool:
        """Whether its rows are the projects to which the rows of other tables belong."""
        return (cls.belongs,) == cls.key

    @classmethod
    def model(cls) -> type[models.Model]:
        return cls._meta.model

    @classmethod
    def named(cls) -> str:
        """What its rows are called, in the language of the moment."""
        return str(cls.what or cls.model()._meta.verbose_name_plural)

    @classmethod
    def meaning(cls, column: Column) -> str:
        """What a cell of the column says, in the language of the moment."""
        if column is VERSION:
            return str(_("It grows by one with each change of the row."))
        of_both = column.key.removesuffix("_lv").removesuffix("_en")
        meaning = cls.meanings.get(column.key) or cls.meanings.get(of_both)
        return str(meaning or column.hint(cls.model()))

    @classmethod
    def public_columns(cls) -> tuple[Column, ...]:
        return tuple(column for column in cls.columns if not (column.personal or column.internal))

    @classmethod
    def extract_columns(cls) -> tuple[Column, ...]:
        """The columns of the files of the back office: all but names, and the row's version."""
        has_version = any(field.name == "version" for field in cls.model()._meta.fields)
        own = [column for column in cls.columns if not (column.personal or column.document_only)]
        return (*own, VERSION) if has_version else tuple(own)

    @classmethod
    def kinds(cls) -> list[str]:
        """The codes that are summed apart; one that is empty where there are none."""
        if not cls.by:
            return [""]
        (column,) = (column for column in cls.columns if column.key == cls.by)
        return [cls.only[cls.by]] if cls.by in cls.only else [*column.choices(cls.model())]

    @classmethod
    def project_of(cls, rows: models.QuerySet[models.Model]) -> str:
        """The one project that the rows belong to; "" where there are none or several."""
        if not cls.belongs:
            return ""
        slugs = set(rows.order_by().values_list(cls.belongs, flat=True).distinct()[:2])
        return str(slugs.pop()) if len(slugs) == 1 else ""

    @classmethod
    def extract(cls, rows: models.QuerySet[models.Model]) -> models.QuerySet[models.Model]:
        """The rows in the order of a file, with the columns that are computed."""
        extracted = rows.filter(**cls.only).order_by(*(cls.model()._meta.ordering or ()), "pk")
        return (
            extracted.annotate(counts=cls.counting.expression(cls.model()))
            if cls.counting
            else extracted
        )

    @classmethod
    def document_rows(cls, **lookups: object) -> list[dict[str, Any]]:
        """The public columns of the rows that match, one query and no model instances."""
        model, shown = cls.model(), cls.public_columns()
        reads = [(column.key, column.reading(model)) for column in shown]
        rows = cls.extract(model._default_manager.filter(**lookups)).distinct()
        return [
            {key: read(value) for (key, read), value in zip(reads, values, strict=True)}
            for _pk, *values in rows.values_list("pk", *(column.path for column in shown))
        ]

    def get_queryset(self) -> models.QuerySet[models.Model]:
        rows = self.visible(self.model()) if self.visible else None
        if rows is None:
            rows = super().get_queryset()
        return rows.select_related(*self.related)

    def may_write(self, row: models.Model) -> bool:
        return self.writable is None or self.writable(row)

    def is_shown_only(self, column: Column) -> bool:
        """Whether a file may hold it and an import leaves it alone; a founded project comes with
        what steps have set in its own rows."""
        return column.shown_only and not (self.founding and column.is_own)

    def is_stepped(self, column: Column) -> bool:
        """Whether a step sets it, in a table that has steps."""
        return bool(self.fixed) and (column.key in self.fixed or column.shown_only)

    def set_founding(self, founding: bool) -> None:
        """Take rows as a project that is under way has them, or as they are typed."""
        self.founding = founding

    def founded(self, cells: dict[str, Cell], by: str) -> dict[str, Cell]:
        """The cells of a row with which a project is founded by a person of this code."""
        return cells

    def opened(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Before these rows of a founded project are added, what they stand under is opened."""

    def removed(self, keys: Collection[int]) -> None:
        """After rows are gone that an import had added."""

    def prepare(self, rows: Sequence[Any]) -> None:
        """Read together what the checks of these rows ask of the database."""
        read_together(rows)

    def check_row(self, row: Any, is_new: bool) -> None:
        """Raises ValidationError where a row cannot come by an import."""

    def warnings(self, row: Any) -> list[tuple[str, str]]:
        """What is odd about a row and may be right all the same: kind, sentence."""
        return []

    def consequences(self, rows: Sequence[models.Model]) -> tuple[list[str], list[str]]:
        """The projects of rows that are new or changed, and what follows from writing them."""
        projects, sentences = self.about(rows) if self.about else ([], [])
        added = sum(row._state.adding for row in rows)
        if self.append_only and added:
            sentence = ngettext(
                "%(count)s new row stays for good: this table forgets nothing. What is wrong in it "
                "is corrected by another row, and the import cannot be taken back.",
                "%(count)s new rows stay for good: this table forgets nothing. What is wrong in "
                "them is corrected by other rows, and the import cannot be taken back.",
                added,
            )
            sentences.append(sentence % {"count": added})
        return projects, sentences

    @staticmethod
    def version_of(cell: Cell) -> int:
        """The version that a file's row had. Raises ValueError."""
        text = cell.plain() if isinstance(cell, Number) else str(cell).strip()
        if not (text.isascii() and text.isdecimal() and len(text) < 9):
            raise ValueError(
                _("“%(value)s” is no version. Leave the column as the export wrote it, or empty.")
                % {"value": text[:50]}
            )
        return int(text)


def identifying(resource: type[TableResource]) -> list[Column]:
    """The columns of the key, and those by which its references are found."""
    keys = [column for column in resource.columns if column.key in resource.key]
    within = {name for column in keys for name in column.within.values()}
    return [column for column in resource.columns if column in keys or column.key in within]
