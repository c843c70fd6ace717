"""The faults that tests/mutations.py puts into the code: small, each Python, each a difference."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import mutants, mutations
from tests.mutations import ROOT, Mutant

FAULTS = {
    "if a == b: pass": ["if a != b: pass"],
    "x = a is not b": ["x = a is b"],
    "x = a not in b": ["x = a in b"],
    "x = a <= b < c": ["x = a < b < c", "x = a <= b <= c"],
    "x = a > (b)": ["x = a >= (b)"],
    "x = a and b or c": ["x = a and b and c", "x = a or b or c"],
    "x = ā + b * c": ["x = ā - b * c", "x = ā + b / c"],
    "x = a // b": ["x = a * b"],
    "x = Q(a) | ~Q(b)": ["x = Q(a) & ~Q(b)", "x = Q(a) | Q(b)"],
    "x = -y": ["x = y"],
    "x = 3": ["x = 4", "x = 2"],
    "x = True": ["x = False"],
    "if a: pass": ["if not (a): pass"],
    "while not a: pass": ["while a: pass"],
    "x = [a for a in b if a.c]": ["x = [a for a in b if not (a.c)]"],
    "x = a if b() else c": ["x = a if not (b()) else c"],
    "def f(): return x": ["def f(): return None"],
    "raise Refused": ["pass"],
    "while a: break": ["while not (a): break", "while a: pass"],
    "row.save()": ["pass"],
    "row.state = x": ["pass"],
    "row.days += x": ["row.days -= x", "pass"],
    "class A:\n    b = c": ["class A:\n    pass"],
    "@a\n@b(c)\ndef f(): pass": ["\n@b(c)\ndef f(): pass", "@a\n\ndef f(): pass"],
    "x = f(a, b=c)": ["x = f(a)"],
    "x = f(a=b, c=d)": ["x = f(c=d)", "x = f(a=b)"],
    "x = f(a=b,)": ["x = f()"],
    "x = f(a__gte=b)": ["x = f(a__gt=b)", "x = f()"],
    "x = a[b:c]": ["x = a[:c]", "x = a[b:]"],
}
LEFT_ALONE = [
    '"""A docstring."""',
    'x = "a text" + y',
    "x = a / 'part of a path'",
    "x = f'{a + 1}'",
    "x: Literal[1] | None = y",
    "def f(a: Row[1]) -> int | None: pass",
    "x = isinstance(a, list | tuple)",
    "if TYPE_CHECKING:\n    x = 1",
    "log.info('done', extra=x)",
    "x = ngettext('a', 'b', 1)",
    "x = Field(help_text=_('1'), verbose_name=y)",
    "x = open(a, encoding=b)",
    "class A:\n    verbose_name = y",
    "@dataclass(frozen=True)\nclass A: pass",
]


def faults(source: str) -> list[Mutant]:
    text = source.encode()
    found = [
        mutations.put(text, place, other)
        for place in mutants.places_of("a.py", text)
        for other in place.texts
    ]
    return [mutant for mutant in found if mutant]


@pytest.mark.parametrize("source", FAULTS)
def test_each_kind_of_fault_is_one_small_change(source: str) -> None:
    assert sorted(mutant.after for mutant in faults(source)) == sorted(FAULTS[source])


@pytest.mark.parametrize("source", LEFT_ALONE)
def test_texts_types_and_logging_are_left_alone(source: str) -> None:
    kinds = {mutant.kind for mutant in faults(source)}
    assert kinds <= {"decorator removed"}


def test_a_fault_that_is_no_python_or_no_difference_is_not_put_in() -> None:
    place = mutants.Place("", "a.py", "constant", 4, 5, ("(", "0x3", "4"))
    drawn = [mutations.put(b"x = 3", place, text) for text in place.texts]
    assert [mutant and mutant.after for mutant in drawn] == [None, None, "x = 4"]


def test_a_seed_always_draws_the_same_faults(tmp_path: Path) -> None:
    for name in ("accounts", "audit/migrations"):  # parts of the code: to read all takes seconds
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "manage.py", tmp_path)
    drawn = mutations.draw(tmp_path, seed=1, count=20)

    assert drawn == mutations.draw(tmp_path, seed=1, count=20)
    assert drawn != mutations.draw(tmp_path, seed=2, count=20)
    (tmp_path / "accounts" / "apps.py").write_text("x = y\n")
    again = {(fault.file, fault.kind, fault.line) for fault in mutations.draw(tmp_path, 1, 20)}
    assert len(again & {(fault.file, fault.kind, fault.line) for fault in drawn}) >= 18
    assert len(set(drawn)) == 20
    found = {place.file.split("/")[0] for place in mutants.places(tmp_path)}
    assert found == {"accounts", "manage.py"}


def test_faults_are_drawn_from_all_rooms() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(mutants.ROOMS) == rooms - {"tests"}


def test_a_fault_is_shown_as_one_difference() -> None:
    (mutant,) = faults("def f():\n    return x\n")
    assert str(mutant) == "    -    return x\n    +    return None"
    assert mutations.named(7, mutant) == "7. a.py:2, nothing returned"


def test_tests_near_a_fault_run_first_and_slow_ones_last(tmp_path: Path) -> None:
    texts = {
        "office/test_findings.py": "",
        "twinning/test_matrix.py": "",
        "demo/test_story.py": "def test(played): ...",
        "deliverables/test_ladder.py": "from deliverables.plan import (\n    actions,\n)",
        "deliverables/test_models.py": "from deliverables import status, models",
        "deliverables/test_plan.py": "",
        "test_arithmetic.py": "",
        "test_mutations.py": "",
    }
    for name, text in texts.items():
        (tmp_path / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tests" / name).write_text(text)

    def order(file: str) -> list[list[str]]:
        found = mutations.phases(tmp_path, Mutant(file, "", 1, "", ""))
        return [[name.removeprefix("tests/") for name in files] for files in found]

    assert order("deliverables/plan/actions.py") == [
        ["deliverables/test_ladder.py", "deliverables/test_plan.py"],
        ["deliverables/test_models.py", "test_arithmetic.py"],
        ["demo/test_story.py"],
    ]
    assert order("manage.py") == [
        ["test_arithmetic.py", "office/test_findings.py"],
        ["demo/test_story.py"],
        ["twinning/test_matrix.py"],
    ]


TESTS = """
from audit.a import f

def test_f():
    assert f(2)

def test_that_fails_without_a_fault():
    assert not f(2)
"""


def test_a_fault_that_the_tests_notice_is_found_and_another_survives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "register"
    files = {
        "audit/a.py": "def f(x):\n    return x * x\n",
        "tests/audit/test_a.py": TESTS,
        "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = '.'\n",
        "manage.py": "",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    us = ["git", "-c", "user.name=a", "-c", "user.email=a@localhost"]
    for command in (["git", "init", "-q"], ["git", "add", "."], [*us, "commit", "-qm", "a"]):
        subprocess.run(command, cwd=root, check=True)
    monkeypatch.setattr(mutations, "ROOT", root)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # seconds, each time it starts
    monkeypatch.setenv("PYTEST_PLUGINS", "xdist.plugin")
    suite = mutations.Suite(root, [mutations.Copy(tmp_path / "copy", root).make()])

    nothing, swapped = sorted(mutations.draw(root, seed=1, count=2), key=lambda fault: fault.kind)
    assert suite.survivors({1: swapped, 2: nothing}) == {1: swapped}

    told = re.sub(r"\d+ s\b", "… s", capsys.readouterr().out)
    assert (
        told
        == f"""
The tests of {root}:
audit without a fault: … s
    fails: tests/audit/test_a.py::test_that_fails_without_a_fault
stories without a fault: … s
1. audit/a.py:2, operator swapped: SURVIVED (… s)
    -    return x * x
    +    return x / x
2. audit/a.py:2, nothing returned: found by tests/audit/test_a.py::test_f (… s)
    -    return x * x
    +    return None
1 of 2 found, 1 survived: 1
"""
    )
    assert (tmp_path / "copy" / "audit" / "a.py").read_text() == files["audit/a.py"]
