"""One search over all that a person may see; and each picker finds a row by what it prints."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import User
from deliverables.evidence.models import Source
from experts.people.models import Partnership
from tests.make import (
    make_activity,
    make_assignment,
    make_change,
    make_component,
    make_deliverable,
    make_entry,
    make_evidence,
    make_expert,
    make_heading,
    make_indicator,
    make_institution,
    make_item,
    make_line,
    make_member,
    make_mission,
    make_plan,
    make_project,
)

pytestmark = pytest.mark.django_db


def filled(slug: str, word: str) -> Any:
    """A project with a row of each table that is searched, of which many have the word."""
    component = make_component(make_project(slug), title_en=f"Customs {word}")
    project = component.project
    row = make_deliverable(component, title_en=f"Law on {word}")
    make_item(row, title_en=f"Draft of {word}")
    make_mission(make_activity(component, title_en=f"Visit about {word}"))
    make_indicator(component, title_en=f"Number of {word}")
    make_entry(make_line(project, title_en=f"Fees for {word}"))
    make_evidence(project, title_en=f"Report on {word}", deliverable=row)
    return component


def found(client: Client, words: str, desk: str = "") -> dict[str, list[tuple[str, str]]]:
    page = client.get(f"{desk}/admin/search/", {"q": words})
    return {
        str(project or ""): [(hit.kind, hit.text) for hit in hits]
        for project, hits in page.context["groups"]
    }


def test_what_is_found_is_grouped_by_project_and_says_what_it_is(client: Client) -> None:
    filled("tw-1", "Ūdens")
    client.force_login(User.objects.create_superuser("root"))

    assert found(client, "udens") == {
        "TW-1": [
            ("Component", "1. Customs Ūdens"),
            ("Deliverable", "D1.1 Law on Ūdens"),
            ("Item", "D1.1.1 Draft of Ūdens"),
            ("Activity", "A1.1 Visit about Ūdens"),
            ("Indicator", "I1.1 Number of Ūdens"),
            ("Budget line", "B1 Fees for Ūdens"),
            ("Evidence", "E1 Report on Ūdens"),
        ]
    }


def test_nothing_is_found_beyond_what_the_person_sees(client: Client) -> None:
    own, other = filled("tw-1", "Water"), filled("tw-2", "Water")
    client.force_login(make_member(own.project))

    assert list(found(client, "water")) == ["TW-1"]
    assert found(client, other.project.reference) == {}
    client.force_login(make_member(make_component(own.project, 2), "coordinator", "cora"))
    assert found(client, "law") == {}


def test_at_a_desk_its_rows_are_found_and_their_links_stay_there(client: Client) -> None:
    for slug in ("tw-1", "tw-2"):
        filled(slug, "Water")
    client.force_login(User.objects.create_superuser("root"))

    assert sorted(found(client, "law")) == ["TW-1", "TW-2"]
    assert list(found(client, "law", "/desk/tw-2")) == ["TW-2"]
    page = client.get("/admin/search/?q=law").content.decode()
    assert "/desk/tw-1/admin/deliverables/deliverable/" in page
    assert 'name="q" value="law"' in page


def test_a_name_is_found_by_who_may_see_it_alone(client: Client) -> None:
    component = filled("tw-1", "Water")
    expert = make_expert("LV-E07", name="Ilze Kalniņa")
    make_assignment(component.project, expert=expert, component=component)
    client.force_login(make_member(component.project))

    assert found(client, "kalnina") == {"": [("Expert", "LV-E07")]}
    client.force_login(make_member(component.project, "auditor", "aud"))
    assert found(client, "kalnina") == {}
    assert found(client, "LV-E07") == {"": [("Expert", "LV-E07")]}


def test_many_hits_lead_to_their_list(client: Client, django_assert_max_num_queries: Any) -> None:
    component = make_component(make_project())
    for number in range(1, 14):
        make_deliverable(component, f"D1.{number}", title_en="Law")
    client.force_login(User.objects.create_superuser("root"))
    client.get("/admin/")

    with django_assert_max_num_queries(15):
        page = client.get("/admin/search/?q=law").content.decode()

    assert "3 more: deliverables" in page
    assert "/admin/deliverables/deliverable/?q=law" in page


@pytest.mark.parametrize("words", ["", "\0", "%", "x" * 5000, "'; DROP"])
def test_odd_words_find_nothing(client: Client, words: str) -> None:
    client.force_login(User.objects.create_superuser("root"))

    assert found(client, words) == {}


def test_each_picker_finds_a_row_by_what_it_prints(client: Client) -> None:
    """Generated over the pickers of all registered forms."""
    component = filled("tw-1", "Water")
    project = component.project
    institution = make_institution(abbreviation="VID")
    make_assignment(project, expert=make_expert(institution=institution))
    make_heading(project)
    make_change(project)
    make_plan(project)
    Partnership.objects.create(
        project=project, code="P1", institution=institution, role="lead", country="LV"
    )
    Source.objects.create(
        project=project,
        code="S1",
        publisher_short="EC",
        **{f"{name}_{lang}": "x" for name in ("title", "publisher") for lang in ("lv", "en")},
    )
    client.force_login(User.objects.create_superuser("root"))
    unfound, asked = [], set()
    for model, page in admin.site._registry.items():
        for name in page.autocomplete_fields:
            to: Any = model._meta.get_field(name).related_model
            row = to._default_manager.first()
            if row is None or name in getattr(page, "choosable", {}):
                continue
            asked.add(to._meta.label)
            query: dict[str, Any] = {
                "app_label": model._meta.app_label, "model_name": model._meta.model_name,
                "field_name": name, "term": str(row).removesuffix(" EUR"),
            }  # fmt: skip
            answer = client.get("/desk/tw-1/admin/autocomplete/", query).json()["results"]
            if str(row.pk) not in [choice["id"] for choice in answer]:
                unfound.append((to._meta.label, str(row)))

    assert sorted(set(unfound)) == []
    assert len(asked) >= 14
