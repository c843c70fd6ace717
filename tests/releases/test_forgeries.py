"""A pack that is forged, in many ways and at three strengths: each forgery is found and named."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import json
import random
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from audit.models import Book, Seal
from audit.seals.books import BLANK, carried, mark_of_book
from audit.seals.proofs import proof
from audit.seals.sealing import as_text, seal
from audit.seals.tree import digest
from budget.money.models import Entry, Line
from deliverables.evidence.attaching import attach, sniff
from deliverables.models import AcceptedFinding, Deliverable, Project, Step, Submission
from experts.missions.models import Mission, MissionStep
from experts.people.models import Expert
from releases import actions
from releases.models import Pack
from releases.packs.pack import HEAD
from releases.reading.issued_files import CHECK
from tests import databases, make
from tests.deliverables.test_file_kinds import PDF, PNG
from tests.releases import cells
from tests.releases import forgeries as f
from tests.releases.packing import packed
from tests.volume import share, volume

pytestmark = [pytest.mark.django_db, pytest.mark.slow("a thousand forged packs are checked")]
FORMULA = '=HYPERLINK("http://x")'
CODE = compile(CHECK.read_bytes(), "check.py", "exec")


def a_life(folder: Path) -> Path:
    """A project with some life in it, two releases and several seals; its pack."""
    project = make.make_project(publishing="by_hand")
    make.make_component(make.make_project("other", publishing="by_hand"))
    by = make.make_member(project)
    _planned(project)
    seal("planned")
    _worked(project)
    seal("worked")
    actions.publish(project, by=by)
    _spent(project)
    _proved(project, by)
    older = packed(project, folder, "before", files=True)
    _changed(project, by)
    actions.publish(project, by=by)
    heads = Seal.objects.order_by("number").values_list("head", flat=True)
    today = timezone.localdate()
    given: dict[str, Any] = {"first": dt.date(today.year, 1, 1), "last": today, "files": True}
    bag = packed(project, folder, heads=list(heads), **given)
    nodes = f.lines_of(older / f.NODES) + _under_the_last_seal(Pack.objects.earliest("pk"))
    (bag.parent / "nodes.txt").write_text("".join(f"{text}\n" for text in nodes), "utf-8")
    older.rename(bag.parent / "older")
    return bag


def _under_the_last_seal(pack: Pack) -> list[str]:
    """What shows that the record of a pack stands there: whoever keeps the register has it."""
    book = Book.objects.get(ref=f"releases_pack:{pack.pk}")
    return proof({Seal.objects.latest("number").number: [book]}, 0).nodes


def _planned(project: Project) -> None:
    for number in (1, 2):
        component = make.make_component(project, number)
        for code in (f"D{number}.1", f"D{number}.2"):
            row = make.make_deliverable(
                component, code, title_lv='Āķis, "x"\n;', due_current="2026-12"
            )
            make.make_item(row, f"{code}.1", title_en=f"Part of {code}")
        make.make_indicator(component, f"I{number}.1")
        make.make_activity(component, f"A{number}.1")
    plan = make.make_plan(project)
    for activity in project.activities.all():
        make.make_planned(plan, activity)
    heading = make.make_heading(project)
    for number in (1, 2, 3):
        make.make_line(project, f"B{number}", heading=heading, title_en=f"Line {number}")


def _worked(project: Project) -> None:
    first, second = project.activities.order_by("code")
    office = make.make_institution()
    for number, activity in ((1, first), (2, second), (3, first)):
        expert = make.make_expert(f"LV-E0{number}", institution=office, name="Canary Name")
        make.make_assignment(project, f"A{number}", expert=expert)
        begun = dt.date(2026, 5, 4) + dt.timedelta(30 * number)
        make.make_worked(activity, expert, 3, f"M{number}", from_on=begun)
    for number, indicator in enumerate(project.indicators.all()):
        make.make_value(indicator, value=5 + number)


def _spent(project: Project) -> None:
    make.make_rate(project)
    for number, line in enumerate(Line.objects.filter(project=project).order_by("code")):
        make.make_entry(line, f"P{number}", amount=f"{number}000.00")
        spent: dict[str, Any] = {"kind": "spent", "on": "2026-06"}
        wrong = make.make_entry(line, f"S{number}", amount=f"{number}2.50", **spent)
        why = {"note_lv": "Kļūda", "note_en": "Error", "corrects": wrong}
        make.make_entry(line, f"T{number}", amount=f"{number}5.20", **spent, **why)


def _proved(project: Project, by: Any) -> None:
    row = Deliverable.objects.get(code="D1.1")
    sniffed, _wrong = sniff([SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.png", PNG)])
    attach([row], sniffed, by=by, shows_lv="a", shows_en="a")
    make.make_evidence(project, "E1", deliverable=row)
    make.make_evidence(project, "E2", title_en=FORMULA)
    now = timezone.now()
    step: dict[str, Any] = {"by": by, "at": now}
    told: dict[str, Any] = {"project": project, "by": by.code, "at": now}
    for mission in Mission.objects.all():
        Step.objects.create(
            deliverable=row, verb="deliver", begins="planned", ends="delivered", **step
        )
        MissionStep.objects.create(
            project=project, mission=mission, verb="approve", ends="approved", **step
        )
        Submission.objects.create(on="2026-06-30", content=[{"code": FORMULA}], **told)
        AcceptedFinding.objects.create(key=f"k {mission.code}", reason=FORMULA, **told)


def _changed(project: Project, by: Any) -> None:
    """Rows are changed, and some are gone again."""
    project.deliverables.update(note_en="Now it has one", weight=3)
    project.deliverables.get(code="D1.2").items.all().delete()
    project.evidence.filter(code="E1").delete()
    Expert.objects.filter(code="LV-E02").update(country="EE")
    Entry.objects.filter(code="S1").update(ledger_ref="2026/118")
    Project.objects.filter(pk=project.pk).update(title_en="Renamed")


@pytest.fixture(scope="module")
def genuine(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Path]:
    """The pack, unpacked; its database is one that no other test reads."""
    folder = tmp_path_factory.mktemp("genuine")
    with django_db_blocker.unblock(), databases.filled("forged", lambda: a_life(folder)) as bag:
        yield bag


def checked(bag: Path, *heads: str) -> tuple[int, str]:
    """What the genuine script says of a bag, and how it ends; as `python3 check.py HEAD`."""
    told, given = io.StringIO(), sys.argv
    space: dict[str, Any] = {"__name__": "check", "__file__": str(bag / "check.py")}
    sys.argv = ["check.py", *heads]
    try:
        with contextlib.chdir(bag), contextlib.redirect_stdout(told):
            exec(CODE, space)  # noqa: S102 - a script of this project
            ended = space["main"]()
    finally:
        sys.argv = given
    return int(ended or 0), told.getvalue()


class Forger:
    """Makes all agree with what was forged; that itself is left as it is."""

    def __init__(self, bag: Path, genuine: Path) -> None:
        self.bag, self.genuine, self.head = bag, genuine, f.head_of(genuine)
        names = sorted({*names_in(bag), *names_in(genuine)})
        self.forged = {name for name in names if data_of(bag / name) != data_of(genuine / name)}

    def put(self, name: str, data: bytes) -> None:
        if name not in self.forged:
            (self.bag / name).write_bytes(data)

    def recompute(self) -> None:
        self.describe()
        self.listing()
        self.close()

    def invent(self) -> None:
        """All but the heads that stand elsewhere."""
        self.replace(f.RELEASE, f.EVENTS, f.INFO)
        if f.EVENTS not in self.forged:
            Agreeing(self).agree()
        self.describe()
        self.listing()
        self.replace(f.LIST, f.EVENTS)
        head = Retelling(self).retell().encode()
        for path in [self.bag / name for name in (f.INFO, *f.READMES)]:
            if path.exists():
                path.write_bytes(path.read_bytes().replace(self.head.encode(), head))
        self.close()

    def replace(self, name: str, *told: str) -> None:
        """The digest of a file, where it is told."""
        old, new = (sha256(data_of(one / name)).encode() for one in (self.genuine, self.bag))
        for path in [self.bag / one for one in told]:
            if path.exists():
                path.write_bytes(path.read_bytes().replace(old, new))

    def describe(self) -> None:
        """The control totals, and the sizes and digests of the tables."""
        rows = cells.read((self.genuine / f.TOTALS).read_bytes())
        for row in rows[1:]:
            row[4] = self._total(*row)
        self.put(f.TOTALS, cells.written(rows))
        package = f.load(self.genuine / f.PACKAGE)
        for resource in package["resources"]:
            data = data_of(self.bag / "data" / resource["path"])
            resource |= {"bytes": len(data), "hash": f"sha256:{sha256(data)}"}
        self.put(f.PACKAGE, json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n")

    def _total(self, file: str, total: str, column: str, kind: str, value: str) -> str:
        try:
            header, *read = cells.read(data_of(self.bag / "data" / file))
            rows = [dict(zip(header, map(cells.plain, row), strict=True)) for row in read]
            if total != "rows":
                rows = [r for r in rows if r.get("counts") != "no" and kind in ("", r.get("kind"))]
            found = sum(Decimal(row[column] or 0) for row in rows) if column else len(rows)
        except (ValueError, InvalidOperation, LookupError):
            return value  # of what is no table any more
        return value if Decimal(value) == found else str(found)

    def listing(self) -> None:
        beside = (f.INFO, *f.BESIDE)
        found = []
        for name in names_in(self.bag):
            if name in beside or (name.startswith("data/") and not name.startswith(f.AUDIT)):
                data = (self.bag / name).read_bytes()
                data = data.replace(self.head.encode(), HEAD.encode()) if name in beside else data
                found.append(f"{sha256(data)}  {name}\n")
        self.put(f.LIST, "".join(found).encode())

    def close(self) -> None:
        for manifest, of_data in ((f.MANIFEST, True), (f.TAGS, False)):
            names = [n for n in names_in(self.bag) if n.startswith("data/") is of_data]
            names = [name for name in names if name != f.TAGS]
            found = [f"{sha256(data_of(self.bag / name))}  {name}\n" for name in names]
            self.put(manifest, "".join(found).encode())


def names_in(bag: Path) -> list[str]:
    return sorted(path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file())


def data_of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Agreeing:
    """Rewrites the events of the cells that were forged, and what else is made of them."""

    def __init__(self, forger: Forger) -> None:
        self.bag, self.genuine, self.forged = forger.bag, forger.genuine, forger.forged
        self.recipes = f.recipes(self.genuine)
        self.events = [json.loads(line) for line in f.lines_of(self.genuine / f.EVENTS)]
        self.rows: dict[str, dict[int, dict[str, Any]]] = {}
        for event in self.events:
            rows = self.rows.setdefault(event["table"], {})
            rows[event["row"]] = rows.get(event["row"], {}) | (event["after"] or {})
            if event["operation"] == "delete":
                del rows[event["row"]]

    def agree(self) -> None:
        for name, recipe in self.recipes.items():
            if f"data/{name}" in self.forged and (self.bag / "data" / name).exists():
                self._table(name, recipe)
        text = "".join(f"{as_text(event)}\n" for event in self.events)
        (self.bag / f.EVENTS).write_bytes(text.encode())

    def _keys(self, recipe: dict[str, Any]) -> list[int]:
        """In the order of the rows of the file."""
        rows = self.rows.get(recipe["rows"], {}).items()
        return sorted(k for k, row in rows if row.items() >= recipe["only"].items())

    def _table(self, name: str, recipe: dict[str, Any]) -> None:
        header, *before = cells.read((self.genuine / "data" / name).read_bytes())
        after = cells.read(data_of(self.bag / "data" / name).decode(errors="replace").encode())
        keys, table = self._keys(recipe), recipe["rows"]
        assert len(keys) == len(before), name
        if after[:1] != [header] or {len(row) for row in after} != {len(header)}:
            return
        if len(after) == len(before):  # a row is gone
            gone = [n for n, row in enumerate(before) if row not in after[n + 1 : n + 2]][0]
            which = table, keys[gone]
            self.events = [e for e in self.events if (e["table"], e["row"]) != which]
        elif len(after) == len(before) + 1:
            for key, old, new in zip(keys, before, after[1:], strict=True):
                for column, was, cell in zip(recipe["columns"], old, new, strict=True):
                    if was != cell and column.way.isidentifier():
                        self._set(table, key, column.way, cell)

    def _set(self, table: str, key: int, name: str, cell: str) -> None:
        for event in reversed(self.events):
            here = (event["table"], event["row"]) == (table, key)
            if here and name in (event["after"] or {}):
                event["after"][name] = _value(cells.plain(cell), event["after"][name])
                break
        for file, recipe in self.recipes.items():
            path = self.bag / "data" / file
            for place, column in enumerate(recipe["columns"]):
                keys = self._keys(recipe)
                ends = [self._end(recipe["rows"], k, column.way.split("/")) for k in keys]
                if (table, key, name) in ends and f"data/{file}" not in self.forged:
                    rows = cells.read(path.read_bytes())
                    for row, end in zip(rows[1:], ends, strict=True):
                        row[place] = cell if end == (table, key, name) else row[place]
                    path.write_bytes(cells.written(rows))

    def _end(self, table: str, key: Any, way: list[str]) -> tuple[str, Any, str]:
        """Where a way leads to."""
        while len(way) > 1:
            row = self.rows.get(table, {}).get(key, {})
            key, table, way = row.get(way[0]), way[1], way[2:]
        return table, key, way[0]


def _value(text: str, old: Any) -> Any:
    """A cell as an event holds it."""
    if isinstance(old, bool):
        return text == "yes"
    if isinstance(old, int | float):
        with contextlib.suppress(ValueError):
            return int(text) if text.lstrip("-").isdigit() else float(text)
    return (text.removeprefix("'") or None) if old is None else text.removeprefix("'")


class Retelling:
    """Makes the nodes, the seals and the head anew for events, books and nodes as they are now."""

    def __init__(self, forger: Forger) -> None:
        self.bag, self.genuine, self.forged = forger.bag, forger.genuine, forger.forged
        self.head, self.heads, self.made = forger.head, dict[str, str](), dict[str, str]()
        before, after = f.lines_of(self.genuine / f.NODES), f.lines_of(self.bag / f.NODES)
        self.nodes = {digest(text): text for text in before}
        gone, new = set(before) - set(after), set(after) - set(before)
        if len(gone) == len(new) == 1:  # one that was changed
            self.nodes[digest(gone.pop())] = new.pop()
        self.leaves = dict[str, str]()
        self._books()

    def _books(self) -> None:
        """Each leaf of a book as it is now."""
        try:
            books = f.load(self.bag / f.BOOKS)
            after = _lines_of_books(f.lines_of(self.bag / f.EVENTS), books)
        except (OSError, ValueError):
            return  # of what cannot be read, nothing can be made
        salts = f.load(self.genuine / f.BOOKS)
        before = _lines_of_books(f.lines_of(self.genuine / f.EVENTS), salts)
        for ref, lines in before.items():
            place, states = 0, _states(after.get(ref, []))
            known = [number for number, _sha in after.get(ref, [])]
            for count, state in enumerate(_states(lines)[1:], start=1):
                number = lines[count - 1][0]
                place = known.index(number) + 1 if number in known else place
                place = len(known) if count == len(lines) else place
                if place:
                    text = f"{mark_of_book(books[ref], ref)} {place} {states[place]}"
                    self.leaves[f"{mark_of_book(salts[ref], ref)} {count} {state}"] = text

    def retell(self) -> str:
        """The new head."""
        before, seals = f.lines_of(self.genuine / f.SEALS), f.lines_of(self.bag / f.SEALS)
        for place, text in enumerate(seals):
            old = before[place] if len(before) == len(seals) else text
            seals[place] = re.sub(r"[0-9a-f]{64}", lambda one: self._new(one[0]), text)
            self.heads[digest(old)] = digest(seals[place])
        nodes = [self._node(text) for text in f.lines_of(self.bag / f.NODES)]
        self._write(f.SEALS, seals)
        if f.NODES not in self.forged:
            with contextlib.suppress(OSError, LookupError, ValueError):  # of what cannot be read
                nodes = f.shown(self.bag, nodes)
        self._write(f.NODES, nodes)
        return digest(seals[-1]) if seals else self.head

    def _write(self, name: str, lines: list[str]) -> None:
        if (self.bag / name).exists():
            (self.bag / name).write_bytes("".join(f"{line}\n" for line in lines).encode())

    def _new(self, old: str) -> str:
        """What a head, or the digest of a node, is now."""
        if old in self.nodes and old not in self.made:
            self.made[old] = digest(self._node(self.nodes[old]))
        return self.heads.get(old, self.made.get(old, old))

    def _node(self, text: str) -> str:
        *first, last = text.split(" ")
        if len(first) == 2:
            return self.leaves.get(text, " ".join([*first, self.heads.get(last, last)]))
        return " ".join(self._new(side) for side in (*first, last))


def _lines_of_books(texts: list[str], books: dict[str, str]) -> dict[str, list[tuple[int, str]]]:
    """Of each book the numbers of its events, and their SHA-256."""
    found = dict[str, list[tuple[int, str]]]()
    for text in texts:
        event = json.loads(text)
        found.setdefault(f.book_of(event, books), []).append((event["event"], digest(text)))
    return {ref: lines for ref, lines in found.items() if ref in books}


def _states(lines: list[tuple[int, str]]) -> list[str]:
    found = [BLANK]
    for _number, sha in lines:
        found.append(carried(found[-1], sha))
    return found


STRENGTHS: dict[str, Callable[[Forger], object]] = {
    "naive": lambda forger: None,
    "recomputes": Forger.recompute,
    "invents": Forger.invent,
}


def said(told: str, words: str, *, is_naive: bool) -> bool:
    """Whether one line has all the words, or the other ones that will do instead."""
    lines = [set(re.split(r"[^\w.-]+", line)) for line in told.splitlines()]
    ways = words.split("|")[: 1 if is_naive else None]
    return any(set(way.split()) <= line for way in ways for line in lines)


def unnoticed(bag: Path, genuine: Path, strength: str, words: str) -> str:
    """What is wrong with how a check of this forged pack ends, under the genuine head. Where all
    was invented anew, it is enough to say of the seals that none has that head."""
    head, seals = f.head_of(genuine), f.lines_of(bag / f.SEALS)
    if strength == "invents" and seals and digest(seals[-1]) != head:
        words += f"|seals.jsonl {head}"
    ended, told = checked(bag, head)
    if ended == 1 and said(told, words, is_naive=strength == "naive"):
        return ""
    return f"ended with {ended} and did not say {words}: {told}"


@pytest.mark.parametrize("strength", STRENGTHS)
def test_forgeries_of_every_kind_are_all_found_and_located(genuine: Path, strength: str) -> None:
    chance = random.Random(20261129)  # noqa: S311 - the same each time
    kinds = share([*f.KINDS], [*STRENGTHS].index(strength), of=2)
    missed, bag = list[str](), genuine.parent / strength
    for number in range(max(volume(1000) // len(STRENGTHS), len(kinds))):
        name = kinds[number % len(kinds)]
        for _try in range(100):
            shutil.rmtree(bag, ignore_errors=True)
            shutil.copytree(genuine, bag)
            if words := f.KINDS[name](bag, chance):
                break
        assert words, f"{name} changes nothing"
        STRENGTHS[strength](Forger(bag, genuine))
        assert Forger(bag, genuine).forged, f"{name} is undone"
        if why := unnoticed(bag, genuine, strength, words):
            missed.append(f"{number} {name} {why}")
    assert missed == [], "\n".join(missed)


def test_the_untouched_pack_is_accepted_under_its_head_alone(genuine: Path) -> None:
    ended, told = checked(genuine, f.head_of(genuine))
    assert (ended, told.splitlines()[-1]) == (0, "All of it stands under the head that you gave.")
    ended, told = checked(genuine)
    assert (ended, "NOT compared" in told) == (2, True)
    ended, told = checked(genuine, "f" * 64)
    assert (ended, "f" * 64 in told) == (1, True)


def test_a_forger_who_forged_nothing_changes_nothing(genuine: Path) -> None:
    """What he recomputes is what the register wrote: else any check would find him."""
    for name, makes in STRENGTHS.items():
        bag = genuine.parent / f"again-{name}"
        shutil.copytree(genuine, bag)
        makes(Forger(bag, genuine))
        assert Forger(bag, genuine).forged == set(), name


@pytest.mark.parametrize(
    "name", ["a cell that is a text", "README.en.txt: altered", "an event: its who"]
)
def test_what_is_invented_anew_agrees_in_itself(genuine: Path, name: str) -> None:
    """A control: but for the head that somebody holds, the forger would not be found."""
    bag = genuine.parent / "agreeing"
    shutil.rmtree(bag, ignore_errors=True)
    shutil.copytree(genuine, bag)
    assert f.KINDS[name](bag, random.Random(20261129))  # noqa: S311 - the same each time
    Forger(bag, genuine).invent()
    assert checked(bag, f.head_of(bag))[0] == 0
    assert f.head_of(bag) != f.head_of(genuine)
