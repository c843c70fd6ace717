"""Texts that are in no release, in every row of another component and of another project, and a
walk that asks every address and looks whether one of them comes back.

Of single rows in the back office the own ones are asked for: all others answer 403 or 404 (the
matrix), and come back, if at all, where something names them.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any
from unittest.mock import patch

from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from audit.models import Event
from deliverables.evidence.models import Statement
from deliverables.indicators.models import Measurement
from exchange.exports.extracts import FORMATS
from exchange.tables import limits
from experts.missions.models import Mission
from experts.people.models import Expert
from releases import actions
from releases.document.tables import DOWNLOADS
from releases.reading import reach
from tests import work
from tests.make import (
    approved,
    make_activity,
    make_component,
    make_deliverable,
    make_evidence,
    make_item,
    make_line,
    make_member,
    make_move,
)
from tests.twinning.house import House
from tests.twinning.matrix import address, addresses
from tests.twinning.ready import changed_csv, model_of
from tests.volume import share

OTHER, FAR, WHOLE, NAME = "Zqother", "Zqforeign", "Zqwhole", "Zqnamed"
CANARIES = (OTHER, FAR, WHOLE, NAME)
BEGIN = "zqo"  # what is searched for: no page that repeats it shows a canary
# A directory that everybody reads, and rows that hold no text of a project.
WHICH = ("own", "foreign", "missing")  # the first that there is
CODES = ("code", "slug", "reference", "sha256", "key")
OPEN = ("institution", "user", "membership", "export", "release")
# Rows of the whole project: its people read them in the back office, but not in the preview.
OF_THE_WHOLE = ("source", "statement", "partnership", "line", "heading", "entry", "project")


def spoil(house: House) -> set[str]:
    """Let every row that is not the coordinator's hold a text that no release has; the columns."""
    for plan in {house.rows["workplan", which] for which in ("own", "foreign")}:
        approved(plan)
    Measurement.objects.update(approved_by="T-1")
    actions.publish(house.project, by=None)
    for model, which in list(house.rows):  # what is imported holds none of the texts itself
        if hasattr(known := _page(model), "resource"):
            changed_csv(house, known.opts.model_name, which)
    _crossings(house)
    told = set()
    for (model, which), row in house.rows.items():
        if model in OPEN:
            continue
        if which in ("other", "foreign"):
            told |= _written(row, OTHER if which == "other" else FAR)
        elif which == "own" and model in OF_THE_WHOLE:
            told |= _written(row, WHOLE)
    Expert.objects.filter(pk=house.rows["expert", "own"].pk).update(name=NAME)
    Expert.objects.exclude(pk=house.rows["expert", "own"].pk).filter(name="").update(name=NAME)
    _new(house)
    return told


def _page(model: str) -> Any:
    return next((page for of, page in admin.site._registry.items()
                 if of._meta.model_name == model), None)  # fmt: skip


def _texts(row: models.Model) -> Iterator[Any]:
    """The columns of a row that hold words of people."""
    for field in row._meta.concrete_fields:
        plain = isinstance(field, models.CharField) and not field.choices
        if plain and not field.unique and field.name not in CODES:
            yield field


def _written(row: models.Model, text: str) -> set[str]:
    told = set()
    for field in _texts(row):
        value = f"https://example.org/{text}" if isinstance(field, models.URLField) else text
        try:
            with transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(**{field.name: value})
        except DatabaseError:
            continue  # a date, a country, a digest, or what a rule makes final
        told.add(f"{row._meta.model_name}.{field.name}")
    return told


def _crossings(house: House) -> None:
    """Own rows and rows of the whole project that name what is another component's."""
    other = {model: row for (model, which), row in house.rows.items() if which == "other"}
    own = house.rows["deliverable", "own"]
    make_item(own, "D1.1.8", evidence=other["evidence"])
    moved_in = make_item(own, "D1.1.9", evidence=other["evidence"])
    moved_in.evidence = None
    moved_in.save()
    gone = make_deliverable(own.component, "D1.8")
    gone.component = other["component"]
    gone.save()
    house.rows["deliverable_gone", "other"] = gone
    make_move(house.rows["contractchange", "own"], "V8", deliverable=other["deliverable"],
              to_on="2027-01")  # fmt: skip
    make_line(house.project, "B8", component=other["component"])
    Statement.objects.create(
        project=house.project, code="S8", kind="note", text_lv="x", text_en="x",
        evidence=other["evidence"],
    )  # fmt: skip
    make_member(other["component"], "coordinator", "second")
    indicator = house.rows["indicator", "own"]
    type(indicator)._base_manager.filter(pk=indicator.pk).update(deliverable=other["deliverable"])
    serves = house.rows["activitydeliverable", "own"]
    type(serves)._base_manager.create(
        project=house.project, activity=serves.activity, deliverable=other["deliverable"]
    )


def _new(house: House) -> None:
    """Rows that no release ever had, and the papers of a mission."""
    both = {"title_lv": OTHER, "title_en": OTHER}
    for number in (0, 4):  # 0 comes first, and is no number that may be taken for none
        component = make_component(house.project, number, **both)
        deliverable = make_deliverable(component, f"D{number}.1", **both)
        make_item(deliverable, f"D{number}.1.1", **both)
        evidence = make_evidence(
            house.project, f"E{number}1", deliverable=deliverable, quote=OTHER, **both
        )
        make_item(deliverable, f"D{number}.1.2", evidence=evidence)
        make_activity(component, f"A{number}.1", **both)
    paper = make_evidence(
        house.project, "E42", kind="file", url="", file=house.rows["file", "other"], **both
    )
    Mission.objects.filter(pk=house.rows["mission", "other"].pk).update(time_sheet=paper)
    make_evidence(house.far, "E43", title_lv=FAR, title_en=FAR)


class Walk:
    """All that one person is answered; `found` says which canary came back from where."""

    def __init__(self, house: House, user: User) -> None:
        self.house, self.user, self.client = house, user, Client(headers={"accept-language": "en"})
        self.client.raise_request_exception = False
        self.client.force_login(user)
        self.asked: set[str] = set()
        self.found: dict[str, set[str]] = {canary: set() for canary in CANARIES}
        self.failed: list[str] = []

    def everything(self, *, files: bool, names: Collection[str] = ()) -> None:
        """Of the back office all pages and tables, or those of these names. A document is made
        once a project: nothing changes on the way."""
        self.names = names or {name for name, _keys in addresses()}
        with patch("releases.reading.reach.read", cache(reach.read)):
            self._pages()
            self._preview()
            self._choices()
            if files:
                self._files()

    def _pages(self) -> None:
        for name, keys in sorted(set(addresses()), key=lambda pair: pair[0]):
            if name.startswith(("account", "mfa", "admin:log", "language", "reminders", "home")):
                continue
            if name not in self.names:
                continue
            asked = (address(self.house, name, keys, which) for which in WHICH)
            if where := next(filter(None, asked), ""):
                for query in self._queries(name):
                    self.get(name, where + query)
        for number in Event.objects.order_by().values_list("transaction", flat=True).distinct():
            self.get("admin:transaction", reverse("admin:transaction", args=[number]))

    def _queries(self, name: str) -> tuple[str, ...]:
        """Each list as it is, searched and sorted, and filtered by the project."""
        if name.endswith("_changelist"):
            return ("", f"?q={BEGIN}&o=-2.1", f"?project__id__exact={self.house.project.pk}")
        if name.endswith("_add"):  # a form that an address fills in with what is not offered
            others = {m: row.pk for (m, which), row in self.house.rows.items() if which == "other"}
            known = _page(model_of(name))
            fields = known.opts.concrete_fields if known else ()
            asked = {
                field.name: others[field.related_model._meta.model_name]
                for field in fields
                if field.is_relation and field.related_model._meta.model_name in others
            }
            return ("", f"?{urlencode(asked)}&_to_field=title_en&_popup=1")
        if name == "admin:left":
            return tuple(
                f"?activity={self.house.rows['activity', which].pk}&days=1&from_on=2026-05-04"
                for which in ("own", "other")
            )
        return ("",)

    def _preview(self) -> None:
        """The pages and files of the preview, those of single rows too, in both languages."""
        for lang in ("lv", "en"):
            for slug in ("tw-1", "far") if lang == "en" else ("tw-1",):
                base = f"/admin/preview/{lang}/projects/{slug}/"
                rows = ("D1.1", "D1.8", "D0.1", "D2.1", "D4.1", "D3.1")
                parts = ("0", "1", "2", "3", "4")
                pages = ["", "deliverables/", "plan/", "experts/", "budget/", "about/", "data/"]
                pages += [f"deliverables/{code}/" for code in rows]
                pages += [f"components/{number}/" for number in parts]
                for page in pages:
                    self.get("preview", base + page)
                self.get("preview", f"{base}deliverables/?q={BEGIN}")
            self.get("preview", f"/admin/preview/{lang}/")
        for slug in ("tw-1", "far"):
            base = f"/admin/preview/en/projects/{slug}/"
            self.get("preview", f"{base}release.json")
            for table in DOWNLOADS:
                for key in FORMATS if table == "deliverables" else ("csv", "jsonl"):
                    self.get("preview", f"{base}{table}{FORMATS[key].suffix}")

    def _choices(self) -> None:
        """Each search of a form for what one of its references could be."""
        for model, page in admin.site._registry.items():
            for field in getattr(page, "autocomplete_fields", ()):
                for term in ("", BEGIN):
                    self.get("admin:autocomplete", reverse("admin:autocomplete"), {
                        "app_label": model._meta.app_label, "model_name": model._meta.model_name,
                        "field_name": field, "term": term,
                    })  # fmt: skip

    def _files(self) -> None:
        """What is given out, and what a preview of somebody else's row says."""
        for page in admin.site._registry.values():
            label = f"admin:{page.opts.app_label}_{page.opts.model_name}"
            if not hasattr(page, "resource") or f"{label}_export" not in self.names:
                continue
            self._given_out(f"{label}_export", reverse(f"{label}_export"), {"format": "jsonl"})
            for which in share(("other", "foreign", "own"), label, of=2):
                if (page.opts.model_name, which) in self.house.rows:
                    self._import(label, str(page.opts.model_name), which)
        for slug in ("tw-1", "far"):
            for what in ("workbook", "pack"):  # XLSX, and a ZIP of CSV
                where = reverse("admin:extracts", args=[slug])
                self._given_out("admin:extracts", where, {"what": what})

    def _given_out(self, name: str, where: str, data: Any) -> None:
        """A file as it is sent at once, and as a worker prepares it."""
        self.post(name, where, data)
        with transaction.atomic(), patch.object(limits, "ROWS_AT_ONCE", 0):
            answer = self.client.post(where, data)
            if answer.status_code == 302:
                work.carry_out()
                file = self.client.get(f"{answer['Location']}file/")
                assert file.status_code == 200, where
                self._look(f"{name}, prepared", file, where)
            transaction.set_rollback(True)

    def _import(self, label: str, model: str, which: str) -> None:
        """The codes of the row, and of its words only what somebody else would write."""
        lines = changed_csv(self.house, model, which).decode()
        assert not any(canary in lines for canary in CANARIES), model
        given = {"file": SimpleUploadedFile("rows.csv", lines.encode())}
        self.post(f"{label}_import", reverse(f"{label}_import"), given, follow=True)

    def get(self, name: str, where: str, data: Any = None) -> None:
        self._look(name, self.client.get(where, data), where)

    def post(self, name: str, where: str, data: Any, **how: Any) -> None:
        with transaction.atomic():
            self._look(name, self.client.post(where, data, **how), where)
            transaction.set_rollback(True)

    def _look(self, name: str, answer: Any, where: str) -> None:
        self.asked.add(name)
        if answer.status_code >= 500:
            self.failed.append(where)
        text = _text(answer)
        for canary in CANARIES:
            if canary in text:
                self.found[canary].add(name if name != "preview" else where)


def _text(answer: Any) -> str:
    """The words of an answer, those of a workbook or a pack as well."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = str(answer.headers.get("Location", ""))
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return text + "".join(
                parts.read(name).decode("utf-8", "replace") for name in parts.namelist()
            )
    return text + content.decode("utf-8", "replace")
