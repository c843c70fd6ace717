"""Indicators: what was measured, approved by somebody else, and told to OPSYS."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from audit.rows.refused import Refused
from deliverables.indicators import actions as measuring
from deliverables.indicators import opsys as indicators
from deliverables.indicators.models import Indicator, Measurement, Submission
from deliverables.projects.models import Component, Project
from releases import actions
from releases.document import live
from tests.make import (
    make_component,
    make_evidence,
    make_indicator,
    make_member,
    make_project,
    make_value,
)
from tests.public.make import get

pytestmark = pytest.mark.django_db
JUNE = dt.date(2026, 6, 30)


@pytest.fixture
def component() -> Component:
    return make_component(make_project(publishing="by_hand"))


@pytest.fixture
def indicator(component: Component) -> Indicator:
    return make_indicator(component, baseline=2, target=12, baseline_on="2025-09")


@pytest.fixture
def ms(component: Component) -> Any:
    return make_member(component.project, name="ms")


@pytest.fixture
def bc(component: Component) -> Any:
    return make_member(component.project, "bc_leader", "bc")


@pytest.mark.parametrize(
    ("unit", "given", "told"),
    [
        ("percent", {"value": 150}, "A percentage is between 0 and 100."),
        ("yes_no", {"value": 2}, "This indicator is yes or no: write 1 for yes and 0 for no."),
        ("text", {"value": 1}, "This indicator is a text: write it in words"),
        ("number", {"value": None}, "Give the value, or say it in words in Latvian or in"),
        ("number", {"value": 1, "applies": False}, "What does not apply has no value."),
    ],
)
def test_a_value_fits_its_unit_or_is_refused_in_a_sentence(
    component: Component, unit: str, given: dict[str, Any], told: str
) -> None:
    row = Measurement(
        project=component.project, indicator=make_indicator(component, unit=unit), on=JUNE,
        source_lv="Pārskats", source_en="Report", **given,
    )  # fmt: skip

    with pytest.raises(ValidationError, match=told):
        row.full_clean()


def test_who_entered_a_value_does_not_approve_it_and_then_it_never_changes(
    client: Client, indicator: Indicator, ms: Any, bc: Any
) -> None:
    client.force_login(ms)
    form = {
        "project": indicator.project_id, "indicator": indicator.pk, "on": "30.06.2026",
        "applies": "on", "value": "7.5", "source_lv": "Pārskats", "source_en": "Report",
    }  # fmt: skip
    client.post("/admin/deliverables/measurement/add/", form)
    row = Measurement.objects.get()
    where = f"/admin/deliverables/measurement/{row.pk}/"
    assert str(row.value) == "7.500"
    page = client.get(f"{where}change/").content.decode()
    assert "You entered or changed the value. Somebody else has to check and approve it." in page
    with pytest.raises(Refused):
        measuring.approve(row, by=ms, seen=row.version)

    client.force_login(bc)
    told = client.post(f"{where}approve/", {"seen": row.version}, follow=True).content.decode()

    assert "Approved by U-" in told
    assert 'name="_save"' not in told
    for write in (
        lambda: Measurement.objects.update(value=9),
        lambda: Measurement.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    assert str(Measurement.objects.get().value) == "7.500"


def test_the_public_reads_approved_values_and_kinds_of_nothing_apart(
    client: Client, component: Component, indicator: Indicator, bc: Any
) -> None:
    make_indicator(component, "I1.2", unit="percent")
    never = make_indicator(component, "I1.3", unit="yes_no", baseline=0, target=1)
    words = make_indicator(component, "I1.4", unit="text", target_lv="Labi", target_en="Good")
    make_value(never, JUNE, applies=False, value=None)
    make_value(words, JUNE, value=None, words_lv="Vidēji", words_en="Fair")
    make_value(indicator, JUNE, value="7.5")
    for row in Measurement.objects.all():
        measuring.approve(row, by=bc, seen=row.version)
    make_value(indicator, dt.date(2026, 7, 31), value=11)  # not approved
    actions.publish(component.project, by=None)

    text = get(client, "/en/projects/tw-1/")

    table = text.split("How it is counted Indicator")[1]
    assert "55 % of the way from baseline to target: 5.5 of 10" in table
    assert "7.5 30 Jun 2026" in table
    assert " 11 " not in table.split("I1.2")[0]
    assert "not stated not yet not stated" in table.split("I1.2")[1].split("I1.3")[0]
    assert "no does not apply 30 Jun 2026 yes" in table.split("I1.3")[1].split("I1.4")[0]
    assert "not stated Fair 30 Jun 2026 Good" in table.split("I1.4")[1]


def test_the_unit_stays_once_a_value_is_approved_and_tomorrow_is_not_submitted(
    indicator: Indicator, bc: Any
) -> None:
    row = make_value(indicator, JUNE, value=8)
    measuring.approve(row, by=bc, seen=row.version)
    make_value(indicator, dt.date(2100, 12, 31), value=999, approved_by="U-0001")
    indicator.unit = "percent"

    with pytest.raises(ValidationError) as told:
        indicator.full_clean()

    assert told.value.message_dict["unit"] == [
        "Values of this indicator are approved in its unit. Begin another indicator for another "
        "unit."
    ]
    (line,) = measuring.sheet(indicator.project)
    assert (line["value"], line["on"]) == ("8", "2026-06-30")


def test_a_value_is_of_a_day_of_the_project_that_has_come(indicator: Indicator) -> None:
    Project.objects.update(start_actual="2026-03")
    row = Measurement.objects.get(pk=make_value(indicator).pk)
    tomorrow = timezone.localdate() + dt.timedelta(1)
    for on, sentence in (
        (tomorrow, "A value is of a day that has come."),
        (dt.date(2026, 2, 28), "The project began 2026-03. What was before is the baseline of the "
                               "indicator."),
    ):  # fmt: skip
        row.on = on
        with pytest.raises(ValidationError) as told:
            row.full_clean()
        assert told.value.message_dict == {"on": [sentence]}
    for on in (dt.date(2026, 3, 1), timezone.localdate()):
        row.on = on
        row.full_clean()


def test_the_opsys_sheet_says_exactly_what_changed_since_it_was_submitted(
    client: Client, indicator: Indicator, ms: Any, bc: Any
) -> None:
    measuring.approve(make_value(indicator, value=5), by=bc, seen=1)
    client.force_login(ms)
    where = f"/admin/deliverables/indicator/opsys/{indicator.project.slug}/"
    page = client.get(where)
    assert "No submission is recorded yet, so all of it is new." in page.content.decode()
    assert (
        "I1.1\tIndicator\tnumber\t2\t2025-09\t12\t\t5\t2026-05-04\tReport"
        in (page.context["paste"])
    )
    seen = page.context["seen"]

    client.post(where, {"seen": seen, "on": "2026-06-30"})
    assert "Nothing." in client.get(where).content.decode()
    twice = client.post(where, {"seen": seen, "on": "2026-06-30"}).content.decode()
    assert "This submission is recorded already." in twice
    measuring.approve(make_value(indicator, JUNE, value="6.5"), by=bc, seen=1)

    page = client.get(where)
    assert [(m.code, m.column, m.old, m.new) for m in page.context["moved"]] == [
        ("I1.1", "value", "5", "6.5"), ("I1.1", "on", "2026-05-04", "2026-06-30"),
    ]  # fmt: skip
    stale = client.post(where, {"seen": seen, "on": "2026-06-30"}).content.decode()
    assert "Somebody changed a value after you opened this page, so nothing was recorded." in stale
    forged = client.post(where, {"seen": "forged", "on": "2026-06-30"}).content.decode()
    assert "so nothing was recorded." in forged
    assert Submission.objects.count() == 1


def test_the_sheet_has_the_unit_and_a_comment_of_what_has_no_column_of_its_own(
    client: Client, indicator: Indicator, ms: Any, bc: Any
) -> None:
    Indicator.objects.update(
        unit="percent", baseline_lv="Aptauja", baseline_en="By a survey of 2025",
        source_lv="Statistika", source_en="Yearly statistics",
    )  # fmt: skip
    other = make_indicator(indicator.component, "I1.2", unit="yes_no")
    Indicator.objects.filter(pk=other.pk).update(source_lv="Likums", source_en="Official journal")
    proof = make_evidence(indicator.project, "E7")
    row = make_value(
        indicator, JUNE, evidence=proof, words_lv="Bez Tirānas", words_en="Without\tTirana"
    )
    measuring.approve(row, by=bc, seen=1)
    client.force_login(ms)

    page = client.get("/admin/deliverables/indicator/opsys/tw-1/")

    comment = (
        "Without Tirana; baseline: By a survey of 2025; evidence E7; source of verification: "
        "Yearly statistics"
    )
    head, first, second = (line.split("\t") for line in page.context["paste"].split("\n"))
    assert head == list(indicators.SHEET)
    assert first == [
        "I1.1", "Indicator", "percent", "2 %", "2025-09", "12 %", "", "5 %", "2026-06-30", "Report",
        comment,
    ]  # fmt: skip
    assert second == ["I1.2", "Indicator", "yes_no", *[""] * 6, "Official journal", ""]
    text = page.content.decode()
    assert "<td>per cent</td>" in text
    assert "<td>yes or no</td>" in text
    assert f"<td>{comment.replace(' Tirana', chr(9) + 'Tirana')}</td>" in text


@pytest.mark.parametrize(
    ("on", "told"),
    [
        ("2100-01-01", "The date 2100-01-01 has not come yet."),
        ("2025-12-31", "The project began 2026-01, so nothing was submitted on 2025-12-31."),
        ("2026-06-29", "The sheet has a value of 2026-06-30, so it was not submitted on 2026-06-"),
        ("2026-07-01", "The last submission is of 2026-07-02. What stands here now was not subm"),
    ],
)
def test_a_day_on_which_the_sheet_cannot_have_been_submitted_is_refused(
    client: Client, indicator: Indicator, ms: Any, bc: Any, on: str, told: str
) -> None:
    Project.objects.update(start_planned="2026-01")
    measuring.approve(make_value(indicator, JUNE), by=bc, seen=1)
    client.force_login(ms)
    where = "/admin/deliverables/indicator/opsys/tw-1/"
    client.post(where, {"seen": client.get(where).context["seen"], "on": "2026-07-02"})
    assert Submission.objects.get().on == dt.date(2026, 7, 2)

    page = client.post(where, {"seen": client.get(where).context["seen"], "on": on})

    assert told in page.content.decode()
    assert Submission.objects.count() == 1


def test_who_does_not_see_the_project_gets_no_sheet(client: Client, indicator: Indicator) -> None:
    far = make_member(make_project("far"), name="far")
    client.force_login(far)

    there = client.get("/admin/deliverables/indicator/opsys/tw-1/")
    missing = client.get("/admin/deliverables/indicator/opsys/none/")

    assert (there.status_code, missing.status_code) == (404, 404)
    assert there.content == missing.content


def test_the_way_from_baseline_to_target_can_go_down_and_past_its_ends() -> None:
    def way(*numbers: Any) -> str | None:
        share = indicators.way(*numbers)
        return str(share.percent) if share else None

    assert way(2, 12, 7) == "50.0"
    assert way(30, 10, 15) == "75.0"  # fewer is better
    assert way(0, 10, 12) == "120.0"
    assert way(5, 10, 4) == "-20.0"
    assert (way(5, 5, 5), way(None, 10, 4), way(0, 10, None)) == (None, None, None)


def test_a_document_holds_no_value_that_nobody_approved(indicator: Indicator) -> None:
    make_value(indicator)

    assert live.build(indicator.project)["measurements"] == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("0.2", "“0.2” may mean 20 per cent: so a spreadsheet keeps it. Write 20; a value below"),
        ("150", "A percentage is between 0 and 100."),
        ("-5", "A percentage is between 0 and 100."),
        ("1e3", "“1e3” is not a number with at most three decimals, as 12.5."),
    ],
)
def test_a_file_with_a_percentage_that_may_be_misread_is_refused(
    client: Client, component: Component, ms: Any, typed: str, told: str
) -> None:
    make_indicator(component, unit="percent")
    client.force_login(ms)

    answer = sent(client, typed)

    assert told in answer.content.decode()
    assert not Measurement.objects.exists()


def test_twenty_per_cent_is_read_in_each_way_of_writing_it(
    client: Client, component: Component, ms: Any
) -> None:
    make_indicator(component, unit="percent")
    client.force_login(ms)

    for typed in ("20", "20 %", "20,0", "20.000"):
        page = sent(client, typed)
        (row,) = page.context["plan"].rows
        assert row.cells["value"] == "20.000", typed


def sent(client: Client, typed: str) -> Any:
    text = (
        "project;indicator;on;value;source_lv;source_en\n"
        f"tw-1;I1.1;2026-06-30;{typed};Pārskats;Report\n"
    )
    file = SimpleUploadedFile("measurements.csv", text.encode())
    where = "/admin/deliverables/measurement/import/"
    return client.post(where, {"file": file}, follow=True)


def test_an_approved_value_is_read_on_the_indicator_s_page_and_typing_over_it_is_told(
    client: Client, indicator: Indicator, ms: Any, bc: Any
) -> None:
    row, other = make_value(indicator, value=5), make_value(indicator, JUNE, value=7)
    measuring.approve(row, by=bc, seen=1)
    row.refresh_from_db()
    client.force_login(ms)
    where = f"/admin/deliverables/indicator/{indicator.pk}/change/"
    page = client.get(where).content.decode()
    inputs = re.findall(r'<input[^>]* name="values-\d-value"[^>]*>', page)
    assert [" disabled" in one for one in inputs] == [True, False, False]

    sent = {
        "component": indicator.component_id, "title_lv": "Rādītājs", "title_en": "Renamed",
        "unit": "number", "baseline": 2, "seen": indicator.version,
        "values-TOTAL_FORMS": 2, "values-INITIAL_FORMS": 2,
        "values-0-id": row.pk, "values-0-seen": row.version,
        "values-1-id": other.pk, "values-1-seen": 1, "values-1-on": JUNE, "values-1-applies": "on",
        "values-1-value": 8, "values-1-source_lv": "Pārskats", "values-1-source_en": "Report",
    }  # fmt: skip
    late = sent | {name.replace("-1-", "-0-"): value for name, value in sent.items()
                   if "-1-" in name and name[9:] not in ("id", "seen")}  # fmt: skip
    told = client.post(where, late).content.decode()
    assert "The value is approved and never changes. A correction is a value of another" in told
    assert client.post(where, sent).status_code == 302

    indicator.refresh_from_db()
    assert indicator.title_en == "Renamed"
    assert list(indicator.values.order_by("on").values_list("value", flat=True)) == [5, 8]
