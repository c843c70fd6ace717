"""Whether faults that were mended (tests/faults_*.py) are found when they are put back, one by one.

`python -m tests.putback --only 3 17` puts them into a copy of what is committed, with tests/ as it
lies here. The tests that are named run without a fault first; those that fail are left out.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults import Fault
from tests.faults_getting_in import GETTING_IN
from tests.faults_imports import IMPORTS
from tests.faults_inside import INSIDE
from tests.mutations import LONG, ROOT, Copy, Suite, tell

FAULTS = (*GETTING_IN, *INSIDE, *IMPORTS)
LIMIT = 600  # seconds for the tests of a fault; what comes to no end is found


def failing(copy: Copy, tests: list[str]) -> list[str]:
    """The tests that fail without a fault."""
    found = copy.run(tests, LONG, "--continue-on-collection-errors")
    copy.keep_migrated()
    return found


def fate(copy: Copy, fault: Fault, left_out: list[str]) -> str:
    """What becomes of a fault; nothing but a test that is named finds it."""
    text = (copy.root / fault.file).read_text("utf-8")
    if text.count(fault.now) != 1:
        return f"NOT PUT BACK, since its text stands there {text.count(fault.now)} times"
    (copy.root / fault.file).write_text(text.replace(fault.now, fault.then), "utf-8")
    left_out = [f"--deselect={test}" for test in left_out]
    told = (copy.run([*fault.tests], LIMIT, "-x", *left_out) or ["SURVIVED"])[0]
    return f"found by {told}" if told.startswith((*fault.tests, "no end in")) else told


def put_back(suite: Suite, faults: dict[int, Fault]) -> list[int]:
    """The numbers of those that no test finds, after telling how each fared."""
    tests, jobs = sorted({t for one in faults.values() for t in one.tests}), len(suite.copies)
    left_out = sum(suite.each(failing, [tests[n::jobs] for n in range(jobs)]), list[str]())
    tell(f"{len(tests)} tests without a fault", *left_out, sep="\n    fails: ")
    left = list[int]()
    fates = suite.each(lambda copy, fault: fate(copy, fault, left_out), faults.values())
    for (number, fault), told in zip(faults.items(), fates, strict=True):
        tell(f"{number}. {fault.file}, {fault.what}: {told}")
        left += [] if told.startswith("found by ") else [number]
    numbers = ", ".join(map(str, left)) or "none"
    tell(f"{len(faults) - len(left)} of {len(faults)} found; not found: {numbers}")
    return left


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.putback")
    every = [*range(1, len(FAULTS) + 1)]
    asked.add_argument("--only", type=int, nargs="+", default=every, help="numbers of the faults")
    asked.add_argument("--jobs", type=int, default=1, help="copies at once; 1, if not said")
    args = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="putback-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)  # the user of the database passes through
        copies = [Copy(Path(name, str(job)), ROOT).make() for job in range(args.jobs)]
        left = put_back(Suite(ROOT, copies), {number: FAULTS[number - 1] for number in args.only})
    sys.exit(bool(left))


if __name__ == "__main__":
    main()
