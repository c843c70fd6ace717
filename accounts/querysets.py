"""Questions to the tables of people, and how people are entered by a command."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, UserManager
from django.db.models import Count, QuerySet, Value
from django.utils import timezone

from accounts.folding import composed, folded

if TYPE_CHECKING:
    from accounts.models import Draft, User  # noqa: F401 - in the strings below

DAY = dt.timedelta(days=1)  # how long a draft is kept


class UserQuerySet(QuerySet["User"]):
    def named(self, name: str) -> Self:
        """The person with this user name, however it is typed."""
        return self.alias(folded=folded("username")).filter(folded=folded(Value(name)))

    def reached_at(self, address: str) -> Self:
        """The person with this e-mail address, however it is typed."""
        return self.alias(folded=folded("email")).filter(folded=folded(Value(address)))

    def twins(self, column: str) -> list[list[User]]:
        """People who have one user name, or one e-mail address, by pairs (or more)."""
        rows = self.exclude(**{column: ""}).annotate(folded=folded(column))
        again = rows.values("folded").order_by().annotate(n=Count("pk")).filter(n__gt=1)
        groups: dict[str, list[User]] = {}
        row: Any
        for row in rows.filter(folded__in=again.values("folded")).order_by("pk"):
            groups.setdefault(row.folded, []).append(row)
        return list(groups.values())


class PeopleManager(UserManager["User"]):
    """What createsuperuser and create_user ask and write by."""

    use_in_migrations = False

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def named(self, name: str) -> UserQuerySet:
        return self.get_queryset().named(name)

    def reached_at(self, address: str) -> UserQuerySet:
        return self.get_queryset().reached_at(address)

    def twins(self, column: str) -> list[list[User]]:
        return self.get_queryset().twins(column)

    def get_by_natural_key(self, username: str | None) -> User:
        person = self.named(username or "").first()
        if person is None:
            raise self.model.DoesNotExist
        return person

    def _create_user_object(
        self, username: str, email: str | None, password: str | None, **given: object
    ) -> User:
        """Raises ValidationError for a twin, which commands tell in words."""
        password = password and composed(password)
        make: Any = super()._create_user_object  # type: ignore[misc]
        user: User = make(username, email, password, **given)
        user.validate_constraints()
        return user


class DraftQuerySet(QuerySet["Draft"]):
    def of(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those of this person that are still kept, newest first."""
        return self.filter(owner=user.pk, kept_at__gt=timezone.now() - DAY).order_by("-kept_at")

    def over(self) -> Self:
        return self.filter(kept_at__lte=timezone.now() - DAY)
