"""What the matrix types into each form, and what has to be so before there is something to do."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db import connection
from django.utils import timezone

from accounts.models import User
from budget.contract.models import Rate, Ruleset, Term
from deliverables.indicators.models import Measurement
from deliverables.ladder.models import Deliverable
from deliverables.plan.models import WorkPlan
from deliverables.projects.models import Project
from exchange.exports.extracts import FORMATS, Extract
from exchange.imports import intake as importing
from exchange.imports.project_workbook import WorkbookIntake
from exchange.models import Import
from exchange.tables.resources import TableResource
from experts.missions.models import Mission
from releases.models import Withdrawal
from tests.deliverables.test_file_kinds import PDF
from tests.exchange.files import workbook_of
from tests.twinning.forms import Data, Upload
from tests.twinning.house import House

WORKBOOK = "admin:workbook_"
TOKEN = uuid.UUID(int=1)  # of an import that waits
PASSWORD = "a long pass phrase"

# The first of these that a form or a file has is changed. What is there gets a letter more.
TEXTS = (
    "title_en", "name_en", "label_en", "text_en", "note_en", "reason_en", "place", "source_en",
    "first_name", "papers_note",
)  # fmt: skip
CHANGED: dict[str, Data] = {
    "expert": {"country": "EE"}, "expertday": {"kind": "travel"}, "file": {"public": "on"},
    "membership": {"role": "bc_leader", "component": ""}, "missionexpert": {"days": "2"},
    "move": {"to_on": "2028-01-31"}, "partnership": {"country": "EE"},
    "plannedactivity": {"days": "21"}, "rate": {"amount": "351.00"},
    "ruleset": {"reallocation_limit": "11"},
}  # fmt: skip
ADDED: dict[str, Data] = {
    "activity": {"code": "A7.7"}, "assignment": {"code": "A77"}, "component": {"number": "7"},
    "contractchange": {"code": "SL7"}, "deliverable": {"code": "D7.7"}, "entry": {"code": "N7"},
    "evidence": {"code": "E77", "kind": "link", "file": "", "url": "https://example.org/"},
    "expert": {"code": "LV-E77"}, "figure": {"position": "7"}, "heading": {"code": "H7"},
    "indicator": {"code": "I7.7"}, "item": {"code": "D7.7.7"}, "line": {"code": "B77"},
    "institution": {"code": "LV-77", "name_en": "New", "name_lv": "New"},
    "move": {"code": "V7", "ends_project": "on"}, "partnership": {"code": "P77", "country": "EE"},
    "project": {"slug": "new", "reference": "NEW"}, "source": {"code": "S77"},
    "report": {"number": "7"}, "statement": {"code": "S77"},
    "suspension": {"from_on": "2026-01-07"}, "title": {"position": "7"},
    "user": {"username": "new", "email": "new@example.org"},
    "subscriber": {"email": "new@example.org", "language": "en"},
    "workplan": {"code": "P77", "kind": "rolling"},
}  # fmt: skip
# Tables that have one row of a kind: it is taken out before it is added again.
ALONE = (
    "activitydeliverable", "expertday", "measurement", "membership", "missionexpert", "move",
    "plannedactivity", "rate", "ruleset", "term",
)  # fmt: skip


def model_of(name: str) -> str:
    """The model of an admin's address: admin:experts_mission_step → mission."""
    if name == "admin:restore":
        return "deliverable"  # of whose values one is put back
    if name == "admin:deliverables_mistake_mark":
        return "figure"  # whose table the address names
    if name.startswith(WORKBOOK):
        return "deliverable"  # of which the workbook here has a row
    parts = name.partition(":")[2].split("_")
    return parts[1] if len(parts) > 2 else ""


def page_of(house: House, model: str) -> Any:
    """The admin's page of a table."""
    known = next(m for m in admin.site._registry if m._meta.model_name == model)
    return admin.site._registry[known]


def text_of(row: Any, name: str) -> Any:
    """A column of a row as a form sends it."""
    value = row._meta.get_field(name).value_from_object(row)
    if isinstance(value, bool):
        return ["on"] if value else []
    if isinstance(value, list):
        return [str(item) for item in value]
    return "" if value is None else str(value)


# What has to be so before there is something to do.
Ready = Callable[[House, str, User], None]


def _row(house: House, model: str, which: str) -> Any:
    row = house.rows[model, which]
    return type(row)._base_manager.get(pk=row.pk)


def _project(house: House, which: str) -> Project:
    return Project.objects.get(pk=(house.far if which == "foreign" else house.project).pk)


def _taken_out(model: str) -> Ready:
    def ready(house: House, which: str, user: User) -> None:
        row = _row(house, model, which)
        if model == "missionexpert":
            _drafted(house, which, user)
        if model == "ruleset":
            _without_rules(house, which, user)
        type(row)._base_manager.filter(pk=row.pk)._raw_delete(using=connection.alias)

    return ready


def _drafted(house: House, which: str, user: User) -> None:
    mission = house.rows["mission", which]
    house.rows["expertday", which].__class__.objects.filter(mission=mission).delete()
    Mission.objects.filter(pk=mission.pk).update(state="draft")


def _accepted(house: House, which: str, user: User) -> None:
    row = house.rows["deliverable", which]
    Deliverable.objects.filter(pk=row.pk).update(
        rung="accepted", delivered_on="2026-05-01", accepted_on="2026-05-02"
    )


def _in_force(house: House, which: str, user: User) -> None:
    plan = house.rows["workplan", which]
    WorkPlan.objects.filter(pk=plan.pk).update(state="approved", approved_on=dt.date(2026, 1, 1))


def _worked(house: House, which: str, user: User) -> None:
    mission = house.rows["mission", which]
    Mission.objects.filter(pk=mission.pk).update(state="accepted", report_on=mission.to_on)


def _without_rules(house: House, which: str, user: User) -> None:
    project = _project(house, which)
    for model in (Rate, Term, Ruleset):
        model._base_manager.filter(project=project)._raw_delete(using=connection.alias)
    Project.objects.filter(pk=project.pk).update(start_actual="2026-01-01")


def _renamed(house: House, which: str, user: User) -> None:
    """A change that waits to be published, and that can be taken back."""
    Project.objects.filter(pk=_project(house, which).pk).update(title_en="Renamed")
    if row := house.rows.get(("deliverable", which)):
        Deliverable.objects.filter(pk=row.pk).update(title_en="Renamed")


def _measured(house: House, which: str, user: User) -> None:
    rows = Measurement.objects.filter(project=_project(house, which))
    rows.update(approved_by="T-1")


def _withdrawn(house: House, which: str, user: User) -> None:
    Withdrawal.objects.create(
        project=_project(house, which), reason="closed", sentence_en="x", by=user, at=timezone.now()
    )


READY: dict[str, Ready] = {
    "admin:budget_line_days": _worked,
    "admin:budget_ruleset_adopt": _without_rules,
    "admin:deliverables_deliverable_sign": _accepted,
    "admin:deliverables_workplan_next": _in_force,
    "admin:experts_missionexpert_change": _drafted,
    "admin:opsys": _measured,
    "admin:releases_release_changes": _renamed,
    "admin:releases_release_give_back": _withdrawn,
    "admin:restore": _renamed,
}


def make_ready(house: House, name: str, which: str, user: User | None) -> None:
    if ready := _ready_for(name):
        ready(house, which, user or house.holder)


def _ready_for(name: str) -> Ready | None:
    kind = name.rpartition("_")[2]
    if kind == "add" and model_of(name) in ALONE:
        return _taken_out(model_of(name))
    if name.endswith(("_import_job", "_import_plan", "_import_undo")):
        return _waiting(name, done=name.endswith("undo"))
    return READY.get(name.replace("_import", "_change"))


# Files of an import.


def csv_of(house: House, model: str, *, which: str, **changes: str) -> bytes:
    """The register's own file of a row, with other cells where `changes` says so."""
    key = ("csv", model, which)
    if key not in house.offered:
        resource: type[TableResource] = page_of(house, model).resource
        out = io.BytesIO()
        rows = resource.model()._base_manager.filter(pk=house.rows[model, which].pk)
        Extract(resource, rows).write(out, FORMATS["csv"])
        house.offered[key] = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    head, *rows = house.offered[key]
    cells = [dict(zip(head, row, strict=True)) | changes for row in rows]
    out_text = io.StringIO()
    writer = csv.DictWriter(out_text, head)
    writer.writeheader()
    writer.writerows(cells)
    return out_text.getvalue().encode()


def changed_csv(house: House, model: str, which: str) -> bytes:
    """A file that would change the row."""
    csv_of(house, model, which=which)
    head, row = house.offered["csv", model, which][:2]
    cells = dict(zip(head, row, strict=True))
    if name := next((name for name in TEXTS if name in cells), ""):
        return csv_of(house, model, which=which, **{name: f"{cells[name]}x"})
    return csv_of(house, model, which=which, **CHANGED.get(model, {}))


def file_for(house: House, name: str, which: str) -> Upload:
    """What would be uploaded there to change the row."""
    data = changed_csv(house, model_of(name), which)
    if not name.startswith(WORKBOOK):
        return Upload("rows.csv", data)
    rows = list(csv.reader(io.StringIO(data.decode())))
    return Upload("rows.xlsx", workbook_of(rows, "deliverables"))


def _waiting(name: str, *, done: bool) -> Ready:
    """An import of the person's own that waits, or that was carried out."""

    def ready(house: House, which: str, user: User) -> None:
        model = model_of(name)
        if model == "missionexpert":
            _drafted(house, which, user)
        file = file_for(house, name, which)
        table = importing.TableIntake(page_of(house, model).resource())
        whole = WorkbookIntake({table.table: table}, user)
        intake: importing.Intake = whole if name.startswith(WORKBOOK) else table
        job = Import.objects.create(
            token=TOKEN, made_at=timezone.now(), made_by=user, table=intake.table,
            name=file.name, sha256="0" * 64, content=file.content,
        )  # fmt: skip
        if done:
            intake.carry_out(job, intake.plan(job), frozenset(), user)

    return ready


# What is typed into a form, by its address; functions of the house and of whose object it is.
PDF_FILE = Upload("paper.pdf", PDF)
TYPED: dict[str, Callable[[House, str], Data]] = {
    "account_change_password": lambda house, which: {
        "oldpassword": PASSWORD, "password1": "one more long phrase",
        "password2": "one more long phrase",
    },
    "admin:releases_release_withdraw": lambda house, which: {
        "reason": "closed", "sentence_en": "x",
    },
    "admin:deliverables_mistake_mark": lambda house, which: {"reason": "Typed twice."},
    "account_login": lambda house, which: {"login": "lea", "password": PASSWORD},
    "account_reauthenticate": lambda house, which: {"password": PASSWORD},
    "account_reset_password": lambda house, which: {"email": "nobody@example.org"},
    "admin:deliverables_deliverable_attach": lambda house, which: {
        "uploads": PDF_FILE, "shows_lv": "x", "shows_en": "x",
    },
    "admin:deliverables_workplan_shift": lambda house, which: {
        "activity": str(house.rows["activity", which].pk), "number": "1", "do": "shift",
    },
    "admin:budget_ruleset_adopt": lambda house, which: {"edition": "2017"},
    "admin:experts_mission_copy": lambda house, which: {"on": "2026-09-07"},
    "admin:experts_mission_papers": lambda house, which: {"attendance_list": PDF_FILE},
    "admin:experts_mission_sheet": lambda house, which: {
        f"country-{house.rows['expert', which].pk}": ["2026-05-04", "2026-05-05"],
    },
    "admin:experts_mission_step": lambda house, which: {"on": "2026-05-08"},
    "admin:extracts": lambda house, which: {"what": "workbook"},
    "admin:trail": lambda house, which: {"format": "csv"},
    "admin:findings": lambda house, which: {"reason": "It is right as it is here."},
    "language": lambda house, which: {"language": "lv", "next": "/admin/"},
}  # fmt: skip
# Forms that stand on another page than their own address.
STANDS_ON = {
    "admin:accounts_user_invite": "admin:accounts_user_change",
    "admin:accounts_user_reset_factor": "admin:accounts_user_change",
    "admin:deliverables_measurement_approve": "admin:deliverables_measurement_change",
    "admin:deliverables_workplan_next": "admin:deliverables_workplan_change",
}
