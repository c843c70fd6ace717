"""What `manage.py check_data` looks for, each kind of finding in a function of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.db.models import OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import Event, Operation
from deliverables import dates, signing
from deliverables.models import (
    Activity,
    Deliverable,
    File,
    PlannedActivity,
    PlanState,
    Project,
    SignOff,
    WorkPlan,
)
from deliverables.models.file import store
from deliverables.status import at_least

LONGEST_KEY = 400


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, as a sentence. `severity` is error or warning.

    `about` is the row that it concerns, as "experts.mission:12". `key` names the check and its
    facts: it is the same tomorrow, and another one once the facts are others.
    """

    severity: str
    project: str
    sentence: str
    check: str = ""
    about: str = ""
    key: str = ""


Check = Callable[..., Iterator[Finding]]  # of one project, or of all


def found(severity: str, check: str, row: Any, slug: str, sentence: str, **facts: Any) -> Finding:
    """A finding about a row; `sentence` is filled with the facts.

    A fact that reads differently in another language is given as its code and its words.
    """
    pairs = {name: _pair(value) for name, value in facts.items()}
    return Finding(
        severity=severity,
        project=slug,
        sentence=sentence % {name: words for name, (_code, words) in pairs.items()},
        check=check,
        about=f"{row._meta.label_lower}:{row.pk}" if row is not None else "",
        key=" ".join([check, *(str(code) for code, _words in pairs.values())])[:LONGEST_KEY],
    )


def _pair(value: Any) -> tuple[Any, Any]:
    """A fact as its code and its words; numbers are grouped as the language does it."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, Decimal):
        return value, number_format(f"{value:f}", use_l10n=True, force_grouping=True)
    return value, value


def within(rows: QuerySet[Any], only: Project | None, path: str = "project") -> QuerySet[Any]:
    """The rows of one project, or of all."""
    return rows if only is None else rows.filter(**{path: only.pk})


def files(only: Project | None = None) -> Iterator[Finding]:
    """Files that vanished or changed in the storage, read one piece at a time."""
    rows = File.objects.select_related("project").prefetch_related("evidence")
    for row in within(rows, only):
        codes = ", ".join(sorted(piece.code for piece in row.evidence.all())) or "–"
        sha256 = _content(row)
        if sha256 is None:
            yield found(
                "error",
                "files",
                row,
                row.project.slug,
                _("File %(file)s (evidence %(codes)s) is not in the storage any more."),
                file=row.pk,
                codes=codes,
            )
        elif sha256 != row.sha256:
            yield found(
                "error",
                "files",
                row,
                row.project.slug,
                _(
                    "File %(file)s (evidence %(codes)s) was changed in the storage: its SHA-256 is "
                    "%(now)s, and %(then)s was recorded."
                ),
                file=row.pk,
                codes=codes,
                now=sha256,
                then=row.sha256,
            )


def _content(row: File) -> str | None:
    """The SHA-256 of what is stored; None where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with store().open(row.key) as stream:
            for chunk in stream.chunks():
                digest.update(chunk)
    except OSError:
        return None
    return digest.hexdigest()


def strangers(only: Project | None = None) -> Iterator[Finding]:
    """What lies in the storage and belongs to no row, so to no project."""
    if only is not None:
        return
    known = set(File.objects.values_list("key", flat=True))
    try:
        folders = store().listdir("")[0]
    except (FileNotFoundError, NotImplementedError):
        return
    for folder in sorted(folders):
        for name in sorted(store().listdir(folder)[1]):
            if f"{folder}/{name}" not in known:
                yield found(
                    "warning",
                    "strangers",
                    None,
                    "",
                    _("%(path)s in the storage belongs to no file."),
                    path=f"{folder}/{name}",
                )


def signatures(only: Project | None = None) -> Iterator[Finding]:
    """Valid signatures under something else than what is there."""
    rows = SignOff.objects.filter(voided_at=None).select_related("deliverable__project")
    signed = list(within(rows, only, "deliverable__project"))
    contents = signing.contents({row.deliverable_id for row in signed})
    digests = {pk: signing.digest(content) for pk, content in contents.items()}
    for row in signed:
        if digests[row.deliverable_id] != row.digest:
            yield found(
                "error",
                "signatures",
                row.deliverable,
                row.deliverable.project.slug,
                _(
                    "The signature of %(side)s under %(code)s binds another content than the "
                    "deliverable has."
                ),
                side=(row.side, row.get_side_display()),
                code=row.deliverable.code,
            )


def unverified(only: Project | None = None) -> Iterator[Finding]:
    """Results that are said to be reached and name no source of verification."""
    reached = Deliverable.objects.filter(
        rung__in=at_least("delivered"), active=True, evidence__isnull=True
    )
    for row in within(reached, only).select_related("project"):
        yield found(
            "warning" if row.rung == "delivered" else "error",
            "unverified",
            row,
            row.project.slug,
            _("%(code)s is “%(rung)s” and has no evidence."),
            code=row.code,
            rung=(row.rung, row.get_rung_display()),
        )


def plan_outside(only: Project | None = None) -> Iterator[Finding]:
    """Activities that the plan in force puts before the project's start or beyond its end."""
    lines = PlannedActivity.objects.filter(plan__in=WorkPlan.objects.in_force(OuterRef("project")))
    for line in within(lines, only).select_related("project", "plan", "activity"):
        if not line.project.covers(line.from_on, line.to_on):
            yield found(
                "warning",
                "plan_outside",
                line.activity,
                line.project.slug,
                _(
                    "Version %(plan)s plans activity %(activity)s from %(first)s to %(last)s, "
                    "outside the project's time."
                ),
                plan=line.plan.code,
                activity=line.activity.code,
                first=line.from_on,
                last=line.to_on,
            )


def activities_outside(only: Project | None = None) -> Iterator[Finding]:
    """Activities that took place before the project, after it, or have not taken place yet."""
    today = timezone.localdate()
    rows = Activity.objects.exclude(started_on="", ended_on="").select_related("project")
    for row in within(rows, only):
        first, last = row.started_on or row.ended_on, row.ended_on or row.started_on
        # A month that the project only touches counts as its own.
        inside = row.project.covers(dates.last(first), dates.first(last))
        if not inside or dates.first(last) > today:
            yield found(
                "error",
                "activities_outside",
                row,
                row.project.slug,
                _(
                    "Activity %(activity)s took place from %(first)s to %(last)s, outside the "
                    "project's time or after today."
                ),
                activity=row.code,
                first=first,
                last=last,
            )


def original_moved(only: Project | None = None) -> Iterator[Finding]:
    """Original dates that were others when the first version of the plan was approved.

    Lateness and time are measured against them, so another one erases some; what was empty may be
    filled in.
    """
    agreed = _agreed(only)
    known = {row.pk: row for row in Project.objects.filter(pk__in=agreed)}
    results = Deliverable.objects.filter(project__in=agreed, active=True)
    rows = results.in_bulk()
    for pk, before in _was(Deliverable, "due_original", rows, agreed).items():
        row = rows[pk]
        yield found(
            "warning",
            "original_moved",
            row,
            known[row.project_id].slug,
            _(
                "%(code)s was due on %(before)s by the first plan approved, and its original "
                "date is %(now)s now. Late against the first plan is measured from it."
            ),
            code=row.code,
            before=before,
            now=row.due_original or "–",
        )
    for name in ("start_planned", "end_planned"):
        for pk, before in _was(Project, name, known, agreed).items():
            yield found(
                "warning",
                "original_moved",
                known[pk],
                known[pk].slug,
                _(
                    "“%(what)s” of the project was %(before)s when the first plan was approved, "
                    "and is %(now)s now. A contract change moves the end; the first plan stays."
                ),
                what=(name, cast(Any, Project._meta.get_field(name)).verbose_name),
                before=before,
                now=getattr(known[pk], name) or "–",
            )


def _agreed(only: Project | None) -> dict[int, int]:
    """Projects with the event that approved their first version."""
    plans = {row.pk: row.project_id for row in within(WorkPlan.objects.approved(), only)}
    approvals = Event.objects.filter(table=WorkPlan._meta.db_table, row__in=plans)
    agreed: dict[int, int] = {}
    for event in approvals.filter(after__state=PlanState.APPROVED):
        agreed.setdefault(plans[event.row], event.pk)
    return agreed


def _was(
    model: type[Deliverable] | type[Project], name: str, rows: Mapping[int, Any],
    agreed: dict[int, int],
) -> dict[int, str]:  # fmt: skip
    """Rows whose date is another one than the one that stood there when it was agreed."""
    changes = Event.objects.filter(
        table=model._meta.db_table, row__in=rows, operation=Operation.UPDATE
    )
    was: dict[int, str] = {}
    for event in changes.filter(before__has_key=name):
        before, row = (event.before or {})[name], rows[event.row]
        if before and event.pk > agreed[getattr(row, "project_id", row.pk)]:
            was.setdefault(event.row, before)
    return {pk: before for pk, before in was.items() if getattr(rows[pk], name) != before}


def twins(only: Project | None = None) -> Iterator[Finding]:
    """People whom no log-in can tell apart. A constraint keeps them out; this tells of those who
    were there before it, or in a table that came back without it."""
    for column, sentence in (
        ("username", _("%(people)s have one user name, so that none of them gets in.")),
        ("email", _("%(people)s have one e-mail address, so that a link reaches one of them.")),
    ):
        for people in User.objects.twins(column):
            codes = ", ".join(person.code for person in people)
            yield found("error", f"twins_{column}", people[-1], "", sentence, people=codes)


# They read whole files and contents, or are about no project.
NIGHTLY: tuple[Check, ...] = (files, strangers, signatures, twins)
CHECKS: tuple[Check, ...] = (
    *NIGHTLY,
    unverified,
    plan_outside,
    activities_outside,
    original_moved,
)
