"""Pages and programs while the database is away: 503, a sentence, and one line in the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client, RequestFactory

from accounts.models import User
from accounts.typed import drafts
from tests.twinning.forms import Page
from tryout import machine_errors
from twinning import views


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (psycopg.OperationalError("the connection is closed"), True),
        (psycopg.errors.AdminShutdown(), True),
        (psycopg.errors.CannotConnectNow(), True),
        (psycopg.errors.DiskFull(), True),
        (psycopg.errors.TooManyConnections(), True),
        (psycopg.errors.QueryCanceled(), False),
        (psycopg.errors.LockNotAvailable(), False),
        (psycopg.errors.UndefinedTable(), False),
    ],
)
def test_a_database_that_is_away_is_told_from_one_that_refuses(
    error: psycopg.Error, away: bool
) -> None:
    wrapped = OperationalError()
    wrapped.__cause__ = error
    assert machine_errors.database_is_away(wrapped) is away


@pytest.mark.parametrize("hidden", [False, True])
def test_what_is_raised_from_none_did_not_fail_because_of_the_database(hidden: bool) -> None:
    with pytest.raises(ValueError, match="ours") as caught:  # noqa: PT012 - handled while another is
        try:
            raise psycopg.OperationalError("the connection is closed")
        except psycopg.OperationalError:
            if hidden:
                raise ValueError("ours") from None
            raise ValueError("ours")  # noqa: B904 - the context is what is tested
    assert machine_errors.database_is_away(caught.value) is not hidden


@pytest.fixture
def away(django_db_blocker: Any, tmp_path: Path) -> Iterator[None]:
    """No server listens where the database should be."""
    kept = connections["default"]
    connections["default"] = DatabaseWrapper(
        {**kept.settings_dict, "HOST": str(tmp_path)}, "default"
    )
    with django_db_blocker.unblock():
        yield
    connections["default"].close()
    connections["default"] = kept


EN = "The database of the register does not answer right now. Try again in a minute."
LV = "Reģistra datubāze pašlaik neatbild. Mēģiniet vēlreiz pēc minūtes."
SENT = (
    "The database of the register does not answer right now, so what you sent may not have been "
    "saved. Go back in a minute, look whether it is there, and send it again if it is not."
)
SENT_LV = (
    "Reģistra datubāze pašlaik neatbild, tāpēc nosūtītais, iespējams, nav saglabāts. Pēc minūtes "
    "atgriezieties, pārbaudiet, vai tas ir saglabāts, un, ja nav, nosūtiet vēlreiz."
)
PAGE, JSON, TEXT = "text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"


@pytest.mark.parametrize("marked", [True, False])
def test_the_page_that_answers_a_form_of_ours_still_has_what_was_typed(
    away: None, marked: bool
) -> None:
    """Nothing can be kept. A form from elsewhere has no mark, and is not shown again."""
    where = "/admin/deliverables/deliverable/1/change/"
    mark = drafts.mark_of(User(pk=1), where if marked else "/admin/")
    form = {"typed_by": mark, "note_en": 'Ā"<b>', "csrfmiddlewaretoken": "t"}

    client = Client(raise_request_exception=False)
    client.cookies["session"] = "of somebody"

    answer = client.post(where, form)

    again = [form.fields for form in Page(answer.content.decode()).forms]
    assert answer.status_code == 503
    assert again == ([{name: [value] for name, value in form.items()}] if marked else [])
    assert ("Send it again" in answer.content.decode()) is marked


@pytest.mark.parametrize(
    ("method", "path", "headers", "kind", "lang", "said"),
    [
        ("get", "/en/", {}, PAGE, "en", EN),
        ("get", "/lv/projects/tw-1/budget/", {}, PAGE, "lv", LV),
        ("get", "/lv/", {"accept": "application/json"}, JSON, "lv", LV),
        ("get", "/en/projects/tw-1/release.json", {}, JSON, "en", EN),
        ("get", "/lv/projects/tw-1/deliverables.csv", {}, TEXT, "lv", LV),
        ("get", "/healthz", {}, TEXT, "en", EN),
        ("get", "/admin/", {"accept-language": "lv"}, PAGE, "lv", LV),
        ("get", "/admin/", {"cookie": "language=lv"}, PAGE, "lv", LV),
        ("post", "/admin/", {}, PAGE, "en", SENT),
        ("post", "/admin/account/login/", {"accept-language": "lv"}, PAGE, "lv", SENT_LV),
    ],
)
@pytest.mark.usefixtures("away")
def test_while_the_database_is_away_everything_says_so(
    method: str, path: str, headers: dict[str, str], kind: str, lang: str, said: str
) -> None:
    client = Client(raise_request_exception=False)
    sent = {"data": {"login": "somebody", "password": "x"}} if method == "post" else {}
    session = {"cookie": f"session={'x' * 32}; {headers.get('cookie', '')}"}
    response = getattr(client, method)(path, headers=headers | session, **sent)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert (response.headers["Content-Type"], response.headers["Content-Language"]) == (kind, lang)
    assert response.headers["Cache-Control"] == "no-store"
    text = response.content.decode()
    if kind == JSON:
        assert response.json() == {"error": said}
    elif kind == TEXT:
        assert text == f"{said}\n"
    else:
        assert f'<p class="lead">{said}</p>' in text
        assert f'<html lang="{lang}">' in text


def test_a_session_that_could_not_be_saved_is_no_bad_request() -> None:
    """Django takes it for a session that was ended meanwhile, and says 400."""
    request = RequestFactory().post("/admin/")
    interrupted = Exception()
    interrupted.__context__ = psycopg.OperationalError("the connection is closed")
    assert views.bad_request(request, interrupted).status_code == 503
    assert views.bad_request(request, Exception()).status_code == 400


def test_the_log_has_one_line_of_it_and_a_traceback_of_other_errors() -> None:
    for error, lines in (
        (psycopg.OperationalError("connection failed\n\tIs the server running?"), 1),
        (ValueError("of our own"), 3),
    ):
        try:
            raise error
        except Exception as raised:
            record = logging.LogRecord("django.request", 40, "", 1, "%s: %s", ("Failed", "/en/"),
                                       (type(raised), raised, raised.__traceback__))  # fmt: skip
        assert machine_errors.OneLine().filter(record)
        assert len(logging.Formatter().format(record).splitlines()) >= lines
        if lines == 1:
            assert logging.Formatter().format(record) == "Failed: /en/: connection failed"
