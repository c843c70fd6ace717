#!/usr/bin/env python
"""The one door: every command, with the embedded database where there is no DATABASE_URL."""

from __future__ import annotations

import os
import signal
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError

from tryout import embedded_postgres, machine_errors

WITHOUT_DATABASE = {
    *("check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help"),
    *("makemessages", "stop", "version"),
}


# What a command is asked for that opens no database, or whose database a server watches already.
OPENS_NONE = {"-h", "--help", "--version", "--beside-server"}


def needs_database(arguments: list[str]) -> bool:
    """Whether the command may have to start the database; for a command we do not know, yes."""
    opens_none = OPENS_NONE & set(arguments)
    return bool(arguments) and not opens_none and arguments[0] not in WITHOUT_DATABASE


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twinning.settings")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the database is left, too
    try:
        if needs_database(sys.argv[1:]):
            from django.conf import settings

            if settings.TRY_OUT:
                embedded_postgres.start(settings.VAR_DIR)
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, embedded_postgres.ClusterRefusal) as refusal:
        sys.exit(str(refusal))
    except (OSError, DatabaseError) as error:
        sentence = machine_errors.sentence(error)
        if sentence is None:
            raise
        sys.exit(sentence)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
