"""Keep the register of this version for the tests of later ones.

    python -m tests.upgrades.keep 1.0.0

Both seeded projects at midterm with a change, a public paper, mails and releases of each, as
`tests.rendered` plays them at its stopped clock. Writes three files beside this one; those of a
version that was released are never written again.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from tests import clusters, stillness
from tests.rendered import STAGES, Played, tell

HERE = Path(__file__).parent
STAGE = "midterm"


def keep(version: str, var_dir: Path) -> None:
    from django.core import mail
    from django.test import Client

    from tests.upgrades.cited import asked, checked
    from twinning import backups

    mail.outbox = []
    Played(STAGE, STAGES[STAGE][0])
    said: dict[str, Any] = {"pages": asked(Client(SERVER_NAME="127.0.0.1")), "errors": checked()}
    backups.write(HERE / f"{version}.dump")
    shutil.make_archive(str(HERE / version), "zip", var_dir / "evidence")
    text = json.dumps(said, ensure_ascii=False, indent=0, sort_keys=True)
    (HERE / f"{version}.json").write_text(text + "\n", encoding="utf-8")
    tell(f"{version}: {len(said['pages'])} pages, {len(said['errors'])} errors")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or (HERE / f"{arguments[0]}.dump").exists():
        tell("Name a version that is not kept yet, as 1.0.0.")
        return 2
    var_dir = clusters.RUNS / str(os.getpid())
    logging.disable()
    with stillness.standing_still(var_dir):
        keep(arguments[0], var_dir)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
