"""Who took which step, signed, accepted or submitted what: the extracts of what people did."""

from __future__ import annotations

from django.db.models import F, Func, IntegerField, Model, QuerySet, TextField
from django.utils.translation import gettext_lazy as _

from deliverables.indicators.models import Submission
from deliverables.ladder.models import SignOff, Step
from deliverables.projects.models import AcceptedFinding, Mistake
from deliverables.projects.resources import PROJECT, columns
from exchange.tables.cells import Repeated
from exchange.tables.columns import Column, Computed
from exchange.tables.resources import TableResource
from experts.missions.models import MissionStep
from experts.missions.resources import MISSION
from releases.document import meanings


class PersonCode(Repeated):
    """U-0017 for the person 17: people are codes in files."""

    template = (
        "'U-' || lpad((%(expressions)s)::text, greatest(4, length((%(expressions)s)::text)), '0')"
    )
    output_field = TextField()


BY = Column(
    "by_code", computed=Computed("text", _("by"), _("The code of a person of the back office."))
)


IN_DELIVERABLE = (
    Column("project", to="slug", via="deliverable__project"),
    Column("deliverable", to="code"),
)


class StepExtract(TableResource):
    table = "steps"
    key = ()
    belongs = "deliverable__project__slug"
    columns = (*IN_DELIVERABLE, *columns("verb begins ends on reason"), BY, Column("at"))
    meanings = meanings.STEPS

    class Meta:
        model = Step

    @classmethod
    def extract(cls, rows: QuerySet[Model]) -> QuerySet[Model]:
        return _by_person(super().extract(rows))


class MissionStepExtract(TableResource):
    table = "mission_steps"
    key = ()
    columns = (PROJECT, MISSION, *columns("verb ends reason"), BY, Column("at"))
    meanings = meanings.MISSION_STEPS

    class Meta:
        model = MissionStep

    @classmethod
    def extract(cls, rows: QuerySet[Model]) -> QuerySet[Model]:
        return _by_person(super().extract(rows))


class SignatureExtract(TableResource):
    table = "signatures"
    key = ()
    belongs = "deliverable__project__slug"
    columns = (
        *IN_DELIVERABLE,
        Column("side"),
        Column("digest"),
        BY,
        *columns("at voided_at"),
    )
    meanings = meanings.SIGNATURES

    class Meta:
        model = SignOff

    @classmethod
    def extract(cls, rows: QuerySet[Model]) -> QuerySet[Model]:
        return _by_person(super().extract(rows))


class AcceptedFindingExtract(TableResource):
    table = "accepted_findings"
    key = ("project", "key")
    columns = (PROJECT, *columns("key reason"), BY, Column("at"))
    meanings = meanings.ACCEPTED_FINDINGS

    class Meta:
        model = AcceptedFinding

    @classmethod
    def extract(cls, rows: QuerySet[Model]) -> QuerySet[Model]:
        return _by_code(super().extract(rows))


class MistakeExtract(TableResource):
    """What was entered by mistake and left its table, a row for each row that did."""

    table = "mistakes"
    key = ()
    columns = (
        PROJECT,
        Column("table"),
        Column("row"),
        *columns("code label_lv label_en reason"),
        BY,
        Column("at"),
    )
    meanings = meanings.MISTAKES

    class Meta:
        model = Mistake

    @classmethod
    def extract(cls, rows: QuerySet[Model]) -> QuerySet[Model]:
        return _by_code(super().extract(rows))


class SubmissionExtract(TableResource):
    """What OPSYS was told, a row for each submission; the lines of its sheet as JSON."""

    table = "submissions"
    key = ()
    columns = (
        PROJECT,
        *columns("on note"),
        Column("lines", computed=Computed("integer", _("indicators"))),
        Column("content"),
        BY,
        Column("at"),
    )
    meanings = meanings.SUBMISSIONS

    class Meta:
        model = Submission

    @classmethod
    def extract(cls, rows: QuerySet[Model]) -> QuerySet[Model]:
        length = Func(F("content"), function="jsonb_array_length", output_field=IntegerField())
        return _by_code(super().extract(rows).annotate(lines=length))


def _by_person(rows: QuerySet[Model]) -> QuerySet[Model]:
    annotated: QuerySet[Model] = rows.annotate(by_code=PersonCode(F("by_id")))
    return annotated


def _by_code(rows: QuerySet[Model]) -> QuerySet[Model]:
    """Of rows that hold the person's code as it is."""
    annotated: QuerySet[Model] = rows.annotate(by_code=F("by"))
    return annotated
