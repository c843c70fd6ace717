"""Budget lines that the rate card pays: what days come to, and their entry."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from audit.rows.refused import Refused
from budget.costs import actions, unit_costs
from budget.money.models import Entry, Line
from deliverables.projects.models import Project
from experts.missions.models import Mission
from experts.people.models import Institution
from tests.make import (
    make_activity,
    make_component,
    make_entry,
    make_expert,
    make_goer,
    make_institution,
    make_line,
    make_member,
    make_mission,
    make_project,
    make_rate,
    make_worked,
)

pytestmark = pytest.mark.django_db
UNIT = {"cost_basis": "unit_cost"}


@pytest.fixture
def project() -> Project:
    """Five accepted days in component 1, three in component 2, two there not accepted."""
    project = make_project(publishing="by_hand")
    make_rate(project, "350.00")
    make_rate(project, "400.00", from_on=dt.date(2026, 7, 1))
    make_rate(project, "136.00", kind="support")
    one, two = (make_activity(make_component(project, n), f"A{n}.1") for n in (1, 2))
    riga = make_expert(institution=make_institution())
    make_worked(one, riga, 5)
    make_worked(two, make_expert("LV-E02"), 3, "M2", from_on=dt.date(2026, 6, 29))
    make_worked(two, riga, 2, "M3", "reported", dt.date(2026, 9, 7))
    make_line(project, "F1", priced_by="fee", component=one.component, **UNIT)
    make_line(project, "F2", priced_by="fee", component=two.component, **UNIT)
    make_line(project, "S1", priced_by="support", **UNIT)
    make_line(project, "T1", title_en="Travel")
    return project


def told(project: Project, **given: Any) -> dict[str, tuple[str, int]]:
    return {
        cost.line.code: (str(cost.due), cost.days)
        for cost in unit_costs.of_project(project, **given)
    }


def test_each_line_is_beside_the_accepted_days_that_it_pays(project: Project) -> None:
    # 29 and 30 June at 350 EUR, 1 July at 400; support costs are 136 % of each.
    assert told(project) == {
        "F1": ("1750.00", 5), "F2": ("1100.00", 3), "S1": ("3876.00", 8),
    }  # fmt: skip
    assert told(project, until=dt.date(2026, 6, 30)) == {
        "F1": ("1750.00", 5), "F2": ("700.00", 2), "S1": ("3332.00", 7),
    }  # fmt: skip


def test_a_line_of_one_partner_pays_the_days_of_its_institution(project: Project) -> None:
    riga = project.partnerships.create(
        code="P1", country="LV", role="lead", institution=Institution.objects.get()
    )
    Line.objects.filter(code="S1").update(partner=riga)

    assert told(project)["S1"] == ("2380.00", 5)


def test_what_lines_have_left_counts_promised_days_by_the_rates_of_their_first_day(
    project: Project,
) -> None:
    two = project.activities.get(code="A2.1")
    promised = make_mission(two, "M4", from_on=dt.date(2026, 6, 30), to_on=dt.date(2026, 7, 3))
    make_goer(promised, make_expert("LV-E04"), 4)
    for line in ("F1", "F2", "S1"):
        make_entry(Line.objects.get(code=line), "N1", amount="10000.00")

    before = unit_costs.left_for(two)
    Mission.objects.filter(pk=promised.pk).update(state="approved")
    after = unit_costs.left_for(two)

    # fees of component 2 and all support costs: worked 1100 + 2 x 400, support of ten days
    ten = Decimal("10000.00")
    assert before == {"fee": ten - 1900, "support": ten - 3876 - 1088}
    assert {kind: before[kind] - after[kind] for kind in before} == {"fee": 1400, "support": 1904}
    assert unit_costs.left_for(make_activity(make_component(make_project("x")))) == {}


def line(code: str = "F1") -> Line:
    return Line.objects.get(code=code)


def enter(by: Any, seen: str, on: str = "2026-06", **given: Any) -> Entry:
    given = {"ledger_ref": "L-7", **given}
    return actions.enter_days(line(given.pop("code", "F1")), by=by, seen=seen, on=on, **given)


def test_the_amount_is_computed_and_entered_once(project: Project) -> None:
    leader = make_member(project)
    entry = enter(leader, "1750.00")

    assert (entry.kind, entry.amount, entry.on, entry.ledger_ref) == (
        "spent", Decimal("1750.00"), "2026-06", "L-7",
    )  # fmt: skip
    assert entry.note_en == "By the rate card, from the accepted days"
    assert entry.note_lv == "Pēc likmju kartes par pieņemtajām dienām"
    with pytest.raises(Refused, match="there is nothing to enter"):
        enter(leader, "1750.00")
    enter(leader, "700.00", code="F2")  # until the end of June
    assert enter(leader, "400.00", on="2026-07-31", code="F2").amount == Decimal("400.00")


def test_days_accepted_late_are_entered_in_their_own_quarter(project: Project) -> None:
    leader = make_member(project)
    enter(leader, "700.00", code="F2")
    enter(leader, "400.00", on="2026-07-31", code="F2")
    two = project.activities.get(code="A2.1")
    make_worked(two, make_expert("LV-E08"), 2, "M8", from_on=dt.date(2026, 6, 8))

    (late,) = [cost for cost in unit_costs.of_project(project, until=dt.date(2026, 6, 30))
               if cost.line.code == "F2"]  # fmt: skip
    assert late.missing == Decimal("700.00")
    assert enter(leader, "700.00", code="F2").on == "2026-06"
    with pytest.raises(Refused, match="there is nothing to enter"):
        enter(leader, "0.00", code="F2")
    with pytest.raises(Refused, match="The date 2099-12 has not come yet"):
        enter(leader, "1750.00", on="2099-12")


@pytest.mark.parametrize(
    ("role", "seen", "spent", "sentence"),
    [
        (
            "ms_leader", "1400.00", None,
            "The accepted days until this date come to another amount than this page showed: "
            "1,750.00 EUR are to be entered. Look at it, and enter it then.",
        ),
        (
            "ms_leader", "1750.00", "1800.00",
            "The line has 1,800.00 EUR spent, and the accepted days come to 1,750.00 EUR. Correct "
            "the entry that is too large.",
        ),
        (
            "auditor", "1750.00", None,
            "Your role does not take this step. See “Roles and rights”.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_entered_says_why(
    project: Project, role: str, seen: str, spent: str | None, sentence: str
) -> None:
    if spent:
        make_entry(line(), "N5", kind="spent", amount=spent)
    count = Entry.objects.count()

    with pytest.raises(Refused) as refused:
        enter(make_member(project, role), seen)

    assert str(refused.value) == sentence
    assert Entry.objects.count() == count


def test_the_page_shows_the_amount_and_enters_it(project: Project) -> None:
    client = Client()
    client.force_login(make_member(project))
    address = f"/admin/budget/line/{line('F2').pk}/days/"

    page = client.get(address).content.decode()
    assert "1,100.00" in page
    sent = {"seen": "1100.00", "on": "06.2026", "ledger_ref": "L-8"}
    page = client.post(address, sent).content.decode()
    assert "700.00 EUR are to be entered. Look at it, and enter it then." in page
    assert 'name="seen" value="700.00"' in page
    page = client.post(address, {**sent, "seen": "700.00"}, follow=True).content.decode()
    assert "B1 is entered: 700.00 EUR." in page
    for odd in ("2026-13", "x\0", "9" * 500, ""):
        assert client.post(address, {**sent, "on": odd}).status_code == 200
    assert "400.00" in page  # what July still lacks
    assert Entry.objects.get().on == "2026-06"
    assert client.get(f"/admin/budget/line/{line('T1').pk}/days/").status_code == 404
    for who in (make_member(project, "auditor", "aud"), make_member(make_project("far"), name="f")):
        client.force_login(who)
        assert client.post(address, sent).status_code == 404
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_enter_the_days_at_once_enter_them_once(project: Project) -> None:
    leader = make_member(project)
    ready, found = threading.Barrier(2), []

    def one() -> None:
        try:
            ready.wait(30)
            found.append(str(enter(leader, "1750.00").amount))
        except Refused as refused:
            found.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(found) == [
        "1750.00", "The line has what the accepted days come to: there is nothing to enter.",
    ]  # fmt: skip
    assert Entry.objects.count() == 1


def test_days_that_another_line_pays_too_are_not_entered(project: Project) -> None:
    one = line("F1").component
    make_line(project, "F9", priced_by="fee", component=one, **UNIT)

    with pytest.raises(Refused) as refused:
        enter(make_member(project), "1750.00", code="F9")

    assert str(refused.value) == (
        "Lines F1 and F9 are both paid by the rate “Daily fee” for the same days. "
        "Give each a component or a partner of its own."
    )
    assert not Entry.objects.exists()
