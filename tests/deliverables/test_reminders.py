"""Reminders: whom, when, in which language, and never twice."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from tests.make import make_component, make_deliverable, make_member, make_project

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def component(settings: Any) -> Any:
    settings.SITE_URL = "https://register.example"
    component = make_component(make_project())
    make_deliverable(component, due_original="2026-11-01", title_lv="Nolikums")
    make_deliverable(component, "D1.2", due_original="2026-11-28")
    make_member(component, "coordinator", email="ana@example.org", language="lv")
    make_member(component.project, "auditor", "aud", email="aud@example.org")
    return component


def send(day: dt.date, capsys: pytest.CaptureFixture[str]) -> str:
    call_command("send_reminders", day=day)
    return capsys.readouterr().out


def test_on_monday_all_that_waits_in_the_readers_language_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert send(MONDAY, capsys) == "1 mails sent.\n"
    assert send(MONDAY, capsys) == "0 mails sent.\n"

    (sent,) = mail.outbox
    assert sent.to == ["ana@example.org"]
    assert sent.subject == "Mērķsadarbība: jūs gaida 2 rezultāti"
    assert "TW-1 D1.1 Nolikums (2026-11-01)" in sent.body
    assert "https://register.example/admin/deliverables/deliverable/?work=overdue" in sent.body
    assert "D1.2" in str(sent.alternatives[0][0])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (dt.date(2026, 11, 25), ["D1.2"]),  # three days before
        (dt.date(2026, 11, 24), []),
        (dt.date(2026, 11, 29), ["D1.2"]),  # the day after
        (dt.date(2026, 11, 14), ["D1.2"]),  # two weeks before
    ],
)
def test_on_other_days_only_dates_that_come_near_or_passed(
    day: dt.date, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    send(day, capsys)

    found = [code for sent in mail.outbox for code in re.findall(r"D1\.\d", str(sent.body))]
    assert found == told


def test_the_address_in_the_mail_switches_them_off_without_a_log_in(
    capsys: pytest.CaptureFixture[str],
) -> None:
    send(MONDAY, capsys)
    headers = mail.outbox[0].extra_headers
    (address,) = re.findall(r"<https://register\.example(\S+)>", headers["List-Unsubscribe"])
    client = Client(enforce_csrf_checks=True)
    assert "No more reminders" in client.get(address).content.decode()
    assert client.post("/admin/reminders/forged/").status_code == 404

    client.post(address, {"List-Unsubscribe": "One-Click"})

    assert send(MONDAY + dt.timedelta(7), capsys) == "0 mails sent.\n"


def test_who_is_switched_off_or_has_nothing_to_do_gets_no_mail(
    component: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    make_member(make_component(component.project, 2), "coordinator", "bea", email="b@example.org")
    from accounts.models import User

    User.objects.filter(username="ana").update(is_active=False)

    assert send(MONDAY, capsys) == "0 mails sent.\n"
