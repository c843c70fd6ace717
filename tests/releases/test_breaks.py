"""Each check of check.py is needed: where it is broken, a forgery passes. There are no others."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from releases.reading.issued_files import CHECK
from tests.releases import forgeries as f
from tests.releases import test_forgeries as bench
from tests.releases.breaks import BREAKS, Break
from tests.volume import share

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow("forged packs are checked by a broken script"),
]
TEXT = CHECK.read_text("utf-8")
genuine = bench.genuine


def broken(breaks: Iterable[Break]) -> str:
    text = TEXT
    for one in breaks:
        assert text.count(one.now) == 1, one.what
        text = text.replace(one.now, one.then)
    return text


def forged(genuine: Path, kind: str, strength: str, draw: int) -> tuple[Path, str] | None:
    """A forgery of this kind, and what has to be said of it; None where it changes nothing."""
    chance = random.Random(f"{kind} {strength} {draw}")  # noqa: S311 - the same each time
    bag = genuine.parent / "broken"
    for _try in range(100):
        shutil.rmtree(bag, ignore_errors=True)
        shutil.copytree(genuine, bag)
        if words := f.KINDS[kind](bag, chance):
            bench.STRENGTHS[strength](bench.Forger(bag, genuine))
            return bag, words
    return None


def passes(
    genuine: Path, kind: str, strength: str, breaks: tuple[Break, ...], beside: tuple[Break, ...]
) -> bool:
    """Whether one of some forgeries is found and located by the whole script, and by the one that
    is broken `beside`, and no more where `breaks` are broken with these."""
    scripts = [
        compile(broken(some), "check.py", "exec") for some in ((), beside, (*beside, *breaks))
    ]
    for draw in range(60):  # many draws are of a file or a book that others look at as well
        if made := forged(genuine, kind, strength, draw):
            with pytest.MonkeyPatch.context() as patch:
                told = []
                for script in scripts:
                    patch.setattr(bench, "CODE", script)
                    told.append(bench.unnoticed(made[0], genuine, strength, made[1]))
            assert not told[0], told[0]
            if told[2] and not told[1]:
                return True
    return False


@pytest.mark.parametrize("one", share(BREAKS, "checks", of=10), ids=lambda one: one.what)
def test_without_a_check_a_forgery_passes(genuine: Path, one: Break) -> None:
    """Where others find it as well, this is the one that finds it when these are broken."""
    beside = tuple(other for other in BREAKS if other.what in one.beside)
    assert len(beside) == len(one.beside)
    assert passes(genuine, one.kind, one.strength, (one,), beside)


def test_without_any_of_the_checks_each_kind_of_forgery_passes(genuine: Path) -> None:
    """So what finds it is one of these."""
    kinds = share([*f.KINDS], "kinds", of=10)
    found = [kind for kind in kinds if not passes(genuine, kind, "recomputes", BREAKS, ())]
    assert found == []


def test_each_check_can_be_broken() -> None:
    broken(BREAKS)
    assert len({one.what for one in BREAKS}) == len(BREAKS) >= 25
    compile(broken(BREAKS), "check.py", "exec")


def test_its_checks_stand_in_the_order_of_its_table_of_contents() -> None:
    """And it can be read in ten minutes."""
    told = re.findall(r"^  (\w+)  +\w", TEXT, re.MULTILINE)
    defined = re.findall(r"^    def (\w+)", TEXT, re.MULTILINE)
    run = re.findall(r"^ +(?:told = )?pack\.(\w+)\(", TEXT, re.MULTILINE)

    assert [name for name in defined if name in told] == told == run
    assert len(TEXT.splitlines()) <= 330


def test_nothing_in_a_pack_writes_on_the_screen_of_who_checks_it(genuine: Path) -> None:
    bag = shutil.copytree(genuine, genuine.with_name("screen"))
    with (bag / f.MANIFEST).open("a") as file:
        file.write(f"{'0' * 64}  \x1b[2JAll of it stands under the head that you gave.\x1b[8m\n")

    code, told = bench.checked(bag, f.head_of(bag))

    assert (code, told.isprintable()) == (1, False)
    assert "\\x1b'[2JAll of it stands" in told
    assert told.replace("\n", "").isprintable()


def test_a_link_is_no_file_of_a_pack(genuine: Path, tmp_path: Path) -> None:
    bag = shutil.copytree(genuine, tmp_path / "bag")
    (bag / "bagit.txt").rename(tmp_path / "bagit.txt")
    (bag / "bagit.txt").symlink_to(tmp_path / "bagit.txt")

    assert bench.checked(bag, f.head_of(bag)) == (
        1, "bagit.txt: it is a link, and no file\nThis pack does not hold: see above.\n"
    )  # fmt: skip
