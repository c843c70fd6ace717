"""What a release and the pages of a large project take."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from budget.costs import unit_costs
from deliverables.projects.models import Project
from releases import actions
from releases.models import Release
from tests.releases.large import a_large_project
from tests.volume import ALL

pytestmark = pytest.mark.slow("lays down thousands of rows")
PAGES = (
    "",
    "components/1/",
    "deliverables/",
    "deliverables/D1.0/",
    "plan/",
    "experts/",
    "budget/",
    "budget/?by=quarter",
    "about/",
    "data/",
)


LIMIT = 1 if ALL else 5  # seconds; with a second worker beside it a test cannot tell one


@pytest.mark.alone
@pytest.mark.usefixtures("quick")
def test_a_project_of_a_thousand_results_and_two_thousand_missions_stays_quick(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    """At most three queries, one second for a release and 150 kB for a page."""
    project = a_large_project()

    seconds, release = best_of_five(project)

    assert holds(release) == {
        "deliverables": 1000, "evidence": 1500, "activity_deliverables": 1000, "person_days": 120,
        "indicators": 60, "measurements": 480, "contract_moves": 40, "budget_entries": 960,
        "rulesets": 1, "terms": 3,
    }  # fmt: skip
    assert release.document["totals"]["days"]["delivered"] == 8000
    # 400 accepted days of each component at 350 EUR, and 136 % of that
    assert {str(one.due) for one in unit_costs.of_project(project)} == {"140000.00", "190400.00"}
    sizes = {}
    for lang in ("lv", "en"):
        for page in PAGES:
            with django_assert_max_num_queries(3):
                answer = client.get(f"/{lang}/projects/large/{page}")
            assert answer.status_code == 200, page
            sizes[lang, page] = len(answer.content)
    assert max(sizes.values()) <= 150_000, sizes
    assert seconds <= LIMIT, f"a release took {seconds:.2f} s"


def holds(release: Release) -> dict[str, int]:
    """Rows by table, of the tables that a release of a small project hardly has."""
    names = (
        "deliverables", "evidence", "activity_deliverables", "person_days", "indicators",
        "measurements", "contract_moves", "budget_entries", "rulesets", "terms",
    )  # fmt: skip
    return {name: len(release.document[name]) for name in names}


def best_of_five(project: Project) -> tuple[float, Release]:
    """What a release takes when nobody else wants the machine, and the last release."""
    found: list[float] = []
    releases: list[Release] = []
    for number in range(5):
        Project.objects.filter(pk=project.pk).update(fund=f"Fund {number}")
        begun = time.perf_counter()
        release = actions.publish(project, by=None)
        found.append(time.perf_counter() - begun)
        assert release is not None
        releases.append(release)
        if found[-1] <= 1:
            break
    return min(found), releases[-1]
