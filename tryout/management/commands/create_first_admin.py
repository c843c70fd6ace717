from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.management.base import BaseCommand

from audit.events.acting import SYSTEM, acting
from audit.models import Through


class Command(BaseCommand):
    help = (
        "Create the superuser `admin` with a generated password, printed once and kept in "
        "var/admin_password (mode 600). Does nothing when somebody can log in already."
    )

    def handle(self, *args: object, **options: object) -> None:
        users = get_user_model()._default_manager
        # The people of the fictitious project have no password: nobody can log in as they.
        if users.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists():
            return
        password = secrets.token_urlsafe(15)
        kept_in = settings.VAR_DIR / "admin_password"
        # No user without the file that lets someone in.
        with acting(SYSTEM, Through.COMMAND, "create_first_admin"):
            users.create_superuser("admin", password=password)
            keep(password, kept_in)
        self.stdout.write(
            f"First administrator: admin, password: {password}\n"
            f"It is kept in {kept_in}, which only you can read: delete that file once you have "
            "changed the password or put it elsewhere."
        )


def keep(password: str, path: Path) -> None:
    """Write a file that nobody else can read, not even for a moment; replaces an earlier one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, new = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mode 600
    with os.fdopen(descriptor, "w") as file:
        file.write(password + "\n")
    Path(new).replace(path)
