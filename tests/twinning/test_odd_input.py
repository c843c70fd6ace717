"""What a form refuses to take, in every form of the back office, and in a file alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import User
from deliverables.projects.models import Project
from tests.twinning.filled import filled, holder, logged_in
from tests.twinning.forms import form_of
from tests.twinning.house import House
from tests.twinning.ready import model_of
from tests.volume import ALL, share

pytestmark = pytest.mark.django_db
NUMBERS = ("1e3", "1_000", "１２", "٣", "NaN", "Infinity", "0x1F", "½", "1\u200b2", "\u202e12")
DAYS = (
    "２０２６-05-01",
    "2026-０5-01",
    "٠١.٠٥.٢٠٢٦",
    "2026-05-01\u200b",
    "0001-01-01",
    "2026_05_01",
)
OVERRIDE = "\u202eb"
ADMIN = admin.site._registry.items()


def fields() -> Iterator[tuple[str, Any]]:
    """Each input of each form and inline of the back office, as an administrator gets it."""
    request = RequestFactory().get("/admin/")
    request.user = User.objects.create_superuser("root")
    for model, page in ADMIN:
        if not (page.has_add_permission(request) or page.has_change_permission(request)):
            continue  # a list to read
        form = page.get_form(request)
        yield from (
            (f"{model._meta.label}.{name}", field) for name, field in form.base_fields.items()
        )
        for inline in page.get_inline_instances(request):
            formset: Any = inline.get_formset(request)
            for name, field in formset.form.base_fields.items():
                yield f"{inline.__class__.__name__}.{name}", field


def takes(field: Any, typed: str) -> bool:
    try:
        field.clean(typed)
    except ValidationError:
        return False
    return True


def test_every_number_is_typed_in_digits_and_every_day_as_one() -> None:
    numbers, days = 0, 0
    taken: list[tuple[str, str]] = []
    for name, field in fields():
        field.required = False
        odd: tuple[str, ...] = ()
        if isinstance(field, forms.IntegerField):  # a DecimalField is one, too
            numbers, odd = numbers + 1, NUMBERS
        elif isinstance(field, forms.DateField):
            days, odd = days + 1, DAYS
        taken += [(name, typed) for typed in odd if takes(field, typed)]

    assert taken == []
    assert numbers > 25
    assert days >= 5


def texts(model: type[models.Model], names: set[str]) -> list[str]:
    """The text columns among the inputs of a form, in the order of the model."""
    known = model._meta.concrete_fields
    kinds = (models.CharField, models.TextField)
    return [
        field.name
        for field in known
        if isinstance(field, kinds)
        and not field.choices
        and field.name in names
        # These say in their own words that it is no address, no date, no code.
        and not isinstance(field, models.URLField)
        and not field.db_collation
    ]


def test_every_form_names_the_character_that_cannot_be_seen() -> None:
    house, seen = House(), 0
    for model, page in ADMIN:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        row = house.rows.get((model_of(name), "own"))
        if row is None:
            continue
        where = reverse(name, args=[row.pk])
        form = form_of(holder(house).ask("GET", where).content.decode())
        for column in share(texts(model, form.names if form else set()), name, of=3):
            data = filled(house, holder(house), name, "own", where) | {column: OVERRIDE}
            answer = holder(house).post(where, data)
            assert answer.status_code == 200, (name, column)
            assert "U+202E (right-to-left override)" in answer.content.decode(), (name, column)
            seen += 1
        assert page.model is model
    assert seen > (50 if ALL else 15)


@pytest.mark.parametrize("odd", ["a\u202eb", "a\x07b", "a\u2066b", "a\u200db", "a\u0085\x9fb"])
def test_a_file_is_refused_as_the_form_is(odd: str) -> None:
    house = House()
    root = logged_in(User.objects.get(username="root"))
    where = reverse("admin:deliverables_project_change", args=[house.project.pk])
    before = Project.objects.values().get(pk=house.project.pk)
    data = filled(house, holder(house), "admin:deliverables_project_change", "own", where)
    by_form = root.post(where, data | {"title_en": odd}).content.decode()

    csv = f"slug,title_en\r\ntw-1,{odd}\r\n".encode()
    from django.core.files.uploadedfile import SimpleUploadedFile

    page = reverse("admin:deliverables_project_import")
    by_file = root.post(page, {"file": SimpleUploadedFile("p.csv", csv)}, follow=True)

    told = "After “a” stands a character that cannot be seen, U+"
    assert told in by_form
    assert told in by_file.content.decode()
    assert Project.objects.values().get(pk=house.project.pk) == before


def test_what_is_typed_in_two_ways_is_kept_in_one() -> None:
    house = House()
    root = logged_in(User.objects.get(username="root"))
    where = reverse("admin:deliverables_project_change", args=[house.project.pk])
    data = filled(house, holder(house), "admin:deliverables_project_change", "own", where)

    root.post(where, data | {"title_lv": "Me\u0304rk\u0327is\r\nun", "summary_lv": "a\r\nb"})

    house.project.refresh_from_db()
    assert (house.project.title_lv, house.project.summary_lv) == ("Mērķis un", "a\nb")
