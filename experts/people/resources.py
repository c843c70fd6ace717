"""The tables of who works on a project. Personal columns never reach a document or an export."""

from __future__ import annotations

from deliverables.projects.resources import COMPONENT, EVIDENCE, PROJECT, columns
from exchange.tables.columns import Column
from exchange.tables.resources import TableResource
from experts.people import meanings, models

INSTITUTION = Column("institution", to="code")


class InstitutionResource(TableResource):
    table = "institutions"
    belongs = ""
    key = ("code",)
    columns = columns("code name_lv name_en abbreviation country note_lv note_en")
    meanings = meanings.INSTITUTIONS

    class Meta:
        model = models.Institution


class PartnershipResource(TableResource):
    table = "partnerships"
    key = ("project", "code")
    related = ("project", "institution", "evidence")
    columns = (
        PROJECT,
        *columns("code country"),
        INSTITUTION,
        *columns("role detail_lv detail_en note_lv note_en"),
        EVIDENCE,
    )
    meanings = meanings.PARTNERSHIPS

    class Meta:
        model = models.Partnership


class ExpertResource(TableResource):
    table = "experts"
    belongs = ""
    key = ("code",)
    related = ("institution",)
    columns = (
        *columns("code country"),
        INSTITUTION,
        Column("name", personal=True),
        Column("name_consent", personal=True),
        Column("consent_on", personal=True),
        Column("consent_basis", personal=True),
        Column("consent_withdrawn_on", personal=True),
        Column("name_key", via="name_key", document_only=True),
    )
    meanings = meanings.PEOPLE

    class Meta:
        model = models.Expert


class AssignmentResource(TableResource):
    table = "assignments"
    key = ("project", "code")
    related = ("project", "expert", "component", "institution", "evidence")
    columns = (
        PROJECT,
        *columns("code function"),
        Column("expert", to="code"),
        COMPONENT,
        INSTITUTION,
        *columns("from_on to_on"),
        Column("holder_name", personal=True),
        Column("name_published", personal=True),
        Column("name_key", via="name_key", document_only=True),
        *columns("note_lv note_en"),
        EVIDENCE,
    )
    meanings = meanings.ASSIGNMENTS

    class Meta:
        model = models.Assignment
