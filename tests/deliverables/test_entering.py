"""A finished project, entered from its source."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from audit.models import Event
from deliverables.evidence.models import Evidence, Source
from deliverables.ladder.actions import LadderGiven, take
from deliverables.ladder.models import Deliverable, Step
from deliverables.ladder.status import Verb
from deliverables.projects.models import Component
from releases.actions import publish
from tests.make import make_component, make_deliverable, make_member, make_project
from tests.public.make import get
from tests.twinning.forms import form_of

pytestmark = pytest.mark.django_db
PAGE = "admin:deliverables_deliverable_enter"


@pytest.fixture
def component() -> Component:
    component = make_component(make_project())
    for code in ("D1.1", "D1.2", "D1.3"):
        make_deliverable(component, code)
    Source.objects.create(
        project=component.project, code="S1", title_lv="Pārskats", title_en="Report",
        publisher_lv="Pārvalde", publisher_en="Office", publisher_short="PMLP", language="lv",
    )  # fmt: skip
    return component


@pytest.fixture
def cora(client: Client, component: Component) -> Client:
    client.force_login(make_member(component, "coordinator", "cora"))
    return client


def entered(client: Client, **said: Any) -> str:
    """`rung_D1_1="accepted"` and the like; the source is S1 unless it is said."""
    address = reverse(PAGE, args=["tw-1"])
    form = form_of(client.get(address).content.decode())
    assert form
    keys = {row.code.replace(".", "_"): row.pk for row in Deliverable.objects.all()}
    typed: dict[str, Any] = {"source": Source.objects.get().pk}
    for name, value in said.items():
        column, _dash, code = name.partition("_D")
        typed[f"{column}_{keys['D' + code]}" if code else name] = value
    return client.post(address, form.fields | typed, follow=True).content.decode()


def rungs() -> list[str]:
    return [row.rung for row in Deliverable.objects.order_by("code")]


def test_results_get_the_rungs_of_the_source_which_becomes_their_evidence(cora: Client) -> None:
    page = entered(
        cora, rung_D1_1="accepted", delivered_on_D1_1="2019-02", accepted_on_D1_1="21.03.2019",
        rung_D1_2="confirmed",
    )  # fmt: skip

    assert "2 results were entered from the source S1." in page
    assert rungs() == ["accepted", "confirmed", "planned"]
    row = Deliverable.objects.get(code="D1.1")
    assert (row.delivered_on, row.accepted_on) == ("2019-02", "2019-03-21")
    assert row.entered_from == Source.objects.get()
    pieces = Evidence.objects.order_by("code_order")
    assert [(p.code, p.kind, p.deliverable and p.deliverable.code) for p in pieces] == [
        ("E1", "publication", "D1.1"), ("E2", "publication", "D1.2"),
    ]  # fmt: skip
    assert not Step.objects.exists()
    events = Event.objects.filter(why="entered from the source S1")
    assert set(events.values_list("table", flat=True)) == {
        "deliverables_deliverable", "deliverables_evidence",
    }  # fmt: skip


def test_the_page_of_a_result_says_that_it_was_entered_from_the_source(cora: Client) -> None:
    entered(cora, rung_D1_1="delivered")
    told = "Entered from the source: nobody took its steps in this register."

    pages = {
        row.code: cora.get(
            reverse("admin:deliverables_deliverable_change", args=[row.pk])
        ).content.decode()
        for row in Deliverable.objects.all()
    }

    assert [code for code, page in sorted(pages.items()) if told in page] == ["D1.1"]
    assert "S1 PMLP" in pages["D1.1"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "Entered from the source: Report (PMLP"), ("lv", "Ievadīts no avota: Pārskats (PMLP")],
)
def test_the_public_reads_from_which_source_a_result_was_entered(
    cora: Client, component: Component, lang: str, said: str
) -> None:
    entered(cora, rung_D1_1="delivered", rung_D1_2="delivered")
    entered(cora, rung_D1_2="planned")  # it was the wrong line
    publish(component.project, by=None)
    at = f"/{lang}/projects/tw-1/"

    pages = [get(cora, f"{at}deliverables/D1.{n}/") for n in (1, 2)]

    assert [said in page for page in pages] == [True, False]
    table = csv.DictReader(io.StringIO(cora.get(f"{at}deliverables.csv").content.decode()))
    assert [row["entered_from"] for row in table] == ["S1", "", ""]


def test_what_is_reopened_is_not_as_its_source_says_any_more(
    cora: Client, component: Component
) -> None:
    entered(cora, rung_D1_1="delivered")
    row, checker = Deliverable.objects.get(code="D1.1"), make_member(component.project, "ms_leader")

    take(row, Verb.SEND_BACK, by=checker, seen=row.version, given=LadderGiven(reason="Not yet"))

    assert Deliverable.objects.get(code="D1.1").entered_from is None


def test_what_was_entered_is_corrected_the_same_way_with_one_piece_of_evidence(
    cora: Client,
) -> None:
    entered(cora, rung_D1_1="accepted")

    assert "1 result was entered from the source S1." in entered(cora, rung_D1_1="delivered")
    assert "Nothing was written: no result was changed." in entered(cora)
    assert rungs() == ["delivered", "planned", "planned"]
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"delivered_on_D1_2": "2019"}, "D1.2: There is a date of delivery, but the deliverable"),
        ({"rung_D1_2": "delivered", "delivered_on_D1_2": "2099"}, "D1.2: The date 2099 has not"),
        (
            {"rung_D1_2": "accepted", "delivered_on_D1_2": "2019", "accepted_on_D1_2": "2018"},
            "D1.2: The date 2018 is before the delivery on 2019.",
        ),
        ({"rung_D1_2": "dropped"}, "D1.2: What was delivered in part, not delivered or dropped"),
        ({"rung_D1_2": "flown"}, "Select a valid choice. flown is not one of"),
        ({"delivered_on_D1_2": "soon"}, "“soon” is not a date between 2000 and 2100."),
        ({"source": ""}, "This field is required."),
        ({"source": "9" * 30}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_with_one_result_is_told_and_none_is_entered(
    cora: Client, said: dict[str, str], sentence: str
) -> None:
    page = entered(cora, rung_D1_1="delivered", **said)

    assert sentence in page
    assert rungs() == ["planned"] * 3
    assert not Evidence.objects.exists()


def test_a_result_that_somebody_changed_meanwhile_is_told(cora: Client) -> None:
    address = reverse(PAGE, args=["tw-1"])
    form = form_of(cora.get(address).content.decode())
    assert form
    row = Deliverable.objects.get(code="D1.1")
    Deliverable.objects.filter(pk=row.pk).update(title_en="Other")
    typed = {"source": Source.objects.get().pk, f"rung_{row.pk}": "delivered"}

    page = cora.post(address, form.fields | typed).content.decode()

    assert "D1.1: Somebody changed the deliverable after you opened this page" in page
    assert rungs() == ["planned"] * 3


def test_a_result_that_took_a_step_here_stays_on_the_ladder(
    cora: Client, component: Component
) -> None:
    row = Deliverable.objects.get(code="D1.1")
    by = make_member(component.project)
    Step.objects.create(
        deliverable=row, verb="start", begins="planned", ends="in_progress", by=by, at=now()
    )

    page = entered(cora, rung_D1_1="accepted", rung_D1_2="accepted")

    assert "1 result was entered" in page
    assert rungs() == ["planned", "accepted", "planned"]


def test_a_project_that_was_published_climbs_by_steps(cora: Client, component: Component) -> None:
    address = reverse(PAGE, args=["tw-1"])
    form = form_of(cora.get(address).content.decode())
    assert form
    publish(component.project, by=None)
    row = Deliverable.objects.get(code="D1.1")
    typed = {"source": Source.objects.get().pk, f"rung_{row.pk}": "accepted"}

    page = cora.post(address, form.fields | typed).content.decode()

    assert "The project was published, so its results change by the steps on their pages." in page
    assert rungs() == ["planned"] * 3


def test_a_coordinator_enters_results_of_own_components(cora: Client, component: Component) -> None:
    other = make_deliverable(make_component(component.project, 2), "D2.1")

    page = cora.get(reverse(PAGE, args=["tw-1"])).content.decode()
    entered(cora, rung_D1_1="delivered", **{f"rung_{other.pk}": "delivered"})

    assert "D1.1" in page
    assert "D2.1" not in page
    assert rungs() == ["delivered", "planned", "planned", "planned"]


def test_who_does_not_write_has_no_such_page(client: Client, component: Component) -> None:
    client.force_login(make_member(component.project, "auditor"))
    assert client.get(reverse(PAGE, args=["tw-1"])).status_code == 404
    client.force_login(make_member(make_project("tw-2"), "ms_leader", "lea"))
    assert client.get(reverse(PAGE, args=["tw-1"])).status_code == 404
