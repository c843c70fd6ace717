"""The ladder through its pages: who takes which step, what it asks for, what voids a signature."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Right
from audit.events.acting import acting
from audit.models import Through
from audit.rows.refused import Refused
from deliverables.ladder import actions, signing
from deliverables.ladder.models import Deliverable, SignOff, Step
from deliverables.ladder.status import STEPS, Rung, Situation, Verb, refusal
from releases.actions import publish
from releases.models import Release
from tests import work
from tests.make import (
    make_component,
    make_deliverable,
    make_evidence,
    make_item,
    make_member,
    make_project,
)

pytestmark = pytest.mark.django_db


def act(row: Deliverable, verb: Verb, by: User, **given: str) -> None:
    row.refresh_from_db()
    actions.take(row, verb, by=by, seen=row.version, given=actions.LadderGiven(**given))


class Team:
    """A deliverable with evidence, and the people around it."""

    def __init__(self) -> None:
        self.row = make_deliverable(
            make_component(make_project(publishing="at_once")), rung="in_progress"
        )
        self.evidence = make_evidence(self.row.project, deliverable=self.row)
        self.ana = make_member(self.row.component, "coordinator", "ana")
        self.bea = make_member(self.row.component, "coordinator", "bea")
        self.mel = make_member(self.row.project, "ms_leader", "mel")
        self.ben = make_member(self.row.project, "bc_leader", "ben")
        self.aud = make_member(self.row.project, "auditor", "aud")

    def at(self, rung: str) -> Deliverable:
        """The deliverable, climbed to that rung by the right people."""
        way = [
            ("delivered", Verb.DELIVER, self.ana, {"on": "2026-05", "outcome": "delivered"}),
            ("documented", Verb.DOCUMENT, self.bea, {}),
            ("accepted", Verb.ACCEPT, self.ben, {"on": "2026-06-01"}),
        ]
        for reached, verb, by, given in way:
            act(self.row, verb, by, **given)
            if reached == rung:
                break
        self.row.refresh_from_db()
        return self.row

    def sign(self) -> None:
        seen = signing.digest(signing.content(self.row))
        for leader in (self.mel, self.ben):
            actions.sign(self.row, by=leader, seen=seen)


@pytest.fixture
def team() -> Team:
    return Team()


def step(client: Client, user: User, row: Deliverable, verb: str, **given: str) -> Any:
    client.force_login(user)
    row.refresh_from_db()
    address = reverse("admin:deliverables_deliverable_step", args=[row.pk, verb])
    return client.post(address, {"seen": str(row.version), **given}, follow=True)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_a_deliverable_climbs_hand_over_hand_and_the_public_reads_each_rung(
    client: Client, team: Team
) -> None:
    publish(team.row.project, by=None)
    done = step(client, team.ana, team.row, "deliver", on="05.2026", outcome="delivered")
    assert said(done) == [
        "D1.1 is “Reported delivered” now. Whose turn it is: Somebody else: check the evidence."
    ]
    step(client, team.bea, team.row, "document")
    done = step(client, team.ben, team.row, "accept", on="2026-06-01")
    assert said(done) == [
        "D1.1 is “Accepted by the beneficiary” now. Whose turn it is: Both project leaders: sign."
    ]
    for leader, turn in ((team.mel, "Project Leader, beneficiary: sign"),
                         (team.ben, "Steering committee: confirm")):  # fmt: skip
        client.force_login(leader)
        page = reverse("admin:deliverables_deliverable_sign", args=[team.row.pk])
        digest = client.get(page).context["digest"]
        done = client.post(page, {"digest": digest}, follow=True)
        assert said(done)[0].endswith(f"Whose turn it is: {turn}.")
    step(client, team.mel, team.row, "confirm", on="2026-06-15")

    team.row.refresh_from_db()
    assert (team.row.rung, team.row.delivered_on, team.row.accepted_on) == (
        "confirmed",
        "2026-05",
        "2026-06-01",
    )
    taken = Step.objects.values_list("verb", "begins", "ends", "by__username", "on")
    assert list(taken) == [
        ("deliver", "in_progress", "delivered", "ana", "2026-05"),
        ("document", "delivered", "documented", "bea", ""),
        ("accept", "documented", "accepted", "ben", "2026-06-01"),
        ("confirm", "accepted", "confirmed", "mel", "2026-06-15"),
    ]
    work.let_pass(dt.timedelta(minutes=6))
    work.carry_out()
    public = Release.objects.filter(slug="tw-1").in_force(None).first()
    assert public is not None
    assert public.document["deliverables"][0]["rung"] == "confirmed"
    assert SignOff.objects.filter(voided_at=None).count() == 2


@pytest.mark.parametrize(
    ("rung", "who", "verb", "sentence"),
    [
        ("delivered", "ana", "document",
         "You reported it delivered yourself, so somebody else takes this step: nobody climbs "
         "two rungs alone."),
        ("delivered", "ben", "accept",
         "It is “Reported delivered” now, and this step begins at “Documented”."),
        ("documented", "mel", "accept",
         "This step is taken by: Project Leader, beneficiary."),
        ("accepted", "ben", "confirm",
         "You took the step before this one, so somebody else takes this one: nobody climbs two "
         "rungs alone."),
        ("accepted", "mel", "confirm",
         "Both project leaders sign before it is confirmed. Missing: Member State, Beneficiary."),
        ("delivered", "aud", "document",
         "This step is taken by: Coordinator, Project Leader, Member State, Project Leader, "
         "beneficiary."),
        ("documented", "ana", "drop",
         "It is “Documented” now, and this step begins at “Planned”, “In progress”."),
    ],
)  # fmt: skip
def test_a_step_that_is_not_possible_says_why_and_writes_nothing(
    client: Client, team: Team, rung: str, who: str, verb: str, sentence: str
) -> None:
    row = team.at(rung)
    before = Step.objects.count()

    page = step(client, getattr(team, who), row, verb, on="2026-06-01")

    assert page.context["told"] == sentence
    assert sentence in page.content.decode()
    row.refresh_from_db()
    assert (row.rung, Step.objects.count()) == (rung, before)


def test_evidence_is_asked_for_before_it_is_confirmed(client: Client, team: Team) -> None:
    team.evidence.delete()
    row = team.at("delivered")

    page = step(client, team.bea, row, "document")

    assert page.context["told"] == (
        "There is no evidence yet. Attach a file, or add a link or a publication as evidence of "
        "this deliverable first."
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"on": "soon", "outcome": "delivered"},
         "Give the date as a day (21.02.2019), a month (2019-02) or a year (2019)."),
        ({"on": "2099-01-01", "outcome": "delivered"}, "The date 2099-01-01 has not come yet."),
        ({"on": "2026-05", "outcome": "partially_delivered", "reason_lv": "Daļa"},
         "Give the reason in Latvian and in English: the public reads it."),
        ({"on": "2026-05"}, "This field is required."),
        ({"on": "2026-05", "outcome": "confirmed"}, "Select a valid choice."),
    ],
)  # fmt: skip
def test_a_step_asks_for_what_is_missing_and_keeps_what_was_typed(
    client: Client, team: Team, given: dict[str, str], sentence: str
) -> None:
    page = step(client, team.ana, team.row, "deliver", **given)

    assert sentence in page.content.decode()
    assert page.context["form"]["on"].value() == given["on"]
    team.row.refresh_from_db()
    assert team.row.rung == "in_progress"


def test_what_is_sent_back_names_the_reason_and_is_the_workers_turn(
    client: Client, team: Team
) -> None:
    row = team.at("documented")

    refused = step(client, team.ben, row, "send_back")
    assert "This field is required." in refused.content.decode()
    done = step(client, team.ben, row, "send_back", reason="The annex is missing.")

    assert "Whose turn it is: Coordinator: work and report." in said(done)[0]
    row.refresh_from_db()
    assert (row.rung, row.delivered_on) == ("in_progress", "")
    assert "<q>The annex is missing.</q>" in done.content.decode()


def test_dropped_needs_both_reasons_and_can_be_reopened(client: Client, team: Team) -> None:
    reasons = {"reason_lv": "1. grozījums", "reason_en": "Addendum 1"}
    step(client, team.mel, team.row, "drop", outcome="dropped", **reasons)
    team.row.refresh_from_db()
    assert (team.row.rung, team.row.reason_en) == ("dropped", "Addendum 1")

    step(client, team.ben, team.row, "reopen", reason="Addendum 2 brings it back.")

    team.row.refresh_from_db()
    assert (team.row.rung, team.row.reason_en) == ("in_progress", "")


CHANGES: dict[str, Callable[[Team], Any]] = {
    "title": lambda team: Deliverable.objects.update(title_en="Other"),
    "item": lambda team: make_item(team.row),
    "evidence": lambda team: type(team.evidence).objects.update(title_en="Other"),
    "evidence gone": lambda team: team.evidence.delete(),
    "reopened": lambda team: act(team.row, Verb.REOPEN, team.mel, reason="Wrong"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_was_signed_voids_both_signatures_visibly(
    client: Client, team: Team, change: str
) -> None:
    team.at("accepted")
    team.sign()
    assert SignOff.objects.filter(voided_at=None).count() == 2

    CHANGES[change](team)

    assert SignOff.objects.filter(voided_at=None).count() == 0
    client.force_login(team.aud)
    address = reverse("admin:deliverables_deliverable_change", args=[team.row.pk])
    assert client.get(address).content.decode().count("Void: the deliverable was changed") == 2


def test_the_step_after_the_signatures_leaves_them_valid(team: Team) -> None:
    team.at("accepted")
    team.sign()

    act(team.row, Verb.CONFIRM, team.mel, on="2026-06-15")

    assert SignOff.objects.filter(voided_at=None).count() == 2
    kept = set(SignOff.objects.values_list("digest", flat=True))
    assert kept == {signing.digest(signing.content(team.row))}


def test_a_step_that_was_decided_on_an_older_version_is_told_by_whom(
    client: Client, team: Team
) -> None:
    client.force_login(team.bea)
    seen = team.row.version
    with acting(team.ana.code, Through.FORM):
        Deliverable.objects.update(title_en="Changed meanwhile")
    address = reverse("admin:deliverables_deliverable_step", args=[team.row.pk, "deliver"])

    page = client.post(address, {"seen": seen, "on": "2026-05", "outcome": "delivered"})

    assert page.context["told"].startswith(
        "Somebody changed the deliverable after you opened this page, so nothing was done. Read it "
        f"again, and decide then. Last change: {team.ana.code} ana, "
    )
    assert not Step.objects.exists()


def test_a_signature_binds_what_was_read(client: Client, team: Team) -> None:
    team.at("accepted")
    client.force_login(team.mel)
    page = reverse("admin:deliverables_deliverable_sign", args=[team.row.pk])
    digest = client.get(page).context["digest"]
    Deliverable.objects.update(title_en="Changed meanwhile")

    answer = client.post(page, {"digest": digest})

    (told,) = said(answer)
    assert told.startswith(
        "Somebody changed the deliverable after you opened this page, so nothing was signed. "
        "Read it again below, and sign that. Last change: unknown, "
    )
    assert not SignOff.objects.exists()


def test_an_administrator_accepts_and_signs_for_nobody(client: Client, team: Team) -> None:
    root = User.objects.create_superuser("root")
    row = team.at("documented")

    page = step(client, root, row, "accept", on="2026-06-01")

    assert page.context["told"] == "This step is taken by: Project Leader, beneficiary."
    act(row, Verb.ACCEPT, team.ben, on="2026-06-01")
    with pytest.raises(Refused, match="The two project leaders sign, each for one side."):
        actions.sign(row, by=root, seen="")


def test_the_list_says_whose_turn_it_is_and_filters_by_it(client: Client, team: Team) -> None:
    make_deliverable(team.row.component, "D1.2")
    team.at("delivered")
    client.force_login(team.mel)
    address = reverse("admin:deliverables_deliverable_changelist")

    page = client.get(address, {"turn": "check"})

    assert list(page.context["cl"].result_list) == [team.row]
    assert "Somebody else: check the evidence" in page.content.decode()


def test_nobody_reaches_a_claim_and_its_check_alone() -> None:
    """Whoever a person is and whatever was done: no climbing step by the deliverer or climber."""
    everything = frozenset(Right)
    for verb, rung, deliverer, climber in itertools.product(Verb, Rung, (1, 2), (1, 2)):
        now = Situation(rung, True, everything, 1, deliverer, climber, 1, frozenset({"ms", "bc"}))
        if STEPS[verb].climbs and 1 in (deliverer, climber):
            assert refusal(verb, now) is not None
        elif rung in STEPS[verb].ends:
            assert refusal(verb, now) is None


def test_a_column_that_comes_later_is_in_no_signature(team: Team) -> None:
    """Else each one that was given would bind another content than its deliverable has."""
    signed: dict[str, Any] = {**signing.content(team.row)}

    assert set(signed["deliverable"]) == {
        "project", "component", "code", "kind", "title_lv", "title_en", "due_original",
        "due_current", "delivered_on", "adopted_by_lv", "adopted_by_en", "adopted_on",
        "achievements", "items_intro_lv", "items_intro_en", "weight", "active", "note_lv",
        "note_en", "reason_lv", "reason_en",
    }  # fmt: skip
    assert set(signed["evidence"][0]) == {
        "project", "code", "deliverable", "kind", "title_lv", "title_en", "url", "quote",
        "source", "line", "file_kind", "file_size", "file_sha256",
    }  # fmt: skip
