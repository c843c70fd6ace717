"""What `manage.py check_data` looks for in results, files, signatures and the work plan."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.events.columns import column_of
from audit.models import Event, Operation
from deliverables.evidence.models import File
from deliverables.evidence.models.file import store
from deliverables.fields import dates
from deliverables.ladder import signing
from deliverables.ladder.models import Deliverable, SignOff
from deliverables.ladder.status import Rung, at_least
from deliverables.plan.models import Activity, PlannedActivity, PlanState, WorkPlan
from deliverables.projects.checking import ERROR, WARNING, Case, Checks, within
from deliverables.projects.models import Project, ProjectStatus, Suspension

NIGHTLY = Checks()  # they read whole files and contents, or are about no project
CHECKS = Checks()


@NIGHTLY.finds(
    ERROR,
    _("File %(file)s (evidence %(codes)s) is not in the storage any more."),
    file="pk",
)  # fmt: skip
def files(only: Project | None) -> Iterator[Case]:
    """Files that vanished or changed in the storage, read one piece at a time."""
    changed = _(
        "File %(file)s (evidence %(codes)s) was changed in the storage: its SHA-256 is "
        "%(now)s, and %(then)s was recorded."
    )
    for row in within(File.objects.prefetch_related("evidence"), only):
        codes = ", ".join(sorted(piece.code for piece in row.evidence.all())) or "–"
        sha256 = _content(row)
        if sha256 is None:
            yield Case(row, codes=codes)
        elif sha256 != row.sha256:
            yield Case(row, changed, codes=codes, now=sha256, then=row.sha256)


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


@NIGHTLY.finds(WARNING, _("%(path)s in the storage belongs to no file."), project=None)
def strangers(only: Project | None) -> Iterator[Case]:
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
                yield Case(None, path=f"{folder}/{name}")


@NIGHTLY.finds(
    ERROR,
    _("The signature of %(side)s under %(code)s binds another content than the deliverable has."),
    about="deliverable", project="deliverable.project",
    side="side", code="deliverable.code",
)  # fmt: skip
def signatures(only: Project | None) -> Iterable[SignOff]:
    """Valid signatures under something else than what is there."""
    signed = list(within(SignOff.objects.filter(voided_at=None), only, "deliverable__project"))
    contents = signing.contents({row.deliverable_id for row in signed})
    digests = {pk: signing.digest(content) for pk, content in contents.items()}
    return (row for row in signed if digests[row.deliverable_id] != row.digest)


@NIGHTLY.finds(
    ERROR,
    _("%(people)s have one user name, so that none of them gets in."),
    project=None,
)  # fmt: skip
def twins_username(only: Project | None) -> Iterator[Case]:
    """People whom no log-in can tell apart. A constraint keeps them out; this tells of those who
    were there before it, or in a table that came back without it."""
    return _twins("username")


@NIGHTLY.finds(
    ERROR,
    _("%(people)s have one e-mail address, so that a link reaches one of them."),
    project=None,
)  # fmt: skip
def twins_email(only: Project | None) -> Iterator[Case]:
    """People whom no link can tell apart."""
    return _twins("email")


def _twins(column: str) -> Iterator[Case]:
    for people in User.objects.twins(column):
        yield Case(people[-1], people=", ".join(person.code for person in people))


@CHECKS.finds(WARNING, _("The project is suspended, and no suspension says since when and why."))
def suspended_otherwise(only: Project | None) -> Iterator[Case]:
    """Projects whose status says another thing than their suspensions do."""
    lasting = Suspension.objects.filter(project=OuterRef("pk"), to_on=None)
    rows = within(Project.objects.annotate(lasts=Exists(lasting)), only, "pk")
    of_another = _("A suspension of the project has no end, and its status is “%(status)s”.")
    for row in rows.filter(status=ProjectStatus.SUSPENDED, lasts=False):
        yield Case(row)
    for row in rows.filter(lasts=True).exclude(status=ProjectStatus.SUSPENDED):
        yield Case(row, of_another, status=(row.status, row.get_status_display()))


@CHECKS.finds(
    ERROR, _("%(code)s is “%(rung)s” and has no evidence."), code="code", rung="rung"
)  # fmt: skip
def unverified(only: Project | None) -> Iterator[Case]:
    """Results that are said to be reached and name no source of verification."""
    reached = Deliverable.objects.filter(
        rung__in=at_least(Rung.DELIVERED), active=True, evidence__isnull=True
    )
    for row in within(reached, only):
        yield Case(row, severity=WARNING if row.rung == Rung.DELIVERED else ERROR)


@CHECKS.finds(
    WARNING,
    _(
        "Version %(plan)s plans activity %(activity)s from %(first)s to %(last)s, "
        "outside the project's time."
    ),
    about="activity", plan="plan.code", activity="activity.code", first="from_on", last="to_on",
)  # fmt: skip
def plan_outside(only: Project | None) -> Iterable[PlannedActivity]:
    """Activities that the plan in force puts before the project's start or beyond its end."""
    lines = PlannedActivity.objects.filter(plan__in=WorkPlan.objects.in_force(OuterRef("project")))
    rows = within(lines, only).select_related("plan", "activity")
    return (line for line in rows if not line.project.covers(line.from_on, line.to_on))


@CHECKS.finds(
    ERROR,
    _(
        "Activity %(activity)s took place from %(first)s to %(last)s, outside the "
        "project's time or after today."
    ),
    activity="code",
)
def activities_outside(only: Project | None) -> Iterator[Case]:
    """Activities that took place before the project, after it, or have not taken place yet."""
    today = timezone.localdate()
    for row in within(Activity.objects.exclude(started_on="", ended_on=""), only):
        first, last = row.started_on or row.ended_on, row.ended_on or row.started_on
        # A month that the project only touches counts as its own.
        inside = row.project.covers(dates.last(first), dates.first(last))
        if not inside or dates.first(last) > today:
            yield Case(row, first=first, last=last)


@CHECKS.finds(
    WARNING,
    _(
        "%(code)s was due on %(before)s by the first plan approved, and its original "
        "date is %(now)s now. Late against the first plan is measured from it."
    ),
)
def original_moved(only: Project | None) -> Iterator[Case]:
    """Original dates that were others when the first version of the plan was approved.

    Lateness and time are measured against them, so another one erases some; what was empty may be
    filled in.
    """
    agreed = _agreed(only)
    known = {row.pk: row for row in Project.objects.filter(pk__in=agreed)}
    rows = Deliverable.objects.filter(project__in=agreed, active=True).in_bulk()
    for pk, before in _was(Deliverable, "due_original", rows, agreed).items():
        rows[pk].project = known[rows[pk].project_id]
        yield Case(rows[pk], code=rows[pk].code, before=before, now=rows[pk].due_original or "–")
    of_project = _(
        "“%(what)s” of the project was %(before)s when the first plan was approved, "
        "and is %(now)s now. A contract change moves the end; the first plan stays."
    )
    for name in ("start_planned", "end_planned"):
        what = (name, column_of(Project, name).verbose_name)
        for pk, before in _was(Project, name, known, agreed).items():
            now = getattr(known[pk], name) or "–"
            yield Case(known[pk], of_project, what=what, before=before, now=now)


def _agreed(only: Project | None) -> dict[int, int]:
    """Projects with the event that approved their first version."""
    plans = dict(within(WorkPlan.objects.approved(), only).values_list("pk", "project"))
    approvals = Event.objects.filter(table=WorkPlan._meta.db_table, row__in=plans)
    agreed: dict[int, int] = {}
    for event in approvals.filter(after__state=PlanState.APPROVED):
        agreed.setdefault(plans[event.row], event.pk)
    return agreed


def _was(
    model: type[Deliverable] | type[Project], name: str, rows: Mapping[int, Deliverable | Project],
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
