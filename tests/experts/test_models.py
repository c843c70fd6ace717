from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from deliverables.models import Change
from experts.models import Partnership
from tests.make import (
    make_assignment,
    make_component,
    make_expert,
    make_institution,
    make_project,
)

pytestmark = pytest.mark.django_db


def partnership(code: str = "P1", **given: Any) -> Partnership:
    from deliverables.models import Project

    project = Project.objects.first() or make_project()
    return Partnership.objects.create(
        project=project, code=code, **{"country": "SE", "role": "contributing", **given}
    )


def two_leads() -> None:
    partnership(role="lead")
    partnership("P2", role="lead", country="LV")


def same_country_twice() -> None:
    partnership()
    partnership("P2")


RULES: list[tuple[Callable[[], Any], str]] = [
    (two_leads, "partnership_has_one_lead_per_project"),
    (same_country_twice, "partnership_lists_a_partner_once"),
    (lambda: partnership(role="friend"), "partnership_role_is_known"),
    (lambda: make_expert("E 1"), "expert_code_begins_with_a_letter"),
    (lambda: make_expert(name_consent=True), "expert_who_consents_has_a_name"),
    (lambda: make_assignment(make_project(), function="king"), "assignment_function_is_known"),
    (
        lambda: make_assignment(make_project(), function="short_term_expert"),
        "assignment_of_an_expert_names_the_expert",
    ),
    (
        lambda: make_assignment(make_project(), function="component_institution"),
        "assignment_of_an_institution_names_it",
    ),
    (
        lambda: make_assignment(make_project(), name_published=True),
        "assignment_with_published_name_has_a_name",
    ),
    (
        lambda: make_assignment(make_project(), from_on="2019-03", to_on="2016-03"),
        "assignment_to_on_is_not_before_from_on",
    ),
    (lambda: make_institution(code="lv"), "institution_code_begins_with_a_letter"),
    (
        lambda: [make_institution(), make_institution("LV-2")],
        "institution_is_listed_once",
    ),
]


@pytest.mark.parametrize(("make", "rule"), RULES, ids=[rule for _make, rule in RULES])
def test_the_database_keeps_the_rule(make: Callable[[], Any], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        make()


def test_a_country_without_a_named_institution_is_a_partner() -> None:
    assert str(partnership(country="BE")) == "P1 BE"


def test_a_component_of_another_project_is_refused_in_words() -> None:
    theirs = make_component(make_project("theirs"))
    assignment = make_assignment(make_project("ours"))
    assignment.component = theirs

    with pytest.raises(ValidationError, match="belongs to another project"):
        assignment.full_clean()


def test_an_institution_and_its_row_are_of_one_country() -> None:
    expert = make_expert(institution=make_institution("XK-1", country="XK"))

    with pytest.raises(ValidationError, match="The institution is of another country"):
        expert.full_clean()


def test_renaming_an_institution_notes_each_project_it_works_on() -> None:
    institution = make_institution()
    for slug in ("one", "two"):
        make_assignment(
            make_project(slug), function="component_institution", institution=institution
        )
    elsewhere = make_expert(institution=institution)
    make_assignment(make_project("three"), function="short_term_expert", expert=elsewhere)
    make_project("four")
    Change.objects.all().delete()

    institution.name_en = "Agency"
    institution.save()

    assert sorted(change.project.slug for change in Change.objects.all()) == [
        "one",
        "three",
        "two",
    ]
