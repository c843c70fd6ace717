"""What stands before every page: methods, hosts, probes, proxies."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from exchange.tables import limits
from tests.twinning.matrix import FILLED, _written, addresses
from tryout.machine_errors import OneLine

pytestmark = pytest.mark.django_db
METHODS = ("POST", "PUT", "PATCH", "DELETE")
FOREIGN = "evil.example"


def everywhere() -> list[str]:
    """Each address of the resolver, filled in with something."""
    filled = FILLED | {"slug": "none", "object_id": 1, "pk": 1}
    return sorted(
        {_written(name, {k: filled.get(k, "1") for k in keys}) for name, keys in addresses()}
    )


@pytest.mark.parametrize("method", METHODS)
def test_what_only_reads_says_so_to_a_form_from_anywhere(method: str) -> None:
    """405 with Allow as documented: not 403, as if a right or a form were missing."""
    plain, strict = Client(), Client(enforce_csrf_checks=True)
    told = {where: plain.generic(method, where) for where in everywhere()}
    refused = {
        where: answer["Allow"]
        for where, answer in told.items()
        if answer.status_code == 405 and "POST" not in answer["Allow"]
    }
    assert len(refused) > 20

    again = {where: strict.generic(method, where) for where in refused}

    assert {where: (a.status_code, a.headers.get("Allow")) for where, a in again.items()} == {
        where: (405, allowed) for where, allowed in refused.items()
    }


@pytest.mark.parametrize("host", ["10.1.2.3:8000", "register", FOREIGN, "[::1]", "what is_this?"])
def test_a_probe_may_call_the_register_by_any_name(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture, host: str
) -> None:
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["register.example.org"], True

    answer = client.get("/healthz", headers={"host": host})

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert caplog.records == []


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/admin/", "/healthz/", "//healthz", "/audit/heads.json"]
)
def test_a_foreign_host_is_told_and_is_one_line_in_the_log(
    client: Client,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    path: str,
) -> None:
    settings.ALLOWED_HOSTS, settings.SITE_URL = (
        ["register.example.org"],
        "https://register.example.org",
    )
    settings.ADMINS = [("Anna", "anna@example.org")]

    with configured():
        answer = client.get(path, headers={"host": FOREIGN}, raise_request_exception=False)

    assert answer.status_code == 400
    assert (
        "The register does not answer to the name in this request. "
        "Open it at https://register.example.org."
    ) in answer.content.decode()
    assert FOREIGN not in answer.content.decode()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert capsys.readouterr().err.splitlines() == [
        "Invalid HTTP_HOST header: 'evil.example'. You may need to add 'evil.example' to "
        "ALLOWED_HOSTS."
    ]


@contextlib.contextmanager
def configured() -> Iterator[None]:
    """The handler of the register's own log, on the stderr of the moment."""
    handler, root = logging.StreamHandler(), logging.getLogger()
    handler.addFilter(OneLine())
    root.handlers.insert(0, handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


def test_django_mails_no_errors() -> None:
    """A mail for each foreign Host is what others use to fill a mailbox."""
    assert logging.getLogger("django").handlers == []


def test_too_large_a_form_is_told_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(User.objects.create_superuser("root"))
    monkeypatch.setattr(limits, "REQUEST", 10)
    with io.BytesIO(b"x" * 100) as file:
        answer = client.post("/admin/deliverables/project/add/", {"file": file})

    assert answer.status_code == 413
    told = "so it was not read and nothing was saved. Send fewer files at once, or smaller ones."
    assert told in answer.content.decode()
