"""Reminders: whom, when, in which language, and never twice."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Letter
from deliverables import tasks
from deliverables.ladder import reminders
from tests import work
from tests.make import make_component, make_deliverable, make_member, make_project

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(1)
ONE, NONE = (f"{n} letters entered; a worker sends them.\n" for n in (1, 0))


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
    work.carry_out()
    return capsys.readouterr().out


def test_on_monday_all_that_waits_in_the_readers_language_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert send(MONDAY, capsys) == ONE
    assert send(MONDAY, capsys) == NONE

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

    assert send(MONDAY + dt.timedelta(7), capsys) == NONE


def test_who_is_switched_off_or_has_nothing_to_do_gets_no_mail(
    component: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    make_member(make_component(component.project, 2), "coordinator", "bea", email="b@example.org")
    from accounts.models import User

    User.objects.filter(username="ana").update(is_active=False)

    assert send(MONDAY, capsys) == NONE


def told_of() -> list[str]:
    """The codes that the mails so far name, each mail's together."""
    return [" ".join(re.findall(r"D1\.\d", str(sent.body))) for sent in mail.outbox]


def test_a_missed_monday_is_made_up_on_the_next_day_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert send(MONDAY - 3 * DAY, capsys) == NONE
    assert send(MONDAY + DAY, capsys) == ONE
    assert send(MONDAY + DAY, capsys) == NONE
    assert send(MONDAY + 3 * DAY, capsys) == ONE  # Thursday; D1.2 is due on Saturday, see below

    assert told_of() == ["D1.1 D1.2", "D1.2"]


def test_dates_of_missed_days_are_told_once_and_no_others(
    component: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """D1.2 is due on 28 November: three days before is the 25th, and the day after the 29th."""
    for code, due in (("D1.3", "2026-12-09"), ("D1.4", "2026-12-10"), ("D1.5", "2026-12-08")):
        make_deliverable(component, code, due_original=due)
    send(MONDAY, capsys)
    mail.outbox.clear()
    send(MONDAY + 1 * DAY, capsys)  # the 24th: D1.5 is due in two weeks
    send(MONDAY + 5 * DAY, capsys)  # the 28th makes up the 25th to the 27th
    send(MONDAY + 6 * DAY, capsys)

    assert told_of() == ["D1.5", "D1.2 D1.3 D1.4", "D1.2"]


def test_after_a_long_pause_a_week_is_made_up(capsys: pytest.CaptureFixture[str]) -> None:
    send(MONDAY - 60 * DAY, capsys)
    mail.outbox.clear()
    send(MONDAY + 2 * DAY, capsys)

    assert told_of() == ["D1.1 D1.2"]


def test_who_has_done_it_before_the_letter_goes_gets_none(
    component: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("send_reminders", day=MONDAY)
    assert capsys.readouterr().out == ONE
    component.deliverables.update(active=False)
    work.carry_out()

    assert mail.outbox == []
    assert list(Letter.objects.values_list("state", flat=True)) == ["dropped"]


def test_the_workers_enter_them_each_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    entered: list[dt.date] = []
    monkeypatch.setattr(reminders, "enter", entered.append)
    for hour in (5, 6, 23):
        now = timezone.make_aware(dt.datetime(2026, 11, 23, hour, 5))  # noqa: DTZ001
        monkeypatch.setattr(timezone, "localtime", lambda now=now: now)
        tasks.remind(0)

    assert entered == [MONDAY, MONDAY]
