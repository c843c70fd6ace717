"""Consent, what is held about a person, and erasure that keeps every count and the chain."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.seals.seal_checks import Verdict
from audit.seals.sealing import seal
from audit.seals.verify import verify
from deliverables.projects.models import Project
from experts.people.models import Assignment, Expert
from releases import actions
from releases.models import Release
from tests.make import make_assignment, make_expert, make_member, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert() -> Expert:
    expert = make_expert(name="Canary Kalna", name_consent=True)
    project = make_project(retention_until="2020")
    make_assignment(project, function="short_term_expert", expert=expert)
    make_assignment(project, "A2", expert=expert, holder_name="Canary Kalna", name_published=True)
    return expert


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name_consent": "on"},
         "Say when and how the expert agreed, and leave the day of withdrawal empty."),
        ({"name_consent": "on", "consent_on": "2026-01", "consent_basis": "e-mail",
          "consent_withdrawn_on": "2026-02"},
         "Say when and how the expert agreed, and leave the day of withdrawal empty."),
        ({"consent_on": "2026-01", "consent_basis": "e-mail"},
         "Say on which day the expert withdrew the consent."),
    ],
)  # fmt: skip
def test_a_consent_has_a_date_a_basis_and_an_end(
    client: Client, given: dict[str, str], sentence: str
) -> None:
    expert = make_expert(name="Anna Ozola")
    client.force_login(User.objects.create_superuser("root", is_staff=True))

    page = client.post(
        reverse("admin:experts_expert_change", args=[expert.pk]),
        {"country": "LV", "name": "Anna Ozola", "seen": "1", **given},
    )

    assert sentence in page.content.decode()
    expert.refresh_from_db()
    assert not expert.name_consent


def test_after_withdrawal_no_page_holds_the_name_old_releases_included(expert: Expert) -> None:
    Assignment.objects.update(name_published=False, holder_name="")
    project = Project.objects.get()
    first = actions.publish(project, by=None)
    assert first is not None
    address = "/en/projects/tw-1/experts/"
    assert "Canary Kalna" in Client().get(address).content.decode()

    Expert.objects.update(name_consent=False, consent_withdrawn_on="2026-05-01")

    assert "Canary" not in Client().get(address).content.decode()
    assert "Canary" not in json.dumps(first.document)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"retention_until": ""}, "Nobody was erased. It is not recorded how long the records of "
         "TW-1 are kept. Enter the date on the project first."),
        ({"retention_until": "2099-05"},
         "Nobody was erased. The records of TW-1 are kept until 2099-05."),
        ({"legal_hold": "OLAF asks."}, "Nobody was erased. TW-1 is under legal hold: OLAF asks."),
    ],
)  # fmt: skip
def test_nobody_is_erased_before_the_time(
    expert: Expert, given: dict[str, str], sentence: str
) -> None:
    Project.objects.update(**given)

    with pytest.raises(CommandError) as refused:
        call_command("person", "erase", "LV-E01")

    assert str(refused.value) == sentence
    assert Expert.objects.get().name == "Canary Kalna"


def counts() -> dict[str, Any]:
    release = Release.objects.order_by("-number").first()
    assert release is not None
    return dict(release.document["totals"])


def test_an_erased_expert_is_nowhere_and_every_count_stays(
    expert: Expert, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project.objects.get()
    actions.publish(project, by=None)
    before = counts()
    seal("before")

    call_command("person", "erase", "LV-E01")

    expert.refresh_from_db()
    assert expert.erased_as in capsys.readouterr().out
    assert expert.erased_as.startswith("P-")
    assert (expert.name, expert.name_consent, expert.code) == ("", False, "LV-E01")
    actions.publish(project, by=None)
    assert counts() == before
    assert list(verify(Verdict())) == []
    assert "canary" not in everything().casefold()


def everything() -> str:
    """Every table of the database as text: what a dump would hold."""
    found: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT COALESCE(string_agg(t::text, E'\\n'), '') FROM \"{table}\" t")
            found += [str(text) for (text,) in cursor.fetchall()]
    return "\n".join(found)


def test_an_erased_colleague_is_a_code_in_the_trail(client: Client) -> None:
    project = make_project(retention_until="2020")
    user = make_member(project, name="canary", email="canary@example.org", first_name="Canary")
    client.force_login(user)
    client.post("/admin/language/", {"language": "lv"})

    call_command("person", "erase", user.code)

    assert "canary" not in everything().casefold()
    assert client.get("/admin/").status_code == 302
    assert list(verify(Verdict())) == []
    user.refresh_from_db()
    assert user.username.startswith("p-")
    assert not user.is_active


def test_a_person_gets_all_that_is_held(expert: Expert, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("person", "export", "LV-E01")
    held = json.loads(capsys.readouterr().out)["held"]
    call_command("person", "export", "LV-E01", csv=True)
    lines = capsys.readouterr().out.splitlines()

    assert {"table": "experts_expert", "row": str(expert.pk), "field": "name",
            "value": "Canary Kalna"} in held  # fmt: skip
    assert {cell["table"] for cell in held} == {
        "experts_expert", "experts_assignment", "audit_event",
    }  # fmt: skip
    assert len(lines) == len(held) + 1


def test_nobody_unknown_is_exported() -> None:
    with pytest.raises(CommandError, match="Nobody is known as 'LV-E99'."):
        call_command("person", "export", "LV-E99")


def test_no_log_line_holds_a_name(
    client: Client, expert: Expert, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    client.post("/admin/account/login/", {"login": "canary-login", "password": "canary-word"})
    client.get("/admin/experts/expert/")
    client.get("/en/projects/tw-1/experts/?q=nothing")

    assert "canary" not in caplog.text.casefold()
