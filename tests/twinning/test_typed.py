"""Forms of any size, and what carries on what was typed where nothing can be kept."""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache

from accounts.models import Draft
from accounts.typed import drafts
from deliverables.plan.models import PlannedActivity, WorkPlan
from deliverables.projects.models import Project
from exchange.tables import limits
from tests.make import make_activity, make_component, make_member, make_plan, make_project
from tests.sources import TEMPLATES, name
from tests.typing_people import TEXT, Desk, change
from tests.volume import ALL

WHERE = "/admin/deliverables/deliverable/1/change/"


@pytest.fixture
def desk(db: None) -> Desk:
    cache.clear()
    make_member(make_project())
    return Desk()


def make_rows(plan: WorkPlan, how_many: int) -> None:
    component = plan.project.components.first() or make_component(plan.project)
    activity = make_activity(component)
    made = [
        type(activity)(
            project=plan.project, component=component, code=f"A{number}.1", title_lv="x",
            title_en="x", kind="mission", code_order=f"A{number:05}",
        )
        for number in range(2, how_many + 2)
    ]  # fmt: skip
    type(activity).objects.bulk_create(made)
    PlannedActivity.objects.bulk_create(
        PlannedActivity(
            project=plan.project, plan=plan, activity=one, days=5,
            from_on="2026-05-04", to_on="2026-06-04",
        )
        for one in made
    )  # fmt: skip


@pytest.mark.parametrize("rows", [310, 1000] if ALL else [310])
def test_the_form_of_a_work_plan_is_saved_however_many_rows_it_has(
    desk: Desk, quick: None, rows: int
) -> None:
    plan = make_plan(make_project("large"))
    make_member(plan.project)
    make_rows(plan, rows)
    form = desk.form(change(plan))
    assert len(form) > rows * 7

    saved = desk.send(change(plan), form | {f"lines-{rows - 1}-days": "7"}, note_en=TEXT)

    assert saved.status_code == 302
    plan.refresh_from_db()
    assert plan.note_en == TEXT
    assert plan.lines.filter(days=7).count() == 1


def test_a_form_with_more_fields_than_are_read_is_refused_in_a_sentence_and_kept(
    desk: Desk,
) -> None:
    plan = make_plan(Project.objects.get())
    form = desk.form(change(plan))
    many = {f"more-{number}": "x" for number in range(limits.FIELDS)}

    refused = desk.client.post(
        change(plan), _urlencoded(form | many | {"note_en": TEXT}),
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip

    text = refused.content.decode()
    told = (
        f"The form has {len(form) + limits.FIELDS:,} fields, and at most 20,000 are read at once, "
        "so nothing was saved. Save fewer rows at a time, or import them from a file."
    )
    assert refused.status_code == 400
    assert told in text.replace("\xa0", ",")
    assert html.escape(TEXT) in text
    assert Draft.objects.count() == 1


def test_more_fields_from_elsewhere_are_not_even_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    pairs = drafts.pairs
    monkeypatch.setattr(drafts, "pairs", lambda text: read.append(len(text)) or pairs(text))  # type: ignore[func-returns-value]
    many = {f"more-{number}": "x" for number in range(limits.FIELDS + 1)}

    refused = desk.client.post(
        WHERE, _urlencoded(many), content_type="application/x-www-form-urlencoded"
    )

    assert refused.status_code == 400
    assert sum(read) == 0
    assert "fields, and at most" in refused.content.decode()


def test_a_text_that_is_too_large_is_refused_in_a_sentence(desk: Desk) -> None:
    refused = desk.client.post(
        WHERE, "x=" + "y" * 2**23, content_type="application/x-www-form-urlencoded"
    )

    assert refused.status_code == 413
    assert (
        "What was sent is larger than the 6 MB of text that are read at once, so nothing was "
        "saved. Go back, and save a part of it at a time."
    ) in refused.content.decode()


def _urlencoded(fields: dict[str, Any]) -> str:
    return urlencode(fields, doseq=True)


def test_every_form_in_which_people_type_says_who_typed() -> None:
    """A form with a text area, or with the fields of a Django form, carries the mark."""
    typed_in = [
        path
        for path in TEMPLATES
        if "/admin/" in str(path)
        and "<form" in (text := path.read_text("utf-8"))
        and 'method="post"' in text
        and ("parts/_fields.html" in text or 'type="text"' in text or 'name="warning"' in text)
    ]
    marked = "admin/parts/_typed.html"

    assert len(typed_in) > 6
    unmarked = {name(path) for path in typed_in if marked not in path.read_text("utf-8")}
    assert unmarked == {"templates/admin/extracts.html"}  # two days of a download
    (change_form,) = (
        path for path in TEMPLATES if name(path) == "templates/admin/change_form.html"
    )
    assert marked in change_form.read_text("utf-8")
