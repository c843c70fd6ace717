"""Each rule of the tables twice: the database refuses the row, and a form is told in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import override

from deliverables.models import Change, Deliverable, Source, Statement, Title
from tests.make import (
    make_component,
    make_deliverable,
    make_evidence,
    make_item,
    make_project,
)

pytestmark = pytest.mark.django_db


def project(**given: Any) -> Callable[[], models.Model]:
    return lambda: make_project(**given)


def deliverable(**given: Any) -> Callable[[], models.Model]:
    return lambda: make_deliverable(make_component(make_project()), **given)


def evidence(**given: Any) -> Callable[[], models.Model]:
    return lambda: make_evidence(make_project(), **given)


def source(**given: Any) -> Callable[[], models.Model]:
    filled = {
        "code": "S1", "title_lv": "Lapa", "title_en": "Page", "publisher_lv": "P",
        "publisher_en": "P", "publisher_short": "P", "language": "lv",
    }  # fmt: skip
    return lambda: Source.objects.create(project=make_project(), **filled | given)


def twice(make: Callable[..., models.Model], *args: Any, **given: Any) -> Callable[[], Any]:
    """The second of two equal rows breaks a rule of uniqueness."""

    def make_two() -> models.Model:
        parents = [arg() for arg in args]
        make(*parents, **given)
        return make(*parents, **given)

    return make_two


RULES = [
    (project(slug="Big"), "project_slug_is_lower_case"),
    (project(status="lost"), "project_status_is_known"),
    (project(results_basis="guess"), "project_results_basis_is_known"),
    (project(publishing="never"), "project_publishing_is_known"),
    (project(start_planned="2019-13"), "project_start_planned_is_a_date"),
    (project(start_actual="19"), "project_start_actual_is_a_date"),
    (project(end_planned="soon"), "project_end_planned_is_a_date"),
    (project(end_actual="2019-1"), "project_end_actual_is_a_date"),
    (
        project(start_planned="2019-02", end_planned="2019-01"),
        "project_end_planned_is_not_before_start_planned",
    ),
    (
        project(start_actual="2019-02-21", end_actual="2018"),
        "project_end_actual_is_not_before_start_actual",
    ),
    (project(title_lv=""), "project_has_both_titles"),
    (source(sha256="abc"), "source_sha256_is_64_hexadecimal_digits"),
    (source(code="1"), "source_code_begins_with_a_letter"),
    (source(published_on="x"), "source_published_on_is_a_date"),
    (lambda: make_component(make_project(), 100), "component_number_is_at_most_99"),
    (lambda: make_component(make_project(), title_en=""), "component_has_both_titles"),
    (twice(make_component, make_project), "component_number_is_unique_in_its_project"),
    (deliverable(code="2.10"), "deliverable_code_begins_with_a_letter"),
    (deliverable(kind="idea"), "deliverable_kind_is_known"),
    (deliverable(rung="done"), "deliverable_rung_is_known"),
    (deliverable(achievements=["sung"]), "deliverable_achievements_are_known"),
    (deliverable(weight=0), "deliverable_weight_is_1_to_100"),
    (deliverable(due_original="31.02"), "deliverable_due_original_is_a_date"),
    (deliverable(due_current="31.02"), "deliverable_due_current_is_a_date"),
    (
        deliverable(rung="delivered", delivered_on="x"),
        "deliverable_delivered_on_is_a_date",
    ),
    (deliverable(rung="accepted", accepted_on="x"), "deliverable_accepted_on_is_a_date"),
    (
        deliverable(adopted_by_en="Parliament", adopted_on="x"),
        "deliverable_adopted_on_is_a_date",
    ),
    (deliverable(delivered_on="2019"), "deliverable_delivery_date_needs_a_delivery"),
    (
        deliverable(rung="delivered", accepted_on="2019"),
        "deliverable_acceptance_date_needs_an_acceptance",
    ),
    (deliverable(adopted_on="2019"), "deliverable_adoption_date_names_who_adopted"),
    (
        deliverable(rung="dropped", reason_en="Side letter 1"),
        "deliverable_side_exit_has_a_reason",
    ),
    (deliverable(title_lv=""), "deliverable_has_both_titles"),
    (
        twice(make_deliverable, lambda: make_component(make_project())),
        "deliverable_code_is_unique_in_its_project",
    ),
    (evidence(kind="rumour"), "evidence_kind_is_known"),
    (evidence(url=""), "evidence_that_is_a_link_has_an_address"),
    (evidence(kind="publication"), "evidence_from_a_publication_names_its_source"),
    (evidence(code="?"), "evidence_code_begins_with_a_letter"),
    (twice(make_evidence, make_project), "evidence_code_is_unique_in_its_project"),
    (
        lambda: make_item(make_deliverable(make_component(make_project())), kind="thing"),
        "item_kind_is_known",
    ),
    (
        lambda: make_item(make_deliverable(make_component(make_project())), code="1.2"),
        "item_code_begins_with_a_letter",
    ),
    (
        twice(make_item, lambda: make_deliverable(make_component(make_project()))),
        "item_code_is_unique_in_its_deliverable",
    ),
    (
        lambda: make_item(make_deliverable(make_component(make_project()))).figures.create(
            value=10**9
        ),
        "figure_has_at_most_nine_digits",
    ),
    (
        lambda: Title.objects.create(project=make_project(), where_lv="x", where_en="x"),
        "title_is_not_empty",
    ),
    (
        twice(
            lambda of: Title.objects.create(project=of, title_en="T", where_lv="x", where_en="x"),
            make_project,
        ),
        "title_position_is_unique",
    ),
    (
        lambda: Statement.objects.create(
            project=make_project(), code="O1", kind="joke", text_lv="x", text_en="x"
        ),
        "statement_kind_is_known",
    ),
]


@pytest.mark.parametrize(("make", "rule"), RULES, ids=[rule for _make, rule in RULES])
def test_the_database_keeps_the_rule(make: Callable[[], models.Model], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        make()


@pytest.mark.parametrize(("make", "rule"), RULES, ids=[rule for _make, rule in RULES])
def test_the_rule_is_told_in_words(
    make: Callable[[], models.Model], rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same row, checked before it is written."""
    created: list[models.Model] = []
    save = models.Model.save

    def check_last(self: models.Model, *args: Any, **kwargs: Any) -> None:
        created.append(self)
        with transaction.atomic():
            save(self, *args, **kwargs)

    monkeypatch.setattr(models.Model, "save", check_last)
    with pytest.raises(IntegrityError):
        make()
    broken = created[-1]
    constraint = next(one for one in broken._meta.constraints if one.name == rule)

    with pytest.raises(ValidationError) as refusal:
        broken.validate_constraints()

    assert str(constraint.violation_error_message) in refusal.value.messages
    assert str(constraint.violation_error_message).endswith((".", ":"))


def test_dates_of_unlike_precision_that_may_be_one_day_pass() -> None:
    made = make_project(start_actual="2019-02-21", end_actual="2019")

    assert (made.start_actual, made.end_actual) == ("2019-02-21", "2019")


def test_rows_of_two_projects_cannot_be_joined_even_by_sql() -> None:
    ours, theirs = make_component(make_project("ours")), make_component(make_project("theirs"))
    mine = make_deliverable(ours)

    with (
        pytest.raises(IntegrityError, match="deliverable_component_is_of_its_project"),
        transaction.atomic(),
    ):
        Deliverable.objects.filter(pk=mine.pk).update(component=theirs)
    mine.component = theirs
    with pytest.raises(ValidationError, match="belongs to another project"):
        mine.full_clean()


def test_codes_are_in_the_order_of_their_numbers() -> None:
    component = make_component(make_project())
    for code in ("D1.10", "D1.2", "D2.1", "D1.1"):
        make_deliverable(component, code)

    codes = component.deliverables.values_list("code", flat=True)

    assert list(codes) == ["D1.1", "D1.2", "D1.10", "D2.1"]


@pytest.mark.parametrize(
    "write",
    [
        "UPDATE deliverables_deliverable SET weight = 2",
        "UPDATE deliverables_item SET title_en = 'x'",
        "UPDATE deliverables_figure SET value = 2",
        "DELETE FROM deliverables_figure",
    ],
)
def test_raw_sql_notes_the_project_as_changed(write: str) -> None:
    made = make_item(make_deliverable(make_component(make_project())))
    made.figures.create(value=1, label_lv="x", label_en="x")
    Change.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute(write)

    assert [change.project.slug for change in Change.objects.all()] == ["tw-1"]


def test_a_write_that_changes_nothing_is_not_noted() -> None:
    make_project()
    Change.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE deliverables_project SET title_en = title_en")

    assert not Change.objects.exists()


def test_a_long_title_is_cut_where_one_sees_it() -> None:
    part = make_component(make_project())
    exact, longer = (
        make_deliverable(part, code, title_en="x" * length)
        for code, length in (("D1.1", 80), ("D1.2", 81))
    )

    with override("en"):
        assert str(exact) == f"D1.1 {'x' * 80}"
        assert str(longer) == f"D1.2 {'x' * 79}…"


@pytest.mark.parametrize("name", ["start_actual", "end_actual"])
def test_what_has_not_come_is_no_actual_date(name: str) -> None:
    project = make_project()
    setattr(project, name, "2100-01")
    with pytest.raises(ValidationError) as refused:
        project.full_clean()
    assert refused.value.message_dict == {
        name: ["The date 2100-01 has not come yet; a planned one has a field of its own."]
    }
    for said in ("", "2026-01-05"):
        setattr(project, name, said)
        project.full_clean()
