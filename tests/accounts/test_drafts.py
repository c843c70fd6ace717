"""Drafts under attack: somebody else's, forged, stolen, too many, too large, read from the disk."""

from __future__ import annotations

import datetime as dt
import html
import time
from typing import Any

import pytest
from django.core import signing
from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.models import Draft, User
from accounts.typed import drafts
from accounts.typed.drafts import TypedForm
from deliverables.ladder.models import Deliverable
from tests.make import make_component, make_deliverable, make_member, make_project
from tests.typing_people import TEXT, Desk, change

pytestmark = pytest.mark.django_db
EVIL = '"><script>alert(1)</script></textarea><img src=x onerror=alert(1)>'


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def row() -> Deliverable:
    return make_deliverable(make_component(make_project()))


@pytest.fixture
def ana(row: Deliverable) -> User:
    return make_member(row.component, "coordinator")


@pytest.fixture
def bea(row: Deliverable) -> User:
    return make_member(row.component, "coordinator", "bea")


def keep(owner: User, address: str, text: str = TEXT, **more: Any) -> Draft:
    fields = QueryDict(mutable=True)
    fields["note_en"] = text
    draft = drafts.keep(owner.pk, TypedForm(address, fields=fields, **more))
    assert draft
    return draft


def test_somebody_elses_draft_answers_as_one_that_is_not_there(
    row: Deliverable, ana: User, bea: User
) -> None:
    draft, where = keep(ana, change(row)), change(row)
    desk = Desk("bea")
    of_ana, missing = (reverse("admin:draft", args=[pk]) for pk in (draft.pk, draft.pk + 1))
    token = {"csrfmiddlewaretoken": desk.form(where)["csrfmiddlewaretoken"]}

    for method in (desk.client.get, lambda page: desk.send(page, token)):
        answers = [method(page) for page in (of_ana, missing)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert len({answer.content for answer in answers}) == 1
    assert desk.form(where)["note_en"] == ""
    assert Draft.objects.get() == draft


def test_who_logs_in_afterwards_at_that_browser_is_told_nothing(
    row: Deliverable, ana: User, bea: User
) -> None:
    desk, where = Desk(), change(row)
    form = desk.form(where)
    desk.log_out()
    desk.log_in("bea")
    told = "The form was not accepted, and nothing was saved"

    answer = desk.send(where, form, note_en="What Ana typed")

    assert (answer.status_code, told in answer.content.decode()) == (403, True)
    pages = [answer.content.decode(), desk.read(where), desk.read("/admin/")]
    assert [page for page in pages if "What Ana typed" in page or "Not saved yet" in page] == []
    assert Draft.objects.get().owner == ana


@pytest.mark.parametrize("how", ["none", "garbled", "of another page", "a month old", "of nobody"])
def test_without_a_mark_of_ours_for_that_page_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch, row: Deliverable, ana: User, how: str
) -> None:
    desk, where = Desk(), change(row)
    form = desk.form(where)
    late = time.time() + 30 * 86_400 + 1
    marks = {
        "none": "", "garbled": form["typed_by"][:-1] + "_", "a month old": form["typed_by"],
        "of another page": drafts.mark_of(ana, change(row.component)),
        "of nobody": signing.dumps([987654, where], salt=drafts.SALT),
    }  # fmt: skip
    desk.log_out()
    if how == "a month old":
        monkeypatch.setattr("django.core.signing.time.time", lambda: late)

    desk.send(where, form, note_en=TEXT, typed_by=marks[how])

    assert not Draft.objects.exists()


def test_a_form_that_was_opened_before_the_weekend_is_kept(
    monkeypatch: pytest.MonkeyPatch, row: Deliverable, ana: User
) -> None:
    desk, where = Desk(), change(row)
    form = desk.form(where)
    desk.log_out()
    late = time.time() + 3 * 86_400
    monkeypatch.setattr("django.core.signing.time.time", lambda: late)

    desk.send(where, form, note_en=TEXT)

    assert Draft.objects.get().owner == ana


def test_a_mark_that_somebody_stole_writes_and_reads_nothing(
    row: Deliverable, ana: User, bea: User
) -> None:
    """It can lay a draft before its owner, who sees it and saves it or not."""
    stolen = Desk().form(change(row))["typed_by"]
    thief = Desk("bea")
    thief.log_out()

    thief.send(change(row), thief.form("/admin/account/login/", "login"), typed_by=stolen)

    assert Draft.objects.get().owner == ana
    row.refresh_from_db()
    assert row.version == 1
    thief.log_in()
    assert "Not saved yet" not in thief.read("/admin/")


def test_markup_that_was_typed_is_text_wherever_it_is_shown(row: Deliverable, ana: User) -> None:
    desk, where = Desk(), change(row)
    form = desk.form(where) | {"note_en": EVIL, "typed_on": EVIL, EVIL: EVIL}
    desk.log_out()
    desk.send(where, form)
    desk.log_in()

    pages = [where, "/admin/", reverse("admin:draft", args=[Draft.objects.get().pk])]
    texts = [desk.read(page) for page in pages]

    assert [EVIL in text for text in texts] == [False] * 3
    assert [html.escape(EVIL) in text for text in texts] == [True] * 3


def test_a_person_has_twenty_drafts_at_most_and_the_oldest_makes_room(
    row: Deliverable, ana: User, bea: User
) -> None:
    keep(bea, "/admin/a/")
    for number in range(25):
        keep(ana, f"/admin/{number}/")

    left = Draft.objects.filter(owner=ana).order_by("pk").values_list("address", flat=True)
    assert list(left) == [f"/admin/{number}/" for number in range(5, 25)]
    assert Draft.objects.filter(owner=bea).count() == 1


def test_the_same_twice_is_one_draft_and_two_tabs_of_a_page_are_two(
    row: Deliverable, ana: User
) -> None:
    """The newest is offered first; saved or discarded, it makes way for the other."""
    desk, where = Desk(), change(row)
    first, second = desk.form(where), desk.form(where)
    desk.log_out()
    for form, text in ((first, "one"), (first, "one"), (second, "two")):
        desk.send(where, form, note_en=text)
    assert Draft.objects.count() == 2
    desk.log_in()

    assert desk.form(where)["note_en"] == "two"
    assert desk.send(where, desk.form(where)).status_code == 302
    assert desk.form(where)["note_en"] == "one"
    assert desk.send(where, desk.form(where)).status_code == 302
    row.refresh_from_db()
    assert (row.note_en, Draft.objects.count()) == ("one", 0)


def test_what_is_typed_on_in_a_draft_takes_its_place(row: Deliverable, ana: User) -> None:
    desk, where = Desk(), change(row)
    form = desk.form(where)
    for text in ("once", "twice"):
        desk.log_out()
        desk.send(where, form, note_en=text)
        desk.log_in()
        form = desk.form(where)

    assert (form["note_en"], Draft.objects.count()) == ("twice", 1)


@pytest.mark.parametrize(("address", "length"), [("/admin/a/", drafts.SIZE), ("/a/" * 700, 1)])
def test_what_is_too_large_is_not_kept(ana: User, address: str, length: int) -> None:
    fields = QueryDict(mutable=True)
    fields["note_en"] = "x" * length

    assert drafts.keep(ana.pk, TypedForm(address, fields=fields)) is None
    assert not Draft.objects.exists()


def test_nothing_is_kept_for_who_was_switched_off(ana: User) -> None:
    User.objects.update(is_active=False)

    assert drafts.keep(ana.pk, TypedForm("/admin/a/")) is None


def test_on_the_disk_it_is_sealed_and_bound_to_its_row(settings: Any, ana: User, bea: User) -> None:
    draft = keep(ana, "/admin/a/", "Canary", title="Canary", files=("Canary.pdf",))

    assert b"Canary" not in bytes(draft.sealed)
    moved = Draft.objects.create(
        owner=bea, address="/admin/a/", digest="", sealed=draft.sealed, kept_at=draft.kept_at
    )
    assert drafts.read(moved) is None
    draft.address = "/admin/b/"
    assert drafts.read(draft) is None
    settings.SECRET_KEY = "x" * 50
    assert drafts.read(Draft.objects.get(owner=ana)) is None


def test_passwords_are_never_kept(ana: User) -> None:
    fields = QueryDict("password=p&password1=p&csrfmiddlewaretoken=t&code=D1.1&note_en=n")
    drafts.keep(ana.pk, TypedForm("/admin/a/", fields=fields))
    kept = drafts.read(Draft.objects.get())

    assert kept
    assert dict(kept.fields.lists()) == {"code": ["D1.1"], "note_en": ["n"]}


@pytest.mark.parametrize("page", ["password/change/", "login/", "second-factor/authenticate/"])
def test_pages_of_log_in_password_and_second_factor_keep_nothing(ana: User, page: str) -> None:
    desk, where = Desk(), f"/admin/account/{page}"
    desk.log_out()

    desk.send(where, {"typed_by": drafts.mark_of(ana, where), "note_en": TEXT})

    assert not Draft.objects.exists()


def test_a_draft_of_a_page_beyond_ones_rights_opens_nothing(row: Deliverable) -> None:
    """Its author reads the own text, and of the row what anybody else would: nothing."""
    stranger = make_member(make_project("far"))
    where = change(row)
    keep(stranger, where, "Own text")
    Deliverable.objects.update(note_en="Canary")

    answer = Desk().client.get(where)

    text = answer.content.decode()
    assert (answer.status_code, "Own text" in text, "Canary" in text) == (404, True, False)


def test_a_form_that_is_sent_again_after_it_was_saved_saves_nothing_twice(
    row: Deliverable, ana: User
) -> None:
    desk, where = Desk(), change(row)
    form = desk.form(where)
    assert desk.send(where, form, note_en=TEXT).status_code == 302
    Deliverable.objects.update(note_en="Later")
    desk.log_out()

    desk.send(where, form, note_en=TEXT)
    desk.log_in()

    assert Deliverable.objects.get().note_en == "Later"
    page = desk.client.get(where)
    assert [cell.now for cell in page.context["conflicts"][0].cells] == ["Later"]


def test_after_a_day_it_is_neither_offered_nor_there(row: Deliverable, ana: User) -> None:
    draft = keep(ana, change(row))
    Draft.objects.filter(pk=draft.pk).update(kept_at=timezone.now() - dt.timedelta(days=1))
    assert list(Draft.objects.of(ana)) == []
    assert Desk().form(change(row))["note_en"] == ""

    keep(ana, "/admin/b/")

    assert [left.address for left in Draft.objects.all()] == ["/admin/b/"]
    Draft.objects.update(kept_at=timezone.now() - dt.timedelta(days=2))
    tasks.forget_drafts(0)
    assert not Draft.objects.exists()
