"""Absolute links lead to SITE_URL with its port: in mails, feeds and packs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.letters import invitations
from audit.seals.sealing import seal
from releases.actions import publish
from tests import work
from tests.make import make_component, make_deliverable, make_member, make_project, make_user
from tests.releases.packing import packed

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8123"
ADDRESS = re.compile(r"https?://(?:127|localhost|testserver)[\w.]*[:\w]*")


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


def test_every_link_of_a_mail_a_feed_and_a_pack_carries_the_port(
    client: Client, tmp_path: Path
) -> None:
    component = make_component(make_project())
    make_deliverable(component, due_original="2026-11-01")
    make_member(component, "coordinator", email="ana@example.org")
    user = make_user("berta", email="berta@example.org")
    publish(component.project, by=None)
    seal("test")
    invitations.invite(user)
    work.carry_out()
    invitations.reset("berta@example.org")
    work.carry_out()
    sent: list[Any] = mail.outbox
    texts = [str(part) for one in sent for part in (one.body, one.alternatives[0][0])]
    texts.append(client.get("/en/audit/heads.atom").content.decode())
    bag = packed(component.project, tmp_path)
    texts += [path.read_text() for path in bag.rglob("*")
              if path.name in ("README.en.txt", "README.lv.txt", "datapackage.json")]  # fmt: skip

    found = [ADDRESS.findall(text) for text in texts]
    assert len(found) >= 8
    assert all(found), "each has links"
    assert {one for each in found for one in each} == {SITE}
