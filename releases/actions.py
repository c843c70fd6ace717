"""Making releases: the only way that anything of a project becomes public."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from accounts.models import User
from audit.events.acting import SYSTEM, acting
from audit.events.history import last_hand
from audit.models import Through
from audit.rows.refused import Refused
from audit.seals.sealing import seal
from deliverables.projects.models import Change, Project, Publishing
from deliverables.projects.querysets import ProjectQuerySet
from releases.document import build as document
from releases.document import changes, live, shapes, tables
from releases.document.shapes import Document
from releases.models import Release, Withdrawal
from releases.search import index

logger = logging.getLogger(__name__)
TRIES = 5
AT_MOST = 4  # pauses that a project in which somebody always types waits for its release


def publish(project: Project, *, by: User | None, seen: str | None = None) -> Release | None:
    """Make the next release of a project; None when the newest already holds all of this.

    `seen` is the digest of what the person was shown: anything else is refused.
    Raises Refused, with nothing written.
    """
    with acting(by.code if by else SYSTEM, Through.ACTION, "publish"):
        release = _publish(project, by, seen)
    if release:
        transaction.on_commit(lambda: seal(f"{release}"), robust=True)
    return release


def _publish(project: Project, by: User | None, seen: str | None) -> Release | None:
    # Waits for another release of this project, but lets editors of its rows go on.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if Withdrawal.objects.filter(project=project).exists():
        raise Refused(_("The project is withdrawn. Give it back to the public first."))
    built, taken_up = _one_moment(project)
    digest = document.digest(built)
    newest = Release.objects.filter(project=project).order_by("-number").first()
    if seen is not None and seen != digest and not (newest and newest.digest == digest):
        raise Refused(
            _(
                "Somebody changed the project after this list was made, so nothing was published. "
                "Read the new list below, and publish that."
            )
            + " "
            + last_hand(project)
        )
    Change.objects.filter(pk__in=taken_up).delete()
    if newest and newest.digest == digest:
        return None
    files = tables.every_file(built)
    release = Release.objects.create(
        project=project,
        slug=project.slug,
        number=newest.number + 1 if newest else 1,
        made_at=timezone.now(),
        made_by=by,
        digest=digest,
        summary=document.summary(built),
        changed=changes.counts(shapes.read(newest.document) if newest else None, built),
        document=built,
        files=files,
        files_digest=document.digest({"files": files}),
    )
    index.write(release)
    return release


def _one_moment(project: Project) -> tuple[Document, list[int]]:
    """A document of one moment, and the notes of change that it takes up.

    Each write notes itself in its own transaction, so equal notes before and after the reading
    mean that nothing was committed in between.
    """
    notes = Change.objects.of(project).order_by("pk").values_list("pk", flat=True)
    before = list(notes.all())
    for _try in range(TRIES):
        project.refresh_from_db()
        built = live.build(project)
        after = list(notes.all())
        if before == after:
            return built, before
        before = after
    raise Refused(
        _("The project is being changed right now, so no release was made. Try again in a minute.")
    )


def enter_waiting(*, by: User | None) -> int:
    """Enter a job for each project that publishes at once and has changed, unless one waits; the
    number of jobs. One query if there is none."""
    return sum(_enter_job(project, by.pk if by else None) for project in _waiting())


def _enter_job(project: Project, by: int | None) -> bool:
    """What is typed in one sitting becomes one release."""
    name = f"release {project.pk}"
    job = app.configure_task(
        "releases.tasks.publish_at_once",
        allow_unknown=False,
        queueing_lock=name,
        lock=name,
        schedule_at=_due(project),
    )
    try:
        with transaction.atomic():
            job.defer(project=project.pk, by=by)
    except AlreadyEnqueued:
        return False
    return True


def _due(project: Project) -> dt.datetime:
    """A pause after the last change that waits; from the first one, at most so many pauses."""
    at = Change.objects.of(project).aggregate(first=Min("at"), last=Max("at"))
    pause = dt.timedelta(minutes=settings.PUBLISH_PAUSE)
    due: dt.datetime = min(at["last"] + pause, at["first"] + AT_MOST * pause)
    return due


def publish_at_once(project: int, by: int | None) -> None:
    """Release a project for who changed it, or later, where somebody still types; nothing if it
    publishes by hand by now."""
    waiting = _waiting().filter(pk=project).first()
    if waiting and _due(waiting) > timezone.now():
        _enter_job(waiting, by)
    elif waiting:
        _release([waiting], User.objects.filter(pk=by).first() if by else None)


def publish_loaded(slugs: Collection[str]) -> list[Release]:
    """Publish what was loaded with these projects, the first release included, where they publish
    at once."""
    return _release(_at_once().filter(slug__in=slugs), None)


def _waiting() -> ProjectQuerySet:
    """Nothing becomes public for the first time by itself."""
    return _at_once().published()


def _at_once() -> ProjectQuerySet:
    return Project.objects.changed().filter(publishing=Publishing.AT_ONCE, withdrawal=None)


def _release(projects: Iterable[Project], by: User | None) -> list[Release]:
    releases = []
    for project in projects:
        try:
            release = publish(project, by=by)
        except (Refused, shapes.UnknownShape, OperationalError) as refusal:
            logger.warning("No release of %s: %s", project.slug, refusal)
            continue
        if release:
            releases.append(release)
    return releases
