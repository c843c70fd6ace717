"""Whether the tests notice: small faults, drawn at random, put into the code one at a time.

    python -m tests.mutations --seed 1 --count 60 --against FOLDER

A fault goes into a copy of what is committed, with tests/ as it lies here; each job has its own.
Then the tests of its room run and the stories, those that are likely to see it first, until one
fails. Tests that fail without a fault are named and left out; a run of more than three times the
time counts as found. VAR_DIR, and so the database, is in the copy, and goes with the fault.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import difflib
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from queue import Queue
from typing import TypeVar

from tests.mutants import Place, places

ROOT = Path(__file__).resolve().parents[1]
LATE = {"test_matrix", "test_two_commands", "test_embedded_postgres"}  # minutes, and seldom first
LONG = 3600  # seconds, for tests whose time is not known yet
WIRING = ("twinning", "office", "demo", "tryout")  # where the tests of the whole stand
STORIES = re.compile(r"\bplayed\b")  # the fixture that gives a stage of the fictitious project
STRENGTH = {"TESTS", "PYTEST_ADDOPTS", "DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
PYTEST = (
    *("-m", "pytest", "-q", "--tb=no", "-rfE", "-p", "no:randomly", "-p", "no:cacheprovider"),
    *(("-n", "0") if find_spec("xdist") else ()),  # one process a job
)
Answer = TypeVar("Answer")
tell = partial(print, flush=True)


@dataclass(frozen=True)
class Mutant:
    """A file as it is, and as it would be with one fault."""

    file: str
    kind: str
    line: int
    before: str
    after: str

    def __str__(self) -> str:
        pair = self.before.splitlines(), self.after.splitlines()
        lines = list(difflib.unified_diff(*pair, n=0, lineterm=""))[3:]
        rest = [f"  … and {len(lines) - 6} lines more"] if len(lines) > 6 else []
        return "\n".join("    " + line for line in lines[:6] + rest if line.strip("+ "))

    @property
    def room(self) -> str:
        """The folder of its tests; manage.py is wiring."""
        return self.file.split("/")[0] if "/" in self.file else "twinning"


def draw(root: Path, seed: int, count: int) -> list[Mutant]:
    """`count` faults; the same ones for a seed, also when lines have changed elsewhere."""

    def lot(place: Place) -> int:
        return int(hashlib.sha256(f"{seed} {place.name}".encode()).hexdigest(), 16)

    ranked = sorted(places(root), key=lot)
    put_in = (put((root / p.file).read_bytes(), p, p.texts[lot(p) % len(p.texts)]) for p in ranked)
    return list(islice(filter(None, put_in), count))


def put(source: bytes, place: Place, text: str) -> Mutant | None:
    """The file with that fault, or None where it would not be Python, or would be the same."""
    after = source[: place.start] + text.encode() + source[place.end :]
    try:
        compile(after, place.file, "exec", dont_inherit=True)
    except SyntaxError:
        return None
    if ast.dump(ast.parse(source)) == ast.dump(ast.parse(after)):
        return None
    line = source.count(b"\n", 0, place.start) + 1
    return Mutant(place.file, place.kind, line, source.decode(), after.decode())


def tests_of(root: Path, room: str) -> list[str]:
    """The tests of a room, and of every room, among them what breaks a rule."""
    folders = root / "tests" / room, root / "tests", root / "tests" / "breaches"
    files = [path for folder in folders for path in sorted(folder.glob("test_*.py"))]
    return [str(path.relative_to(root)) for path in files if path.stem != "test_mutations"]


def stories(root: Path) -> list[str]:
    files = [file for room in WIRING for file in tests_of(root, room)]
    return [file for file in dict.fromkeys(files) if STORIES.search((root / file).read_text())]


def phases(root: Path, mutant: Mutant) -> list[list[str]]:
    """Files of tests in the order of their turn: near the fault, of its room, stories, slow."""
    rooms = WIRING if mutant.room in WIRING else (mutant.room,)
    own = [*dict.fromkeys(file for room in rooms for file in tests_of(root, room))]
    near = [file for file in own if is_near(root / file, mutant.file)]
    told = [file for file in stories(root) if file not in near]
    late = [file for file in own if Path(file).stem in LATE and file not in near]
    rest = [file for file in own if file not in {*near, *told, *late}]
    return [files for files in (near, rest, told, late) if files]


def is_near(tests: Path, file: str) -> bool:
    """Whether tests import the module, or bear its name or that of its subject: plan/actions.py,
    test_plan.py."""
    *package, stem = file.removesuffix(".py").split("/")
    names = [part for name in (*package[1:], stem) for part in name.split("_")]
    words = [(a, b) for a in names for b in tests.stem.split("_")[1:]]
    if any(len(os.path.commonprefix(pair)) >= 4 for pair in words):
        return True
    above = re.escape(".".join(package))
    imported = rf"from {above} import (\([^)]*|.*)\b{stem}\b" if package else rf"import {stem}\b"
    return bool(re.search(rf"{imported}|\b{above}\.{stem}\b", tests.read_text()))


@dataclass(frozen=True)
class Copy:
    """What is committed, with the tests of `suite`, in a folder that can be spoilt."""

    root: Path
    suite: Path

    def make(self) -> Copy:
        self._git("clone", "--quiet", str(ROOT), ".")
        shutil.rmtree(self.root / "tests")
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(self.suite / "tests", self.root / "tests", ignore=ignore)
        shutil.copy(self.suite / "pyproject.toml", self.root)
        self._git("add", "--all")
        us = ["-c", "user.name=mutations", "-c", "user.email=mutations@localhost"]
        self._git(*us, "commit", "--quiet", "--allow-empty", "--no-verify", "-m", "The tests")
        if (ROOT / ".venv").exists():
            (self.root / ".venv").symlink_to((ROOT / ".venv").resolve())
        return self

    def restore(self) -> None:
        """As it was made: no fault, no compiled file, no database, no examples kept."""
        self._git("checkout", "--quiet", ".")
        self._git("clean", "-ffdxq", "-e", ".venv")
        if self._migrated.exists():
            shutil.copytree(self._migrated, self.root / "var" / "test")

    def keep_migrated(self) -> None:
        """The empty database that a run without a fault has made, for those with one."""
        made = (self.root / "var" / "test").glob("migrated-*")
        for folder in made:
            shutil.copytree(folder, self._migrated / folder.name, dirs_exist_ok=True)

    @property
    def _migrated(self) -> Path:
        return self.root.with_suffix(".migrated")

    def run(self, files: list[str], limit: float, *options: str) -> list[str]:
        """The tests that fail, or what else went wrong."""
        if not files:  # pytest would run them all
            return []
        log = self.root.with_suffix(".log")
        environment = {name: os.environ[name] for name in os.environ.keys() - STRENGTH}
        with log.open("w") as out:
            process = subprocess.Popen(  # noqa: S603 - our own tests
                [sys.executable, *PYTEST, *options, *files],
                cwd=self.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
            try:
                code = process.wait(limit)
            except subprocess.TimeoutExpired:
                return [f"no end in {limit:.0f} s"]
            finally:
                end(process)
        said = log.read_text(errors="replace")
        failed = re.findall(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", said, re.MULTILINE)
        return [] if code in (0, 5) else failed or said.splitlines()[-1:] or [f"code {code}"]

    def _git(self, *arguments: str) -> None:
        self.root.mkdir(exist_ok=True)
        subprocess.run(["git", *arguments], cwd=self.root, check=True)  # noqa: S603, S607


def end(process: subprocess.Popen[bytes]) -> None:
    """First as Ctrl-C does, so that it stops the database and the programs that it started."""
    for number in (signal.SIGINT, signal.SIGKILL):
        if process.poll() is None:
            process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)


@dataclass
class Suite:
    """The tests of a checkout, with as many copies as there are jobs."""

    tests: Path
    copies: list[Copy]
    limits: dict[str, float] = field(default_factory=dict)
    failing: list[str] = field(default_factory=list)

    def each(self, work: Callable[..., Answer], given: Iterable[object]) -> Iterator[Answer]:
        """The answers in order; each piece of work has a copy of its own for its time."""
        free: Queue[Copy] = Queue()
        for copy in self.copies:
            free.put(copy)

        def alone(one: object) -> Answer:
            copy = free.get()
            try:
                return work(copy, one)
            finally:
                copy.restore()
                free.put(copy)

        pool = ThreadPoolExecutor(len(self.copies))
        try:
            yield from pool.map(alone, given)
        finally:
            pool.shutdown(cancel_futures=True)

    def measure(self, rooms: Iterable[str]) -> None:
        """Run the tests of rooms and the stories without a fault: how long, and do they pass."""
        names = [*sorted(set(rooms)), "stories"]

        def timed(copy: Copy, name: str) -> tuple[list[str], float]:
            begun = time.monotonic()
            files = stories(copy.root) if name == "stories" else tests_of(copy.root, name)
            failing = copy.run(files, LONG, "--continue-on-collection-errors")
            copy.keep_migrated()
            return failing, time.monotonic() - begun

        for name, (failing, seconds) in zip(names, self.each(timed, names), strict=True):
            self.limits[name] = 60 + 3 * seconds
            self.failing += failing
            tell(f"{name} without a fault: {seconds:.0f} s", *failing, sep="\n    fails: ")

    def check(self, copy: Copy, mutant: Mutant) -> tuple[str, float]:
        """What finds the fault, or nothing, and after how many seconds."""
        begun = time.monotonic()
        (copy.root / mutant.file).write_bytes(mutant.after.encode())
        options = ["-x", *(f"--deselect={test}" for test in self.failing)]
        limit = max(self.limits[mutant.room], self.limits["stories"])
        found: list[str] = []
        for phase in phases(copy.root, mutant):
            files = [file for file in phase if file not in self.failing]
            found = found or copy.run(files, limit, *options)
        return (found or [""])[0], time.monotonic() - begun

    def survivors(self, mutants: dict[int, Mutant]) -> dict[int, Mutant]:
        """Those that the tests do not find, after telling how each fared."""
        tell(f"\nThe tests of {self.tests}:")
        self.measure(mutant.room for mutant in mutants.values())
        left = {}
        answers = self.each(self.check, mutants.values())
        for (number, mutant), (found, seconds) in zip(mutants.items(), answers, strict=True):
            fate = f"found by {found}" if found else "SURVIVED"
            tell(f"{named(number, mutant)}: {fate} ({seconds:.0f} s)\n{mutant}")
            if not found:
                left[number] = mutant
        numbers = f": {', '.join(map(str, left))}" if left else ""
        tell(f"{len(mutants) - len(left)} of {len(mutants)} found, {len(left)} survived{numbers}")
        return left


def named(number: int, mutant: Mutant) -> str:
    return f"{number}. {mutant.file}:{mutant.line}, {mutant.kind}"


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.mutations")
    for option, default in (("--seed", 1), ("--count", 60), ("--jobs", 2)):
        asked.add_argument(option, type=int, default=default, help=f"{default}, if not said")
    asked.add_argument("--only", type=int, nargs="+", help="numbers of those drawn")
    asked.add_argument("--against", type=Path, help="a checkout with the tests of before")
    asked.add_argument("--list", action="store_true", help="only show what is drawn")
    args = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="mutations-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)  # the user of the database passes through
        suites = [
            Suite(tests, [Copy(folder / f"{n}-{job}", tests) for job in range(args.jobs)])
            for n, tests in enumerate([ROOT, *([args.against.resolve()] if args.against else [])])
        ]
        suites[0].copies[0].make()
        drawn = dict(enumerate(draw(suites[0].copies[0].root, args.seed, args.count), 1))
        drawn = {number: drawn[number] for number in args.only or drawn}
        if args.list:
            tell(*(f"{named(*each)}\n{each[1]}" for each in drawn.items()), sep="\n")
            return
        for copy in [copy for suite in suites for copy in suite.copies][1:]:
            copy.make()
        for suite in suites:
            drawn = drawn and suite.survivors(drawn)


if __name__ == "__main__":
    main()
