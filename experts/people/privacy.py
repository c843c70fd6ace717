"""What the register holds about a person, and forgetting it when the time has come.

A person is an expert (by code), a holder of a function (project and code of the assignment), or
somebody of the back office (U-0004). Erasure keeps every row, count, sum and the chain of the audit
trail: names go, and with them the key that salted their hashes, so that the hashes mean nothing.
"""

from __future__ import annotations

import csv
import io
import json
import secrets
import uuid
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Letter, SecondFactor, User
from audit.events.acting import acting
from audit.models import Event, Through
from audit.rows.refused import Refused
from deliverables.fields import dates
from deliverables.ladder.models import Step
from deliverables.projects.models import Membership, Project
from experts.people.models import Assignment, Expert

Person = Expert | Assignment | User


def person_of(reference: str) -> Person | None:
    """The person by LV-E01, by project/A7, or by U-0004."""
    if reference.startswith("U-") and reference[2:].isdecimal():
        return User.objects.filter(pk=int(reference[2:])).first()
    slug, slash, code = reference.partition("/")
    if slash:
        return Assignment.objects.filter(project__slug=slug, code=code).first()
    return Expert.objects.filter(code=reference).first()


def projects_of(person: Person) -> models.QuerySet[Project]:
    if isinstance(person, User):
        members = Membership.objects.filter(user=person).values("project")
        steps = Step.objects.filter(by=person).values("deliverable__project")
        return Project.objects.filter(Q(pk__in=members) | Q(pk__in=steps))
    if isinstance(person, Expert):
        return Project.objects.filter(pk__in=person.assignments.values("project"))
    return Project.objects.filter(pk=person.project_id)


def why_kept(person: Person) -> str | None:
    """Why the person cannot be erased today, as a sentence; None when nothing forbids it."""
    for project in projects_of(person):
        named = {"project": str(project), "until": project.retention_until}
        if project.legal_hold:
            return _("%(project)s is under legal hold: %(reason)s") % {
                **named,
                "reason": project.legal_hold,
            }
        if not project.retention_until:
            return (
                _(
                    "It is not recorded how long the records of %(project)s are kept. Enter the "
                    "date on the project first."
                )
                % named
            )
        if dates.last(project.retention_until) >= timezone.localdate():
            return _("The records of %(project)s are kept until %(until)s.") % named
    return None


def erase(person: Person, *, by: str) -> str:
    """Replace the person by a random code, and return it. Raises Refused: nothing changed."""
    if reason := why_kept(person):
        raise Refused(reason)
    code = "P-" + "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _n in range(10))
    with acting(by, Through.COMMAND, "erase"):
        if isinstance(person, User):
            _erase_user(person, code)
        elif isinstance(person, Expert):
            _erase_expert(person, code)
        else:
            _erase_holders(Assignment.objects.filter(pk=person.pk))
    return code


def _erase_expert(expert: Expert, code: str) -> None:
    Expert.objects.filter(pk=expert.pk).update(
        name="",
        name_consent=False,
        consent_on="",
        consent_basis="",
        consent_withdrawn_on="",
        erased_as=code,
        audit_key=uuid.uuid4(),
    )
    _erase_holders(Assignment.objects.filter(expert=expert))


def _erase_holders(rows: models.QuerySet[Assignment]) -> None:
    for row in rows:
        Assignment.objects.filter(pk=row.pk).update(
            holder_name="", name_published=False, audit_key=uuid.uuid4()
        )


def _erase_user(user: User, code: str) -> None:
    for session in Session.objects.all():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
    EmailAddress.objects.filter(user=user).delete()
    SecondFactor.objects.filter(user=user).delete()
    Membership.objects.filter(user=user).delete()
    Letter.objects.filter(user=user).delete()
    user.set_unusable_password()
    User.objects.filter(pk=user.pk).update(
        username=code.lower(),
        first_name="",
        last_name="",
        email="",
        password=user.password,
        is_active=False,
        is_superuser=False,
        audit_key=uuid.uuid4(),
    )


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is held about a person."""

    table: str
    row: str
    field: str
    value: str


def held(person: Person) -> list[Held]:
    """Everything, the entries of the trail about the person and by the person included."""
    rows: list[models.Model] = [person]
    if isinstance(person, Expert):
        rows += list(person.assignments.all())
    if isinstance(person, User):
        rows += [*Membership.objects.filter(user=person), *Letter.objects.filter(user=person)]
    cells = [cell for row in rows for cell in _cells(row)]
    about = Q(about__contains=[f"{person._meta.db_table}:{person.pk}"])
    if isinstance(person, User):
        about |= Q(who=person.code)
    for event in Event.objects.filter(about):
        what = f"{event.at:%Y-%m-%dT%H:%M:%SZ} {event.who} {event.operation} {event.table}"
        changed = ", ".join(sorted((event.after or event.before or {}).keys()))
        cells.append(Held("audit_event", str(event.pk), what, changed))
    return cells


def _cells(row: models.Model) -> list[Held]:
    hidden = {"password", "audit_key", "name_edition", "name_key", "search_text", "code_order"}
    return [
        Held(row._meta.db_table, str(row.pk), field.name, str(field.value_from_object(row)))
        for field in row._meta.concrete_fields
        if field.name not in hidden and field.value_from_object(row) not in (None, "")
    ]


def as_json(person: Person) -> str:
    cells = [{"table": c.table, "row": c.row, "field": c.field, "value": c.value}
             for c in held(person)]  # fmt: skip
    return json.dumps({"held": cells}, ensure_ascii=False, indent=1) + "\n"


def as_csv(person: Person) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("table", "row", "field", "value"))
    writer.writerows((c.table, c.row, c.field, c.value) for c in held(person))
    return out.getvalue()
