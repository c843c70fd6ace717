"""Whose rows are whose: what a person may see and change, by project and component.

`Access` is what one person may do; a `Scope` says how the rows of a table belong to projects and
components. Lists, forms, choices and files of a table ask these two (experts.people.access has the
scope of rows that serve several projects).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.roles import RIGHTS, Reach, Right, Role
from deliverables.projects.models import Membership, Project
from deliverables.projects.querysets import ProjectQuerySet

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Access:
    """The roles of one person: (role, project id, component id or None) each."""

    administrator: bool
    roles: frozenset[tuple[str, int, int | None]]
    _known: dict[Callable[[Access], object], object] = field(
        default_factory=dict, compare=False, repr=False
    )

    def __str__(self) -> str:
        """The same text for the same rights."""
        return f"{self.administrator} {sorted(map(str, self.roles))}"

    def once(self, read: Callable[[Access], Answer]) -> Answer:
        """What `read` says of these rights, asked once a request."""
        if read not in self._known:
            self._known[read] = read(self)
        return cast(Answer, self._known[read])

    def may(self, right: Right, project: int | None, component: int | None = None) -> bool:
        """Whether the right covers this project, or this component of it."""
        if self.everywhere(right):
            return True
        return project in self.projects(right) or (
            component is not None and component in self.components(right)
        )

    def rights(self, project: int | None, component: int | None = None) -> frozenset[Right]:
        """The rights that cover this project, or this component of it."""
        return frozenset(right for right in Right if self.may(right, project, component))

    def only(self, role: Role) -> bool:
        """Whether the person has this role, and no other one anywhere."""
        return not self.administrator and {name for name, _p, _c in self.roles} == {role.value}

    def somewhere(self, right: Right) -> bool:
        return self.everywhere(right) or any(role in RIGHTS[right] for role, _p, _c in self.roles)

    def always(self, right: Right) -> bool:
        """Whether each of the person's roles has the right."""
        return self.everywhere(right) or all(role in RIGHTS[right] for role, _p, _c in self.roles)

    def everywhere(self, right: Right) -> bool:
        return self.administrator and Role.ADMINISTRATOR in RIGHTS[right]

    def projects(self, right: Right) -> set[int]:
        """Projects that the right covers as a whole."""
        return {p for role, p, _c in self.roles if RIGHTS[right].get(Role(role)) == Reach.PROJECT}

    def components(self, right: Right) -> set[int]:
        """Components that the right covers one by one."""
        rows = ((c, RIGHTS[right].get(Role(role))) for role, _p, c in self.roles)
        return {c for c, reach in rows if c is not None and reach == Reach.OWN}

    def partly(self, right: Right) -> set[int]:
        """Projects of which the right covers a part or the whole."""
        return {p for role, p, _c in self.roles if Role(role) in RIGHTS[right]}


def access_of(user: AbstractBaseUser | AnonymousUser) -> Access:
    """Read once per request: the user object of a request is its own."""
    if not isinstance(user, User) or not user.is_active:
        return Access(False, frozenset())
    known = user._access
    if not isinstance(known, Access):
        rows = Membership.objects.filter(user=user.pk).values_list(
            "role", "project_id", "component_id"
        )
        known = user._access = Access(user.is_superuser, frozenset(rows))
    return known


def desk_of(request: HttpRequest) -> Project | None:
    """The project at whose desk the request is made (office.desk); None outside of all desks."""
    return getattr(request, "desk", None)


def seat(request: HttpRequest, project: Project | None) -> None:
    """From now on the request is made at the desk of this project, or of none."""
    request.desk = project  # type: ignore[attr-defined]


def people_who_may(right: Right, project: int, component: int | None = None) -> QuerySet[User]:
    """The active people, administrators aside, whose right covers this."""
    whole = [role for role, reach in RIGHTS[right].items() if reach == Reach.PROJECT]
    own = [role for role, reach in RIGHTS[right].items() if reach == Reach.OWN]
    mine = Q(role__in=whole, project=project)
    if component is not None:
        mine |= Q(role__in=own, component=component)
    members = Membership.objects.filter(mine).values("user")
    return User.objects.filter(is_active=True, pk__in=members)


def events_seen(access: Access, code: str) -> Q:
    """The events of the trail that a person may read: own ones, and those of what is seen."""
    return Q() if access.everywhere(Right.SEE) else Q(who=code) | events_of_rows(access)


def events_of_rows(access: Access) -> Q:
    """The events of the projects that a person sees.

    A coordinator reads what concerns own components, and the project's own row.
    """
    if access.everywhere(Right.SEE):
        return Q()
    whole = [f"deliverables_project:{key}" for key in access.projects(Right.SEE)]
    own = [f"deliverables_component:{key}" for key in access.components(Right.SEE)]
    events = Q(about__overlap=[*whole, *own])
    parts = access.partly(Right.SEE) - access.projects(Right.SEE)
    return events | Q(table="deliverables_project", row__in=parts) if parts else events


class Scope(Protocol):
    def visible_to(self, access: Access) -> Q:
        """The rows that the person may see."""

    def of_project(self, project: int) -> Q:
        """The rows that stand at the desk of a project."""

    def edits(self, access: Access, row: Model) -> bool:
        """Whether the person may write this row, saved or not."""

    def names(self, access: Access, row: Model) -> bool:
        """Whether the person may see the names of people in this row."""


@dataclass(frozen=True, slots=True)
class InProject:
    """Rows of one project each; `project` and `component` are paths of foreign keys ("pk": itself).

    A row without a component concerns the project as a whole: everybody who works on the project
    sees it, and leaders write it.
    """

    project: str = "project"
    component: str = ""

    def visible_to(self, access: Access) -> Q:
        if access.everywhere(Right.SEE):
            return Q()
        whole = Q(**{f"{self.project}__in": access.projects(Right.SEE)})
        part = Q(**{f"{self.project}__in": access.partly(Right.SEE)})
        if not self.component:
            return part
        own = Q(**{f"{self.component}__in": access.components(Right.SEE)})
        return whole | own | (part & Q(**{f"{self.component}__isnull": True}))

    def of_project(self, project: int) -> Q:
        return Q(**{self.project: project})

    def edits(self, access: Access, row: Model) -> bool:
        return self._may(Right.EDIT, access, row)

    def names(self, access: Access, row: Model) -> bool:
        return self._may(Right.NAMES, access, row)

    def _may(self, right: Right, access: Access, row: Model) -> bool:
        component = followed(row, self.component) if self.component else None
        return access.may(right, followed(row, self.project), component)


def projects_seen(request: HttpRequest) -> ProjectQuerySet:
    """The projects that the person sees; at a desk, its own."""
    rows, desk = Project.objects.all(), desk_of(request)
    rows = rows.filter(InProject("pk").visible_to(access_of(request.user)))
    return rows.filter(pk=desk.pk) if desk else rows


def followed(row: Model, path: str) -> int | None:
    """The id at the end of a path of foreign keys; None where one of them is empty.

    A row that is being added together with its parent names one that has no id yet.
    """
    *parents, last = path.split("__")
    reached = row
    for name in parents:
        if getattr(reached, f"{name}_id") is None and name not in reached._state.fields_cache:
            return None
        reached = getattr(reached, name)
        if reached is None:
            return None
    key: int | None = reached.pk if last == "pk" else getattr(reached, f"{last}_id")
    return key
