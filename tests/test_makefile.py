"""Which Python `make` makes the virtual environment with, and what it says where there is none."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NONE = (
    "The register needs a Python from 3.11 to 3.14 that can make a virtual environment, and none "
    "is on the PATH (looked for: {}). Install one and try again: on Debian 12 or newer with "
    "apt-get install python3-venv, on macOS with brew install python@3.13.\n"
)
ANEW = "The virtual environment in .venv has no pip, or another Python: it is made anew.\n"
# Tells which version it is, and makes an environment whose Python is one as well.
WORKS = """#!/bin/sh
case "$1 $2" in
"-m venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python && echo with {version} >> .venv/made ;;
"-c import sys;"*) echo {version} "$0" ;;
"-c import pip,"*) case "$2" in *{version}*) exit 0 ;; *) exit 1 ;; esac ;;
"-m pip") echo "$*" >> .venv/installed ;;
esac
"""
NO_VENV = """#!/bin/sh
case "$1" in -c) echo {version} "$0" ;; *) echo no ensurepip >&2; exit 1 ;; esac
"""
REAL = f"""#!/bin/sh
case "$1 $2" in
"-m venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
*) exec {sys.executable} "$@" ;;
esac
"""
SHIM = "#!/bin/sh\necho command not found: {version} >&2\nexit 127\n"


class Machine:
    """A folder with the Makefile, and a PATH of scripts that pretend to be Pythons."""

    def __init__(self, home: Path) -> None:
        self.folder, self.path = home / "register", home / "bin"
        self.folder.mkdir()
        self.path.mkdir()
        shutil.copy(ROOT / "Makefile", self.folder)
        for tool in ("sh", "touch", "mkdir", "cp", "rm"):
            (self.path / tool).symlink_to(shutil.which(tool) or tool)

    def has(self, name: str, version: str, script: str = WORKS) -> Path:
        python = self.path / name
        python.write_text(script.format(version=version))
        python.chmod(0o755)
        return python

    def make(self, stamp: str = "made", **chosen: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [shutil.which("make") or "make", f".venv/{stamp}.stamp"],
            cwd=self.folder,
            env={"PATH": str(self.path)} | chosen,
            capture_output=True,
            text=True,
            check=False,
        )

    def made(self) -> str:
        """The versions of all that made the environment so far."""
        return (self.folder / ".venv" / "made").read_text()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_newest_python_is_taken_and_said(machine: Machine) -> None:
    machine.has("python3.11", "3.11")
    newest = machine.has("python3.13", "3.13")
    machine.has("python3.15", "3.15")
    assert machine.make().stdout == f"Making a virtual environment with Python 3.13 {newest} ...\n"
    assert machine.made() == "with 3.13\n"


@pytest.mark.parametrize("name", ["python3", "python"])
def test_a_python_without_its_number_in_the_name_will_do(machine: Machine, name: str) -> None:
    machine.has("python3.11", "3.11")
    machine.has(name, "3.12")
    machine.make()
    assert machine.made() == "with 3.12\n"


def test_one_that_does_not_run_or_makes_no_environment_is_passed_over(machine: Machine) -> None:
    machine.has("python3.14", "3.14", SHIM)
    machine.has("python3.13", "3.13", NO_VENV)
    machine.has("python3.12", "3.12")
    done = machine.make()
    assert (done.returncode, done.stderr) == (0, "no ensurepip\n")
    assert machine.made() == "with 3.12\n"


def test_where_none_is_found_it_says_which_would_do_and_how_to_get_one(machine: Machine) -> None:
    machine.has("python3", "3.9")
    machine.has("python3.12", "3.12", SHIM)
    done = machine.make()
    assert done.returncode
    assert NONE.format("3.14 3.13 3.12 3.11") in done.stderr
    assert not (machine.folder / ".venv").exists()

    machine.has("python3.13", "3.13")
    assert NONE.format("3.12") in machine.make(PYTHON_VERSION="3.12").stderr


def test_a_person_chooses_another_one(machine: Machine) -> None:
    for version in ("3.11", "3.12", "3.13"):
        machine.has(f"python{version}", version)
    machine.make()
    assert machine.make(PYTHON_VERSION="3.11").stdout == (
        f"{ANEW}Making a virtual environment with Python 3.11 {machine.path / 'python3.11'} ...\n"
    )
    machine.make(PYTHON_VERSION="3.12.7")  # as images of Docker write it
    assert machine.made() == "with 3.13\nwith 3.11\nwith 3.12\n"


@pytest.mark.parametrize("version", ["3.10", "3.15.1", "3", "newest"])
def test_a_version_out_of_the_range_is_refused_and_nothing_is_touched(
    machine: Machine, version: str
) -> None:
    machine.has("python3.12", "3.12")
    machine.make()
    done = machine.make(PYTHON_VERSION=version)
    assert (
        f"*** PYTHON_VERSION is {version}, and the register runs on Python 3.11 to 3.14. Choose "
        "one of them, for instance: PYTHON_VERSION=3.13 make run.  Stop." in done.stderr
    )
    assert machine.make().stdout.endswith("is up to date.\n")


def test_an_environment_is_kept_until_its_python_is_gone(machine: Machine) -> None:
    machine.has("python3.12", "3.12")
    machine.make()
    machine.has("python3.13", "3.13")
    machine.make()
    (machine.folder / ".venv" / "made.stamp").unlink()  # somebody else's, or cut short
    assert machine.make().stdout == ""
    assert machine.made() == "with 3.12\n"

    installed = machine.folder / ".venv" / "run.stamp"
    installed.touch()
    (machine.folder / ".venv" / "bin" / "python").unlink()
    assert machine.make().stdout.startswith(ANEW)
    assert machine.made() == "with 3.12\nwith 3.13\n"
    assert not installed.exists(), "what was installed is gone with it"


def locked(file: Path) -> set[str]:
    """The lines that name a package or one of its hashes."""
    lines = file.read_text().splitlines()
    return {line for line in lines if line.strip() and not line.lstrip().startswith("#")}


def test_one_call_installs_what_runs_and_what_tests(machine: Machine) -> None:
    locks = ("requirements.txt", "requirements-dev.txt")
    run, dev = (locked(Path(shutil.copy(ROOT / name, machine.folder))) for name in locks)
    assert run
    assert run <= dev, "the latter locks what the former does, too"
    machine.has("python3.12", "3.12")

    machine.make("dev")
    machine.make("run")
    machine.make("dev")
    installed = machine.folder / ".venv" / "installed"
    assert [line.split()[-1] for line in installed.read_text().splitlines()] == [locks[1]]

    (machine.folder / ".venv" / "dev.stamp").unlink()
    (machine.folder / ".venv" / "run.stamp").unlink()
    machine.make("run")
    machine.make("dev")
    lines = installed.read_text().splitlines()
    assert [line.split()[-1] for line in lines] == [locks[1], *locks]


def test_a_real_python_is_asked_for_its_version(machine: Machine) -> None:
    """The scripts only pretend; here they make the folder, and a real one answers."""
    version = ".".join(map(str, sys.version_info[:2]))
    python = machine.has(f"python{version}", version, REAL)
    assert machine.make().stdout == (
        f"Making a virtual environment with Python {version} {sys.executable} ...\n"
    )
    assert machine.make().stdout.endswith("is up to date.\n")
    python.unlink()
    other = "3.12" if version != "3.12" else "3.13"
    assert NONE.format(other) in machine.make(PYTHON_VERSION=other).stderr
