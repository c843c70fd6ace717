"""The register of each released version is taken over by this one, with all that was published."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from deliverables.models import Project
from releases.actions import publish
from tests import databases
from tests.upgrades.cited import DOCUMENT, OF_FILES, answer, checked, keeps
from tests.volume import share
from twinning import backups

KEPT = sorted(Path(__file__).parent.glob("*.dump"), key=lambda path: path.name)


@pytest.fixture(params=KEPT, ids=lambda path: str(path.stem))
def taken_over(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[dict[str, Any]]:
    """A register of that version, migrated to this one; what it said then."""
    name = databases._beside_the_empty_one("taken_over")
    with django_db_blocker.unblock():
        databases._drop(name)
        databases._run(f'CREATE DATABASE "{name}" TEMPLATE template0')
        with databases._on(name):
            backups.restore(request.param)
            call_command("migrate", verbosity=0)
            shutil.unpack_archive(
                request.param.with_suffix(".zip"), Path(settings.VAR_DIR, "evidence")
            )
            yield json.loads(request.param.with_suffix(".json").read_text("utf-8"))
        databases._drop(name)


def test_each_version_of_the_changelog_is_kept() -> None:
    changelog = Path(settings.BASE_DIR, "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## (\d+\.\d+\.\d+) \(", changelog, re.MULTILINE)
    assert versions[0] == settings.VERSION
    assert sorted(versions) == [path.stem for path in KEPT]


@pytest.mark.django_db
def test_each_page_says_at_its_foot_which_version_serves_it(admin_client: Client) -> None:
    for where in ("/lv/", "/en/verify/", "/admin/"):
        page = admin_client.get(where).content.decode()
        assert page.count(f"Twinning {settings.VERSION}") == 1


def test_a_page_may_say_more_than_it_did_and_not_less() -> None:
    where = "/en/projects/demo/releases/1/budget/"
    assert keeps(where, "530305 27.4 9", "30 530305 27.4 9 2026")
    assert not keeps(where, "530305 27.4 9", "530305 27.5")


@pytest.mark.slow("restores and migrates a whole register")
def test_what_a_released_version_published_is_said_by_this_one(taken_over: dict[str, Any]) -> None:
    client, kept = Client(), taken_over["pages"]
    otherwise = {}
    for where in share(sorted(kept), str(len(kept)), of=4):
        _page, says = answer(client, where)
        page = not (where.endswith(DOCUMENT) or says == "a file")
        same = keeps(where, kept[where], says) if page else says == kept[where]
        if not same and not where.endswith(OF_FILES):
            otherwise[where] = (kept[where], says)
    assert not otherwise
    assert len(kept) > 1_000

    assert [error for error in checked() if error not in taken_over["errors"]] == []
    for project in Project.objects.order_by("slug"):
        publish(project, by=None)
        for lang in ("lv", "en"):
            answer(client, reverse("public:project", args=[lang, project.slug]))
    checked()
