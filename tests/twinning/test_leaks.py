"""What is not released changes no byte of what an anonymous visitor can fetch."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from audit.models import Event
from budget.contract.models import Term
from deliverables.evidence.models import Source, Statement
from deliverables.ladder.models import Deliverable, Figure
from deliverables.plan.models import ActivityDeliverable
from deliverables.projects.models import Component, Project, Title
from experts.people.models import Assignment, Expert, Institution, Partnership
from releases.document.tables import RESOURCES
from tests.make import (
    approved,
    make_activity,
    make_change,
    make_component,
    make_deliverable,
    make_entry,
    make_evidence,
    make_expert,
    make_heading,
    make_indicator,
    make_item,
    make_line,
    make_move,
    make_plan,
    make_planned,
    make_project,
    make_rate,
    make_report,
    make_ruleset,
    make_suspension,
    make_value,
    make_worked,
)
from tests.volume import ALL, is_turn

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("seeded"),
    pytest.mark.slow("reads every public page twice"),
]
CANARY = "Canary draft"
OF_MANY = re.compile(r"\?|/deliverables/[^/?]+/$")  # filtered lists, and results
OF_BOTH = re.compile(r"^/en/.*(/releases/\d|\.\w+$)")


def crawl(client: Client, until: bytes = b"") -> dict[str, tuple[int, bytes, str, str]]:
    """Status, body, ETag and length of everything that links lead to, from both languages; by
    default files and cited releases from one, and of lists with a filter and results one in four.
    It ends where `until` is read."""
    seen: dict[str, Any] = {}
    waiting = ["/lv/", "/en/", "/healthz", "/en/projects/draft/", "/en/projects/demo/nothing/"]
    while waiting:
        address = waiting.pop()
        if address in seen or (not ALL and OF_BOTH.search(address)):
            continue
        if OF_MANY.search(address) and not is_turn(address, of=4):
            continue
        response = client.get(address)
        seen[address] = (
            response.status_code,
            response.content,
            response.headers.get("ETag", ""),
            response.headers.get("Content-Length", ""),
        )
        if until and until in response.content:
            break
        if response.headers["Content-Type"].startswith("text/html"):
            links = re.findall(rb'href="(/(?:lv|en)/[^"#]*)"', response.content)
            waiting += [link.decode().replace("&amp;", "&") for link in links]
    return seen


def draft() -> None:
    """A change in every table, in a project that publishes by hand; and a new project."""
    Project.objects.filter(slug="demo").update(publishing="by_hand", summary_en=CANARY)
    demo = Project.objects.get(slug="demo")
    of_demo(demo, make_component(demo, 9, title_en=CANARY))
    for table, column in CHANGED:
        table.objects.filter(project=demo).update(**{column: CANARY})
    Assignment.objects.filter(project=demo).update(holder_name=CANARY, name_published=True)
    Expert.objects.filter(code__startswith="QM").update(
        name=CANARY, name_consent=True, consent_on="2026-01", consent_basis="form"
    )
    Institution.objects.filter(country="QM").update(note_en=CANARY)
    make_project("draft", title_en=CANARY, publishing="by_hand")


CHANGED: tuple[tuple[Any, str], ...] = (
    (Deliverable, "title_lv"), (Component, "title_en"), (Statement, "text_en"),
    (Partnership, "detail_en"), (Assignment, "note_en"),
)  # fmt: skip


def of_demo(demo: Project, component: Component) -> None:
    """A row of each table below the component, and of each that the seed leaves empty."""
    deliverable = make_deliverable(component, "D9.1", title_en=CANARY)
    item = make_item(deliverable, "D9.1.1", title_en=CANARY)
    Figure.objects.create(item=item, label_lv=CANARY, label_en=CANARY, value=1)
    source = {"publisher_lv": CANARY, "publisher_en": CANARY, "publisher_short": "X"}
    titles = {"title_lv": CANARY, "title_en": CANARY}
    Source.objects.create(project=demo, code="S9", language="lv", **titles, **source)
    Title.objects.create(project=demo, where_lv=CANARY, where_en=CANARY, **titles)
    make_evidence(demo, "E99", title_en=CANARY)
    make_value(make_indicator(component, "I9.1", title_en=CANARY), source_en=CANARY)
    activity = make_activity(component, "A9.1", title_en=CANARY)
    ActivityDeliverable.objects.create(project=demo, activity=activity, deliverable=deliverable)
    approved(make_planned(make_plan(demo, "P9", note_en=CANARY), activity).plan)
    make_worked(activity, make_expert("QM-E99"), 3, "M99")
    make_rate(demo)
    make_report(demo, 9, note_en=CANARY)
    make_suspension(demo, to_on="2026-02-28", reason_en=CANARY)
    make_ruleset(demo, note_en=CANARY)
    Term.objects.create(project=demo, function="rta", label_lv=CANARY, label_en=CANARY)
    make_move(make_change(demo, reason_en=CANARY))
    heading = make_heading(demo, "H99", title_en=CANARY)
    make_entry(make_line(demo, "Z9", title_en=CANARY, heading=heading), note_en=CANARY)


def test_a_draft_changes_no_byte_of_the_public_pages(client: Client) -> None:
    before = crawl(client)
    assert sum(status == 200 for status, *_rest in before.values()) > 120
    last = Event.objects.latest("pk").pk

    draft()
    after = crawl(client)

    touched = set(Event.objects.filter(pk__gt=last).values_list("table", flat=True))
    assert {resource.model()._meta.db_table for resource in RESOURCES.values()} <= touched
    assert set(after) == set(before)
    assert [address for address in before if before[address] != after[address]] == []


def test_the_draft_would_be_seen_if_it_were_released(client: Client) -> None:
    """The control: the same crawl finds the same change once it is public."""
    from releases import actions

    draft()
    actions.publish(Project.objects.get(slug="demo"), by=None)

    *_others, (_status, body, *_rest) = crawl(client, CANARY.encode()).values()

    assert CANARY.encode() in body
