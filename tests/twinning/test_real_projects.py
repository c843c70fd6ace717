"""What real projects have goes all the way: form, release, public page, CSV, and in again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from deliverables.evidence.models import Evidence
from deliverables.fields import countries
from deliverables.findings import suspended_otherwise
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Component, Project, Suspension
from experts.people.models import Institution
from releases.actions import publish
from releases.document import live, shapes
from tests.exchange.files import Session, exported
from tests.make import (
    make_component,
    make_deliverable,
    make_evidence,
    make_institution,
    make_project,
    make_report,
    make_suspension,
)
from tests.office.workbooks import (
    FOUNDED,
    administrator,
    imported,
    renamed_book,
    renamed_document,
    taken_out,
)
from tests.twinning.real import add, public, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project(publishing="by_hand")


@pytest.fixture
def office(project: Project) -> Client:
    return administrator()


def founded_again(office: Client, project: Project) -> None:
    """The project as a workbook, founded under another name: the same document, but for codes."""
    book, known = renamed_book(taken_out(office, project.slug)), live.build(project)
    Project.objects.exclude(reference="").update(reference="ANOTHER")
    for body in Institution.objects.all():
        Institution.objects.filter(pk=body.pk).update(name_en=body.code)

    session = imported(office, book)
    assert session.faults == [], session.faults
    session.apply()

    other = Project.objects.get(slug=FOUNDED)
    assert live.build(other) == renamed_document(known)


def test_components_are_called_as_their_source_calls_them(office: Client, project: Project) -> None:
    own = {"project": project, "title_lv": "Likumi", "title_en": "Laws"}
    add(office, "deliverables_component", **own, number="1", code="1.10", numbered="on")
    add(office, "deliverables_component", **own | {"title_en": "Staff"}, number="2", numbered="")
    add(office, "deliverables_component", **own | {"title_en": "Data"}, number="3", numbered="on")
    make_deliverable(Component.objects.get(number=2), "MR 2.1")
    publish(project, by=None)

    page = public(project)
    assert "1.10 Laws" in page
    assert "2 Staff" not in page
    assert "3 Data" in page
    assert "Component 1.10: Laws" in public(project, "components/1/")
    assert "Component" not in public(project, "components/2/").partition("Results")[0]
    assert "1.10. komponente: Likumi" in public(project, "components/1/", "lv")
    assert "MR 2.1 · Mandatory result · Staff" in public(project, "deliverables/MR%202.1/")
    assert [(row["number"], row["code"], row["numbered"]) for row in table(project, "components")
            ] == [("1", "1.10", "yes"), ("2", "", "no"), ("3", "", "yes")]  # fmt: skip
    assert [str(row) for row in Component.objects.order_by("number")] == [
        "1.10. Laws", "Staff", "3. Data",
    ]  # fmt: skip
    founded_again(office, project)


@pytest.mark.parametrize("format_", ["xlsx", "csv"])
def test_a_code_of_a_component_survives_a_spreadsheet_of_ours(
    office: Client, project: Project, format_: str
) -> None:
    make_component(project, code="1.10")
    data = exported(office, format_, "component")

    session = Session(office, "component").upload(data, f"components.{format_}")

    assert session.counts["unchanged"] == 1
    assert (session.counts["changed"], session.faults) == (0, [])


def test_a_sub_result_stands_under_its_result(office: Client, project: Project) -> None:
    component = make_component(project)
    titles = {"title_lv": "Likums", "title_en": "Law"}
    own = {"project": project, "component": component, **titles}
    result = add(office, "deliverables_deliverable", **own, code="MR 4.1")
    add(office, "deliverables_deliverable", **own | {"title_en": "Draft law"}, code="SR 41.1",
        kind="sub_result", parent=result)  # fmt: skip
    publish(project, by=None)

    assert Deliverable.objects.get(pk=result).kind == "mandatory_result"
    assert "SR 41.1 Draft law part of MR 4.1" in public(project, "deliverables/")
    assert "Sub-results SR 41.1 Draft law" in public(project, "deliverables/MR%204.1/")
    assert "Sub-result · Component 1: Component · part of MR 4.1" in public(
        project, "deliverables/SR%2041.1/"
    )
    assert [(row["code"], row["parent"]) for row in table(project, "deliverables")] == [
        ("MR 4.1", ""), ("SR 41.1", "MR 4.1"),
    ]  # fmt: skip
    founded_again(office, project)


def test_sub_results_hold_their_result_in_its_component(office: Client, project: Project) -> None:
    result = make_deliverable(make_component(project), "MR 1")
    other = make_component(project, 2)
    make_deliverable(result.component, "SR 1.1", kind="sub_result", parent=result)
    head = "project,code,component,kind,parent\n"

    session = Session(office).upload(f"{head}tw-1,MR 1,2,,\n")
    assert session.faults == [
        "Row 2, column “component”: Its sub-results are in the component that it was in. Take them "
        "from it first."
    ]
    session = Session(office).upload(f"{head}tw-1,MR 1,1,sub_result,SR 1.1\n")
    assert session.faults == [
        "Row 2, column “parent”: A sub-result stands under a result that is none itself, and has "
        "no sub-results of its own."
    ]
    assert other.deliverables.count() == 0


def test_two_lead_a_body_has_two_parts_and_a_delegation_contracts(
    office: Client, project: Project
) -> None:
    names = {"name_lv": "Delegācija", "name_en": "EU Delegation"}
    delegation = add(office, "experts_institution", code="EU-1", country="EU", **names)
    agency = make_institution("LT-1", country="LT", name_lv="Aģentūra", name_en="Agency")
    parts = [
        ("P1", "LV", make_institution(), "lead"), ("P2", "LT", agency, "lead"),
        ("P3", "LT", agency, "financial_management"), ("P4", "LT", agency, "experts"),
        ("P5", "EU", delegation, "contracting_authority"),
    ]  # fmt: skip
    for code, country, body, role in parts:
        own = {"project": project, "code": code, "country": country, "institution": body}
        add(office, "experts_partnership", **own, role=role)
    publish(project, by=None)

    page = public(project)
    assert "Latvia: Office Lead Member State partner" in page
    assert page.count("Lithuania: Agency Lead Member State partner") == 1
    about = public(project, "about/")
    assert "EU Delegation European Union Contracting authority" in about
    assert "Agency Lithuania Financial management body" in about
    assert "Aģentūra Lietuva Finanšu vadības iestāde" in public(project, "about/", "lv")
    assert [(row["institution"], row["role"]) for row in table(project, "partnerships")][1:4] == [
        ("LT-1", "lead"), ("LT-1", "financial_management"), ("LT-1", "experts"),
    ]  # fmt: skip
    founded_again(office, project)


def test_a_project_without_a_reference_is_called_by_its_title(office: Client) -> None:
    titles = {"title_lv": "Civildienesta birojs", "title_en": "Civil service"}
    key = add(
        office, "deliverables_project", **titles, slug="light", reference="",
        kind="twinning_light", beneficiary_country="GE", status="planned",
        implementation_months="6",
    )  # fmt: skip
    project = Project.objects.get(pk=key)
    project.execution_months = 9
    project.save()
    make_deliverable(make_component(project))
    make_report(project, evidence=make_evidence(project))
    make_suspension(project)
    publish(project, by=None)

    assert str(project) == "Civil service"
    page = public(project)
    assert page.startswith("Civil service – Register of EU Twinning projects")
    assert "EU Twinning Light project · Beneficiary: Georgia" in page
    about = public(project, "about/")
    assert "Reference not stated Kind Twinning Light" in about
    assert "implementation: 6 months · execution: 9 months" in about
    assert "īstenošana: 6 mēneši · izpilde: 9 mēneši" in public(project, "about/", "lv")
    assert "Civil service has no component" in public(project, "components/9/")
    (row,) = table(project, "projects")
    assert (row["reference"], row["kind"], row["execution_months"]) == ("", "twinning_light", "9")
    founded_again(office, project)
    assert Project.objects.filter(reference="").count() == 2


def test_two_projects_may_both_have_no_reference() -> None:
    for slug in ("one", "two"):
        make_project(slug, reference="").full_clean()


def test_a_release_of_the_first_shape_is_read_as_one_of_today(project: Project) -> None:
    make_deliverable(make_component(project))
    now: dict[str, Any] = {**live.build(project)}
    first = {**now, "schema": "twinning-release-1"}
    first["project"] = {
        key: value for key, value in now["project"].items()
        if key not in ("kind", "implementation_months", "execution_months")
    }  # fmt: skip
    del first["reports"], first["suspensions"]
    later = {"components": ("code", "numbered"), "deliverables": ("parent", "entered_from")}
    for name, added in later.items():
        first[name] = [
            {key: value for key, value in row.items() if key not in added} for row in now[name]
        ]

    assert shapes.read(first) == now
    assert shapes.read({"schema": first["schema"], "project": first["project"]}) == {
        "schema": now["schema"], "project": now["project"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("lv", ["Jordānija (JO)", "Kambodža (KH)", "Kazahstāna (KZ)", "Kipra (CY)"]),
        ("en", ["Jordan (JO)", "Kazakhstan (KZ)", "Kosovo (XK)", "Kyrgyzstan (KG)"]),
    ],
)
def test_partners_of_twinning_anywhere_are_offered_in_the_order_of_the_language(
    lang: str, expected: list[str]
) -> None:
    with translation.override(lang):
        offered = " ".join(str(name) for _code, name in countries.choices())
    assert " ".join(expected) in offered
    far = make_project("far", beneficiary_country="KZ")
    publish(far, by=None)
    assert ("Kazahstāna" if lang == "lv" else "Kazakhstan") in public(far, "", lang)


def test_reports_say_when_they_were_due_and_handed_in(office: Client, project: Project) -> None:
    make_evidence(project, "E1", title_en="Receipt of the Delegation")
    period = {"project": project, "from_on": "01.01.2019", "to_on": "2019-03-31"}
    done = {
        "due_on": "30.04.2019",
        "handed_in_on": "2019-05-02",
        "evidence": Evidence.objects.get(),
    }
    add(office, "budget_report", **period, number="1", **done, note_en="Sent again on 6 May.")
    add(office, "budget_report", **period, number="0", due_on="2019-06-30")

    publish(project, by=None)

    keys = ("number", "from_on", "due_on", "handed_in_on", "evidence")
    assert [[row[key] for key in keys] for row in table(project, "reports")] == [
        ["1", "2019-01-01", "2019-04-30", "2019-05-02", "E1"],
        ["0", "2019-01-01", "2019-06-30", "", ""],
    ]
    for lang, name, late, last in (
        ("en", "Interim report 1 Receipt of the Delegation", "2 days late", "Final report"),
        ("lv", "1. starpziņojums Pierādījums", "nokavētas 2 dienas", "Gala ziņojums"),
    ):
        page = public(project, "plan/", lang)
        assert page.index(name) < page.index(late) < page.index(last)
    assert "2 May 2019 2 days late" in public(project, "plan/")


def test_a_report_is_not_handed_in_on_a_day_to_come(project: Project) -> None:
    with pytest.raises(ValidationError, match="The date 2100-01-01 has not come yet."):
        make_report(project, handed_in_on=dt.date(2100, 1, 1)).full_clean()


def test_a_suspension_has_days_and_a_reason_and_moves_no_date(
    office: Client, project: Project
) -> None:
    add(office, "deliverables_suspension", project=project, from_on="01.02.2020",
        to_on="2020-06-30", reason_lv="Robeža bija slēgta.")  # fmt: skip
    add(office, "deliverables_suspension", project=project, from_on="01.11.2020",
        reason_en="Nobody could travel.")  # fmt: skip
    Project.objects.update(start_actual="2020-01", end_planned="2020-12", status="suspended")

    publish(project, by=None)

    page = public(project)
    assert "Suspended: 1 Feb 2020 – 30 Jun 2020 · Robeža bija slēgta." in page
    assert "Suspended: 1 Nov 2020 – not yet · Nobody could travel." in page
    assert "Days of a suspension count as time passed, and dates stay as agreed" in page
    assert "366 of 366 days, past its planned end" in page
    assert "Apturēts: 01.02.2020. – 30.06.2020. · Robeža bija slēgta." in public(project, "", "lv")
    keys = ("from_on", "to_on", "reason_lv", "reason_en")
    assert [[row[key] for key in keys] for row in table(project, "suspensions")] == [
        ["2020-02-01", "2020-06-30", "Robeža bija slēgta.", ""],
        ["2020-11-01", "", "", "Nobody could travel."],
    ]


def test_a_status_that_disagrees_with_the_suspensions_is_found(project: Project) -> None:
    assert list(suspended_otherwise(project)) == []
    make_suspension(project)
    told = [found.sentence for found in suspended_otherwise()]
    assert told == ["A suspension of the project has no end, and its status is “Running”."]
    Project.objects.update(status="suspended")
    assert list(suspended_otherwise(project)) == []
    Suspension.objects.update(to_on=dt.date(2026, 3, 31))
    told = [found.sentence for found in suspended_otherwise(project)]
    assert told == ["The project is suspended, and no suspension says since when and why."]
