"""Every address of the resolver, asked by every role about every kind of object."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from accounts.models import User
from audit.models import Event
from budget.models import ContractChange, Entry, Heading, Line, Move, Rate, Ruleset, Term
from deliverables.models import (
    Activity,
    ActivityDeliverable,
    Component,
    Deliverable,
    Evidence,
    Figure,
    File,
    Indicator,
    Item,
    Measurement,
    Membership,
    PlannedActivity,
    Project,
    Source,
    Statement,
    Title,
    WorkPlan,
)
from exchange.models import Export
from experts.models import (
    Assignment,
    Expert,
    ExpertDay,
    Institution,
    Mission,
    MissionExpert,
    Partnership,
)
from releases import actions
from releases.models import Release
from tests.make import (
    make_activity,
    make_assignment,
    make_change,
    make_component,
    make_deliverable,
    make_entry,
    make_evidence,
    make_expert,
    make_goer,
    make_heading,
    make_indicator,
    make_institution,
    make_item,
    make_line,
    make_member,
    make_mission,
    make_move,
    make_plan,
    make_planned,
    make_project,
    make_rate,
    make_ruleset,
    make_user,
    make_value,
)  # fmt: skip

ROLES = ("nobody", "nothing", "coordinator", "leader", "auditor", "administrator")
OBJECTS = ("own", "other", "foreign", "missing")
MISSING = 987_654_321
NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


class House:
    """A released project of two components, and a foreign one that is not released.

    The coordinator has component 1 (own); component 2 is the other one; the leader leads and the
    auditor audits the first project. An inactive deliverable stands in component 1.
    """

    def __init__(self) -> None:
        self.project = make_project("tw-1", publishing="by_hand")
        self.far = make_project("far", publishing="by_hand")
        self.rows: dict[tuple[str, str], Any] = {}
        self._fill("own", make_component(self.project, 1))
        self._fill("other", make_component(self.project, 2))
        self._fill("foreign", make_component(self.far, 3))
        make_deliverable(self.rows["component", "own"], "D1.9", active=False)
        actions.publish(self.project, by=None)
        self.rows["release", "own"] = Release.objects.get()
        self.people: dict[str, User | None] = {
            "nobody": None,
            "nothing": make_user("nothing"),
            "coordinator": make_member(self.rows["component", "own"], "coordinator", "coord"),
            "leader": make_member(self.project, name="lea"),
            "auditor": make_member(self.project, "auditor", "aud"),
            "administrator": User.objects.create_superuser("root", password="a long pass phrase"),
        }
        self.rows["user", "foreign"] = self.people["nothing"]
        self.rows["membership", "own"] = Membership.objects.get(role="coordinator")
        far = make_member(self.far, "auditor", "far")
        for which, slug in (("own", "tw-1"), ("foreign", "far")):
            self.rows["export", which] = Export.objects.create(
                kind="table", made_at=NOW, name="x.csv", project=slug, rows=1, size=5,
                sha256="0" * 64,
            )  # fmt: skip
        self.rows["membership", "foreign"] = Membership.objects.get(user=far)

    def _fill(self, which: str, component: Component) -> None:
        n, project = component.number, component.project
        deliverable = make_deliverable(component, f"D{n}.1")
        item = make_item(deliverable, f"D{n}.1.1")
        file = File.objects.create(
            project=project, name=f"{n}.pdf", kind="pdf", size=5, sha256=f"{n:064}", key=f"k{n}",
            added_at=NOW,
        )  # fmt: skip
        expert = make_expert(f"LV-E{n:02}", name="Canary")
        line = make_line(project, f"B{n}", cost_basis="unit_cost", priced_by="fee")
        both = {"title_lv": "x", "title_en": "x"}
        self.rows |= {
            ("component", which): component,
            ("deliverable", which): deliverable,
            ("item", which): item,
            ("figure", which): Figure.objects.create(
                item=item, label_lv="x", label_en="x", value=1
            ),
            ("file", which): file,
            ("evidence", which): make_evidence(
                project, f"E{n}", deliverable=deliverable, kind="file", file=file
            ),
            ("title", which): Title.objects.create(
                project=project, component=component, where_lv="x", where_en="x", **both
            ),
            ("expert", which): expert,
            ("assignment", which): make_assignment(
                project, f"A{n}", component=component, expert=expert
            ),
        }
        self._run(which, deliverable, expert)
        if which == "other":
            return
        self.rows |= {
            ("project", which): project,
            ("institution", which): make_institution(f"LV-{n}", name_en=f"Office {n}"),
            ("partnership", which): Partnership.objects.create(
                project=project, code=f"P{n}", country="LV", role="junior"
            ),
            ("source", which): Source.objects.create(
                project=project, code=f"S{n}", publisher_lv="x", publisher_en="x",
                publisher_short="x", language="lv", **both,
            ),
            ("statement", which): Statement.objects.create(
                project=project, code=f"S{n}", kind="note", text_lv="x", text_en="x"
            ),
            ("line", which): line,
            ("entry", which): make_entry(line),
        }  # fmt: skip
        self._contract(which, project)
        if which == "foreign":
            make_assignment(project, "A9", institution=self.rows["institution", which])

    def _contract(self, which: str, project: Project) -> None:
        """The rules of the contract, and a draft that changes it."""
        change = make_change(project)
        self.rows |= {
            ("ruleset", which): make_ruleset(project),
            ("rate", which): make_rate(project),
            ("term", which): Term.objects.create(
                project=project, function="rta", label_lv="x", label_en="x"
            ),
            ("heading", which): make_heading(project),
            ("contractchange", which): change,
            ("move", which): make_move(change),
        }

    def _run(self, which: str, deliverable: Deliverable, expert: Expert) -> None:
        """An activity of the component, planned, with a mission that was confirmed."""
        component, project = deliverable.component, deliverable.project
        n = component.number
        activity = make_activity(component, f"A{n}.1")
        indicator = make_indicator(component, f"I{n}.1")
        self.rows["indicator", which] = indicator
        self.rows["measurement", which] = make_value(indicator)
        plans = WorkPlan.objects.filter(project=project)
        plan = plans.first() or make_plan(project)
        mission = make_mission(activity, f"M{n}")
        self.rows |= {
            ("activity", which): activity,
            ("activitydeliverable", which): ActivityDeliverable.objects.create(
                project=project, activity=activity, deliverable=deliverable
            ),
            ("plannedactivity", which): make_planned(plan, activity),
            ("mission", which): mission,
            ("missionexpert", which): make_goer(mission, expert),
        }
        papers = {"state": "confirmed", "report": self.rows["evidence", which]}
        Mission.objects.filter(pk=mission.pk).update(**papers)
        self.rows["expertday", which] = ExpertDay.objects.create(
            project=project, mission=mission, expert=expert, on=mission.from_on
        )
        if which != "other":
            self.rows["workplan", which] = plan


MODELS = (
    Activity, ActivityDeliverable, Assignment, Component, ContractChange, Deliverable, Entry,
    Evidence, Expert, ExpertDay, Export, Figure, File, Heading, Indicator, Institution, Item, Line,
    Measurement, Membership, Mission, MissionExpert, Move, Partnership, PlannedActivity, Project,
    Rate, Release, Ruleset, Source, Statement, Term, Title, User, WorkPlan,
)  # fmt: skip


def addresses() -> Iterator[tuple[str, frozenset[str]]]:
    """Every pattern of the resolver, as namespace:name, with what it takes."""

    def walk(
        resolver: URLResolver, spaces: tuple[str, ...], taken: frozenset[str]
    ) -> Iterator[tuple[str, frozenset[str]]]:
        for entry in resolver.url_patterns:
            regex: Any = entry.pattern
            keys = taken | set(regex.converters or regex.regex.groupindex)
            if isinstance(entry, URLResolver):
                more = (entry.namespace,) if entry.namespace else ()
                yield from walk(entry, (*spaces, *more), keys)
            else:
                yield ":".join((*spaces, entry.name or str(regex))), keys

    yield from walk(get_resolver(), (), frozenset())


def address(house: House, name: str, keys: frozenset[str], which: str) -> str | None:
    """The address of an object, or None where the table has none of that kind."""
    named: dict[str, Any] = {}
    model = re.sub(r"^admin:[a-z]+_([a-z]+)_.*$", r"\1", name)
    slug = {"own": "tw-1", "other": "", "foreign": "far", "missing": "none"}[which]
    for key in keys:
        row = house.rows.get((model, which))
        if key in ("object_id", "pk"):
            if row is None and which != "missing":
                return None
            named[key] = row.pk if row else MISSING
        elif key == "slug":
            if not slug:
                return None
            named[key] = slug
        elif key == "token" and "_import_" in name:
            named[key] = "00000000-0000-0000-0000-000000000000"
        else:
            named[key] = FILLED.get(key, "1")
    if which != "own" and not _has_object(named):
        return None
    return _written(name, named)


def _written(name: str, named: dict[str, Any]) -> str:
    """Django's own addresses without a name are those of static files and of the admin's end."""
    try:
        return reverse(name, kwargs=named)
    except NoReverseMatch:
        return UNNAMED.get(name, f"/admin/{name}")


UNNAMED = {"admin:(?P<url>.*)$": "/admin/nowhere"}


FILLED = {
    "lang": "en", "number": "1", "code": "D1.1", "table": "deliverables", "sha256": "0" * 64,
    "verb": "start", "move": "cancel", "token": "forged",
    "transaction": MISSING, "app_label": "deliverables",
    "content_type_id": 1, "url": "nowhere", "uidb36": "1", "key": "forged", "path": "nowhere",
    "name": "report",
}  # fmt: skip


def _has_object(named: Any) -> bool:
    return bool({"object_id", "pk", "slug"} & set(named))


def asked(client: Client, method: str, where: str) -> str:
    """The answer's status, with "!" where something was written; all of it is taken back."""
    with transaction.atomic():
        before = Event.objects.aggregate(last=Max("pk"))
        status = client.generic(method, where).status_code
        written = Event.objects.aggregate(last=Max("pk")) != before
        transaction.set_rollback(True)
    return f"{status}{'!' if written else ''}"


def logged_in(user: User | None) -> Client:
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    if user:
        client.force_login(user)
    return client


def cell(house: House, client: Client, method: str, name: str, keys: frozenset[str]) -> str:
    """Answers for own, other component's, foreign and missing objects; one where there is none."""
    answers = []
    for which in OBJECTS:
        where = address(house, name, keys, which)
        if where is not None:
            answers.append(asked(client, method, where))
        elif _has_object(keys):
            answers.append("–")
    return " ".join(answers)


def table(house: House) -> list[str]:
    """The rows of docs/addresses.md: addresses of equal answers share one."""
    every = sorted(set(addresses()), key=lambda pair: pair[0])
    found: dict[tuple[str, str], list[str]] = {}
    for role in ROLES:
        cookies = logged_in(house.people[role]).cookies.output()
        for name, keys in every:
            for method in ("GET", "POST"):
                client = logged_in(None)
                client.cookies.load(cookies.replace("Set-Cookie: ", ""))
                found.setdefault((name, method), []).append(cell(house, client, method, name, keys))
    rows: dict[tuple[str, ...], list[str]] = {}
    for (name, method), answers in found.items():
        rows.setdefault((method, *answers), []).append(name)
    lines = sorted(
        f"| {' '.join(f'`{name}`' for name in names)} | {method} | {' | '.join(answers)} |"
        for (method, *answers), names in rows.items()
    )
    return [line.replace("|  |", "| – |") for line in lines]
