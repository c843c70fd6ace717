"""What may be done with a person's names."""

from __future__ import annotations

from accounts.models import User
from audit.events.acting import acting
from audit.models import Through


def rename(person: User, *, by: str, username: str = "", email: str = "") -> User:
    """Give a person another user name, another e-mail address, or both.

    Raises ValidationError where somebody else has it, with nothing changed.
    """
    given = {"username": username, "email": email}
    changed = {column: value for column, value in given.items() if value}
    with acting(by, Through.COMMAND, "rename"):
        row = User.objects.select_for_update().get(pk=person.pk)
        for column, value in changed.items():
            setattr(row, column, value)
        row.full_clean()
        row.save(update_fields=list(changed))
    return row
