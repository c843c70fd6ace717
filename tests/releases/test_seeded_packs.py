"""The packs of the two projects of the seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from deliverables.projects.models import Project
from releases.document.extracts import ALL
from tests.releases.packing import packed, refused_by

pytestmark = pytest.mark.slow("each pack is checked by the tools of strangers")


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("slug", ["ks-14-jb-jh-04", "demo"])
def test_the_packs_of_the_seeded_projects_are_accepted(slug: str, tmp_path: Path) -> None:
    bag = packed(Project.objects.get(slug=slug), tmp_path)

    assert refused_by(bag) == []
    tables = {path.stem for path in (bag / "data").glob("*.csv")}
    assert tables == {resource.table for resource in ALL} | {"control_totals"}
