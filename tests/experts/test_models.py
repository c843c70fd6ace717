from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from deliverables.projects.models import Change
from experts.people.models import Partnership
from tests.make import (
    make_assignment,
    make_expert,
    make_institution,
    make_project,
)

pytestmark = pytest.mark.django_db


def partnership(code: str = "P1", **given: Any) -> Partnership:
    from deliverables.projects.models import Project

    project = Project.objects.first() or make_project()
    return Partnership.objects.create(
        project=project, code=code, **{"country": "SE", "role": "contributing", **given}
    )


def test_a_country_without_a_named_institution_is_a_partner() -> None:
    assert str(partnership(country="BE")) == "P1 BE"


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
