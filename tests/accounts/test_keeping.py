"""A form that is turned away keeps what was typed for who typed it, and offers it again."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Draft, User
from audit.models import Event
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Membership
from tests.make import (
    make_activity,
    make_component,
    make_deliverable,
    make_entry,
    make_line,
    make_member,
    make_plan,
    make_planned,
    make_project,
)
from tests.second_factor import with_totp
from tests.typing_people import LOGIN, TEXT, Desk, change

pytestmark = pytest.mark.django_db
NOTE = "is in the form below. Nothing of it is saved: look at it, and save it or discard it."
KEPT = "What you typed is kept for a day, for you alone."


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def row() -> Deliverable:
    return make_deliverable(make_component(make_project()))


@pytest.fixture
def ana(row: Deliverable) -> User:
    return make_member(row.component, "coordinator")


def is_offered(desk: Desk, where: str, name: str = "note_en", text: str = TEXT) -> bool:
    return NOTE in desk.read(where) and desk.form(where)[name] == text


def log_out_elsewhere(desk: Desk, user: User) -> None:
    desk.log_out()


def be_idle(desk: Desk, user: User) -> None:
    desk.be_idle(61)


def change_the_password_elsewhere(desk: Desk, user: User) -> None:
    user.refresh_from_db()
    user.set_password("a long pass phrase")
    user.save()


def lose_the_session(desk: Desk, user: User) -> None:
    desk.client.session.flush()


OVER = [be_idle, log_out_elsewhere, change_the_password_elsewhere, lose_the_session]


@pytest.mark.parametrize("ends", OVER)
def test_what_comes_when_the_session_is_over_is_there_after_the_log_in(
    row: Deliverable, ana: User, ends: Any
) -> None:
    desk, where = Desk(), change(row)
    form = desk.form(where)
    ends(desk, ana)

    sent = desk.send(where, form, note_en=TEXT)

    assert sent.status_code == 302
    assert KEPT in desk.client.get(sent.headers["Location"], follow=True).content.decode()
    before = Event.objects.count()
    desk.log_in(next=where)
    assert is_offered(desk, where)
    row.refresh_from_db()
    assert (row.note_en, Event.objects.count()) == ("", before)

    saved = desk.send(where, desk.form(where))

    row.refresh_from_db()
    assert (saved.status_code, row.note_en) == (302, TEXT)
    assert NOTE not in desk.read(where)
    assert not Draft.objects.exists()


def test_a_log_in_in_another_tab_shows_the_form_as_it_was_typed(
    row: Deliverable, ana: User
) -> None:
    desk, where = Desk(), change(row)
    form = desk.form(where)
    desk.log_out()
    desk.log_in()

    sent = desk.send(where, form, note_en=TEXT)

    assert (sent.status_code, sent.headers["Location"]) == (302, where)
    assert is_offered(desk, where)


def test_without_the_csrf_cookie_it_is_kept_too(row: Deliverable, ana: User) -> None:
    desk, where = Desk(), change(row)
    form = desk.form(where)
    del desk.client.cookies["csrf"]

    assert desk.send(where, form, note_en=TEXT).headers["Location"] == where
    assert is_offered(desk, where)


def test_a_second_factor_demanded_in_between_keeps_it(settings: Any, row: Deliverable) -> None:
    leader = make_member(row.project, "ms_leader")
    desk, where = Desk(), change(row)
    form = desk.form(where)
    settings.SECOND_FACTOR_REQUIRED = True

    assert desk.send(where, form, note_en=TEXT).headers["Location"] == reverse("mfa_index")

    with_totp(leader)
    assert is_offered(desk, where)
    front = desk.read("/admin/")
    assert "Not saved yet" in front
    assert f'<a href="{where}">' in front


def test_rights_withdrawn_in_between_refuse_it_and_show_it_to_its_author(
    row: Deliverable, ana: User
) -> None:
    make_member(make_component(row.project, 2), "coordinator")
    desk, where = Desk(), change(row)
    form = desk.form(where)
    own = Membership.objects.get(user=ana, component=row.component)
    own.delete()

    refused = desk.send(where, form, note_en=TEXT)

    text = refused.content.decode()
    assert refused.status_code == 404
    assert "There is nothing at this address, or nothing that you may see." in text
    assert f'<th scope="row">Note in English</th><td>{html.escape(TEXT)}</td>' in text
    again = desk.client.get(where)
    assert (again.status_code, html.escape(TEXT) in again.content.decode()) == (404, True)
    assert Deliverable.objects.get().note_en == ""
    own.save(force_insert=True)
    assert is_offered(desk, where)


def test_a_row_that_may_only_be_read_by_now_is_shown_with_the_text_beside_it(
    row: Deliverable,
) -> None:
    make_member(row.project)
    plan = make_plan(row.project)
    desk, where = Desk(), change(plan)
    form = desk.form(where)
    plan.state, plan.approved_on = "approved", "2026-05-04"
    plan.save()

    assert desk.send(where, form, note_en=TEXT).status_code == 403

    page = desk.client.get(where)
    assert page.status_code == 200
    told = "You may not change this row now, so it is no longer in the form."
    assert told in page.content.decode()
    as_text = desk.read(reverse("admin:draft", args=[Draft.objects.get().pk]))
    assert html.escape(TEXT) in as_text


def test_what_changed_meanwhile_stands_beside_it_as_in_any_conflict(
    row: Deliverable, ana: User
) -> None:
    desk, where = Desk(), change(row)
    form = desk.form(where)
    desk.be_idle(61)
    desk.send(where, form, note_en=TEXT)
    Deliverable.objects.update(note_en="Theirs", weight=3)
    desk.log_in()

    page = desk.client.get(where)

    (conflict,) = page.context["conflicts"]
    assert [(cell.label, cell.was, cell.now, cell.typed) for cell in conflict.cells] == [
        ("Note in English", "–", "Theirs", TEXT), ("Weight", "1", "3", "1")
    ]  # fmt: skip
    assert (page.status_code, page.context["adminform"].form["weight"].value()) == (200, "3")
    assert desk.send(where, desk.form(where)).status_code == 302
    row.refresh_from_db()
    assert (row.note_en, row.weight) == (TEXT, 3)


def test_the_choice_of_the_other_language_takes_what_was_typed_along(
    row: Deliverable, ana: User
) -> None:
    desk, where = Desk(), f"{change(row)}?_changelist_filters=q%3Dx"
    form = desk.form(where)
    typed = "&".join(f"{name}={value}" for name, value in (form | {"note_en": "Typed"}).items())
    given = {"next": where, "language": "lv", "typed": typed}

    chosen = desk.send(
        "/admin/language/", {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"]}, **given
    )

    assert chosen.headers["Location"] == where
    page = desk.read(where)
    assert '<html lang="lv"' in page
    assert "Nekas no tā nav saglabāts" in page
    assert desk.form(where)["note_en"] == "Typed"


def test_a_language_chosen_when_the_session_is_over_keeps_it_too(
    row: Deliverable, ana: User
) -> None:
    desk, where = Desk(), change(row)
    form = desk.form(where)
    token = {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"]}
    typed = f"typed_by={form['typed_by']}&note_en=Typed&seen=1&title_en=x"
    desk.be_idle(61)

    sent = desk.send("/admin/language/", token, next=where, language="lv", typed=typed)

    assert sent.headers["Location"] == f"/admin/login/?next={where.replace('/', '%2F')}"
    desk.log_in(next=where)
    assert desk.form(where)["note_en"] == "Typed"


def test_a_rule_of_the_table_that_no_form_knows_keeps_it(
    monkeypatch: pytest.MonkeyPatch, row: Deliverable, ana: User
) -> None:
    from django.db import IntegrityError

    from deliverables.evidence.admin import DeliverableAdmin

    def refuse(*args: Any) -> None:
        raise IntegrityError

    desk, where = Desk(), change(row)
    form = desk.form(where)
    monkeypatch.setattr(DeliverableAdmin, "save_model", refuse)

    assert desk.send(where, form, note_en=TEXT).status_code == 302
    assert is_offered(desk, where)


STEP = ("admin:deliverables_deliverable_step", "deliver", "on", "1.5.2026")
PLAN = ("admin:deliverables_workplan_shift", None, "number", "12")


@pytest.mark.parametrize(("name", "verb", "field", "text"), [STEP, PLAN])
def test_a_page_of_a_step_offers_it_too_and_takes_no_step(
    row: Deliverable, name: str, verb: str | None, field: str, text: str
) -> None:
    make_member(row.project)
    plan = make_plan(row.project)
    make_planned(plan, make_activity(row.component))
    where = reverse(name, args=[row.pk, verb] if verb else [plan.pk])
    desk = Desk()
    form = desk.form(where)
    desk.be_idle(61)
    before = Event.objects.count()

    desk.send(where, form, **{field: text})
    desk.log_in(next=where)

    assert is_offered(desk, where, field, text)
    assert Event.objects.count() == before


def test_files_are_not_kept_and_the_page_names_them(row: Deliverable, ana: User) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    where = reverse("admin:deliverables_deliverable_attach", args=[row.pk])
    desk = Desk()
    form = desk.form(where)
    desk.be_idle(61)

    report = SimpleUploadedFile("Report.pdf", b"%PDF-1.7 secret")
    desk.send(where, form, shows_lv="Gala teksts", uploads=report)
    desk.log_in(next=where)

    page = desk.read(where)
    assert "Files are not kept; choose them again: Report.pdf." in page
    assert desk.form(where)["shows_lv"] == "Gala teksts"


def test_a_reason_that_is_refused_stays_in_its_finding(row: Deliverable) -> None:
    make_member(row.project)
    line = make_line(row.project)
    make_entry(line, "N1", amount="1.00")
    make_entry(line, "N2", kind="spent", amount="5.00", ledger_ref="1")
    where = reverse("admin:findings", args=[row.project.slug])
    desk = Desk()

    answer = desk.send(where, desk.form(where), reason="short")

    assert answer.headers["Location"] == where
    page = desk.read(where)
    assert "Say in a sentence why the finding is right as it is" in page
    assert "<details open>" in page
    assert desk.form(where)["reason"] == "short"


def test_what_is_discarded_is_gone(row: Deliverable, ana: User) -> None:
    desk, where = Desk(), change(row)
    form = desk.form(where)
    desk.be_idle(61)
    desk.send(where, form, note_en=TEXT)
    desk.log_in(next=where)
    page = reverse("admin:draft", args=[Draft.objects.get().pk])
    token = desk.form(where)["csrfmiddlewaretoken"]

    done = desk.send(page, {"csrfmiddlewaretoken": token})

    assert done.headers["Location"] == where
    assert not Draft.objects.exists()
    assert desk.form(where)["note_en"] == ""


def test_the_log_in_page_has_no_mark_and_keeps_nothing() -> None:
    make_member(make_project())
    desk = Desk()
    desk.log_out()

    assert "typed_by" not in desk.read(LOGIN)
