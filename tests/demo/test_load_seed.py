from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from releases.models import Release

pytestmark = pytest.mark.django_db


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """A copy of the fictitious project's folder, to be spoilt."""
    return Path(shutil.copytree(settings.BASE_DIR / "seed" / "demo", tmp_path / "demo"))


def load(folder: Path, **options: bool) -> str:
    out = StringIO()
    call_command("load_seed", folder, stdout=out, **options)
    return out.getvalue()


def refused(folder: Path) -> str:
    with pytest.raises(CommandError) as refusal:
        load(folder)
    assert not Project.objects.exists()
    return str(refusal.value)


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_it_loads_releases_and_loads_again_without_a_change(seed: Path) -> None:
    assert load(seed).endswith(" rows new, 0 changed, 0 unchanged; 1 release made.\n")
    assert Release.objects.get().slug == "demo"

    assert ": 0 rows new, 0 changed, " in load(seed)
    assert Release.objects.count() == 1


def test_a_changed_cell_is_one_changed_row_and_one_release(seed: Path) -> None:
    load(seed)
    spoil(seed / "deliverables.csv", "Project launched", "Project opened")

    assert ": 0 rows new, 1 changed, " in load(seed)
    assert Release.objects.count() == 2


def test_if_empty_leaves_a_database_with_a_project_alone(seed: Path) -> None:
    load(seed)
    Deliverable.objects.update(title_en="Edited")

    assert load(seed, if_empty=True) == ""
    assert set(Deliverable.objects.values_list("title_en", flat=True)) == {"Edited"}


def test_a_dry_run_checks_and_writes_nothing(seed: Path) -> None:
    assert load(seed, dry_run=True).endswith("0 releases made. Nothing was written.\n")
    assert not Project.objects.exists()


def test_wrong_values_are_told_with_file_row_column_and_remedy(seed: Path) -> None:
    spoil(seed / "deliverables.csv", "2025-11-30", "2025-13")
    spoil(seed / "deliverables.csv", ",confirmed,", ",finished,")

    assert refused(seed) == (
        f"Nothing was written, because of 2 errors:\n"
        f"  {seed}/deliverables.csv: Row 2, column “rung”: “finished” is not known. Known: "
        "planned, in_progress, delivered, documented, accepted, confirmed, partially_delivered, "
        "not_delivered, dropped.\n"
        f"  {seed}/deliverables.csv: Row 2, column “due_original”: “2025-13” is not a date between "
        "2000 and 2100. Write a day (2019-02-21 or 21.02.2019), a month (2019-02) or a year "
        "(2019), as exactly as it is known."
    )


def test_a_rule_of_the_table_is_told_in_words(seed: Path) -> None:
    spoil(seed / "projects.csv", "2027-08-31", "2024-08-31")

    assert "Row 2: The planned end is before the planned start." in refused(seed)


@pytest.mark.parametrize(
    ("table", "old", "new", "sentence"),
    [
        ("components", "number", "nummer", "The column “nummer” is not known. Did you mean"),
        ("items", ",D", ",X", "is not a known deliverable. Known: D0.1"),
        ("experts", "QM-E02,", "QM-E02,x,", "Row 3: The row has 6 cells, and the header has 5."),
        ("budget_entries", ".00", ".005", "is not an amount. Write EUR with at most two decimals"),
    ],
)
def test_a_broken_file_is_told_in_a_sentence(
    seed: Path, table: str, old: str, new: str, sentence: str
) -> None:
    spoil(seed / f"{table}.csv", old, new)

    assert sentence in refused(seed)


def test_a_file_of_another_encoding_is_refused(seed: Path) -> None:
    path = seed / "components.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1257", errors="replace"))

    assert "components.csv" in refused(seed)


def test_a_folder_without_projects_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == (
        f"There is no projects.csv in {tmp_path} or in a folder of it, so nothing was loaded."
    )
