"""Kinds of forgeries of an unpacked audit pack.

Each changes a pack and gives back the words that a check of it has to say in one line: the file,
and of one cell of a table its column; None where this draw changed nothing. "|files.txt" is
added where nothing but the sealed list of files tells it, once all else has been recomputed.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

from audit.seals.books import BLANK, books_of, mark_of_book, mark_of_seal
from audit.seals.sealing import as_text
from audit.seals.tree import digest
from tests.releases.cells import plain, raw, read, written

Forge = Callable[[Path, random.Random], "str | None"]
Bytes = Callable[[bytes, random.Random], bytes]
Change = Callable[[Any, random.Random], object]  # of rows, of lines or of JSON, in place
AUDIT = "data/audit/"
LIST, EVENTS, SEALS = f"{AUDIT}files.txt", f"{AUDIT}events.jsonl", f"{AUDIT}seals.jsonl"
NODES, BOOKS = f"{AUDIT}nodes.txt", f"{AUDIT}books.json"
TOTALS, TABLES, RELEASE = "data/control_totals.csv", "data/tables.json", "data/release.json"
PACKAGE, CSVW, PACK = "data/datapackage.json", "data/csv-metadata.json", "data/pack.json"
MANIFEST, TAGS, INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"
READMES = ("README.en.txt", "README.lv.txt")
BESIDE = (*READMES, "arithmetic.en.md", "arithmetic.lv.md", "queries.csv", "check.py")
ONLY_LISTED = {*BESIDE, *(Path(one).name for one in (PACKAGE, CSVW, PACK, TABLES))}
SORTS = {"integer": "number", "money": "number", "decimal": "number", "moment": "date"}
SORTS |= {"choice": "code", "choices": "code"}
KINDS: dict[str, Forge] = {}


def load(path: Path) -> Any:
    return json.loads(path.read_bytes())


def lines_of(path: Path) -> list[str]:
    return path.read_bytes().decode(errors="replace").split("\n")[:-1] if path.exists() else []


def tables(bag: Path, least: int = 0) -> list[Path]:
    """The tables that have so many rows."""
    found = [bag / "data" / name for name in load(bag / TABLES)]
    return [path for path in sorted(found) if len(read(path.read_bytes())) > least]


def book_of(event: dict[str, Any], books: Iterable[str]) -> str:
    refs = books_of(event["about"], event["table"], event["row"])
    return next((ref for ref in refs if ref in books), "")


def head_of(bag: Path) -> str:
    return str(re.findall(r"Audit-Log-Head: (\w+)", (bag / INFO).read_text("utf-8"))[0])


def words(path: Path, also: str = "") -> str:
    """What has to be said where this file was forged."""
    also = also or "files.txt" * (path.name in ONLY_LISTED or path.parent.name == "evidence")
    return f"{path.name}|{also}" if also else path.name


def one_of(change: Bytes, *names: str, least: int = 0, also: str = "") -> Forge:
    """One of these files is changed, or of the tables that have so many rows."""

    def forge(bag: Path, chance: random.Random) -> str | None:
        path = chance.choice([bag / name for name in names] or tables(bag, least))
        before = path.read_bytes()
        path.write_bytes(change(before, chance))
        return words(path, also) if path.read_bytes() != before else None

    return forge


def rows(change: Change, first: int = 0) -> Bytes:
    """Of a CSV; the rows before the first one stay as they are."""

    def changed(data: bytes, chance: random.Random) -> bytes:
        found = read(data)
        below = found[first:]
        change(below, chance)
        return written([*found[:first], *below])

    return changed


def lines(change: Change) -> Bytes:
    def changed(data: bytes, chance: random.Random) -> bytes:
        found = re.findall(rb"[^\n]*\n", data)
        change(found, chance)
        return b"".join(found)

    return changed


def whole(change: Change) -> Bytes:
    """Of JSON, which is written as it was: on one line with its keys sorted, or on many."""

    def changed(data: bytes, chance: random.Random) -> bytes:
        value = json.loads(data)
        change(value, chance)
        if b"\n " in data:
            return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
        return as_text(value).encode() + b"\n" * data.endswith(b"\n")

    return changed


def one_line(change: Bytes) -> Bytes:
    def on_one(found: list[bytes], chance: random.Random) -> None:
        place = chance.randrange(len(found))
        found[place] = change(found[place], chance)

    return lines(on_one)


def within(found: re.Pattern[bytes], change: Bytes) -> Bytes:
    return lambda data, chance: found.sub(lambda one: change(one[0], chance), data)


def altered(data: bytes, chance: random.Random) -> bytes:
    """One letter or digit is another one."""
    place = chance.choice([one.start() for one in re.finditer(rb"[0-9a-zA-Z]", data)] or [0])
    new = chance.choice([bytes([one]) for one in b"0123456789abcdef" if one != data[place]])
    return data[:place] + new + data[place + 1 :]


class Column(NamedTuple):
    key: str
    kind: str
    way: str  # "-" where no event tells it

    @property
    def sort(self) -> str:
        sort = "code" if "/" in self.way else SORTS.get(self.kind, self.kind)
        return sort if sort in ("number", "date", "boolean", "code") else "text"


def recipes(bag: Path) -> dict[str, Any]:
    """How each table is made of events, with its columns as such."""
    found: dict[str, Any] = load(bag / TABLES)
    for recipe in found.values():
        recipe["columns"] = [Column(*told.split(" ")) for told in recipe["columns"]]
    return found


def _other(text: str, sort: str, chance: random.Random) -> str:
    """Another cell of the same sort."""
    if sort == "boolean":
        return chance.choice([text.upper() or "no", "no" if text == "yes" else "yes"])
    if sort == "number":  # another one, or the same one written otherwise
        more = str(Decimal(text or 7) + 1)
        return chance.choice([f"0{text}", f"+{text}", f"{text}0", more] if text else [more])
    if sort == "date":
        return re.sub(r"\d(?=\D*$)", lambda m: str((int(m[0]) + 1) % 10), text) or "2026-01-02"
    ways = (f"{text}x", text[:-1], text.swapcase(), f"{text} ", normalize("NFD", text))
    return chance.choice([way for way in ways if way != text])


def _cell(change: Callable[..., str | None], sort: str = "", told: str = "way") -> Forge:
    """A cell of a column that events tell; of one that a query computed ("no way"); or of one
    that is said to be so ("cut"). `change` gives its new text; None swaps it with another one."""

    def forge(bag: Path, chance: random.Random) -> str | None:
        told_of, columns = recipes(bag), []
        for path in tables(bag, least=1):
            for place, column in enumerate(told_of[path.name]["columns"]):
                wanted = sort in ("", column.sort, column.key)
                if wanted and (column.way == "-") is (told == "no way"):
                    columns.append((path, place, column))
        path, place, column = chance.choice(columns)
        found = read(path.read_bytes())
        row, other = chance.choice(found[1:]), chance.choice(found[1:])
        old, new = plain(row[place]), change(plain(row[place]), column.sort, chance)
        if new is None:
            row[place], other[place] = other[place], row[place]
        else:
            row[place] = raw(new)
        path.write_bytes(written(found))
        if told == "cut":
            way = re.compile(rf'"({column.key} {column.kind}) \S+"'.encode())
            one_of(lambda data, _: way.sub(rb'"\1 -"', data), TABLES)(bag, chance)
        named = f"{path.name} {column.key}" if told == "way" else words(path, "files.txt")
        return named if plain(row[place]) != old else None

    return forge


for _sort in ("number", "text", "date", "boolean", "code"):
    KINDS[f"a cell that is a {_sort}"] = _cell(_other, _sort)
KINDS["a cell that says whether its row counts"] = _cell(_other, "counts")
KINDS["a cell that a query computed"] = _cell(_other, told="no way")
KINDS["a cell, and the way to it cut"] = _cell(_other, told="cut")
KINDS["a cell emptied"] = _cell(lambda text, *_: "")
KINDS["the guard of a cell taken away"] = _cell(lambda text, *_: text.removeprefix("'"), "text")
KINDS["two cells of a column swapped"] = _cell(lambda *_: None)


def _swap_columns(found: list[list[str]], chance: random.Random) -> None:
    one, other = chance.sample(range(len(found[0])), 2)
    for row in found:
        row[one], row[other] = row[other], row[one]


KINDS["a column dropped"] = one_of(rows(lambda found, _: [row.pop(len(row) // 2) for row in found]))
KINDS["a column added"] = one_of(rows(lambda found, chance: [row.append("1") for row in found]))
KINDS["a column renamed"] = one_of(within(re.compile(rb"^[^\r\n]+"), altered))
KINDS["two columns swapped"] = one_of(rows(_swap_columns))
KINDS["two headers swapped"] = one_of(rows(lambda found, chance: _swap_columns(found[:1], chance)))
KINDS["two cells of a row swapped"] = one_of(
    rows(lambda found, chance: _swap_columns([chance.choice(found[1:])], chance)), least=1
)
KINDS["a row: a cell more"] = one_of(
    rows(lambda found, chance: chance.choice(found).append("1"), first=1), least=1
)
KINDS["a header dropped"] = one_of(rows(lambda found, chance: found.pop(0)))
for _name, _how in {
    "quotes": lambda data, chance: re.sub(rb"(?m)^(\w+)", rb'"\1"', data),
    "a byte order mark": lambda data, chance: b"\xef\xbb\xbf" + data,
    "a blank line behind": lambda data, chance: data + b"\r\n",
    "a space at a line's end": lambda data, chance: data.replace(b"\r\n", b" \r\n", 1),
    "other ends of lines": lambda data, chance: data.replace(b"\r\n", b"\n"),
    "no end of the last line": lambda data, chance: data[:-2],
}.items():
    KINDS[f"a table: {_name}"] = one_of(_how, also="files.txt")
    KINDS[f"the totals: {_name}"] = one_of(_how, TOTALS, also="files.txt")


def _file(change: Callable[[Path, random.Random], object], names: str = "**/*") -> Forge:
    def forge(bag: Path, chance: random.Random) -> str | None:
        path = chance.choice(sorted(path for path in bag.glob(names) if path.is_file()))
        change(path, chance)
        return words(path) if names == "**/*" else path.name

    return forge


KINDS["a file emptied"] = _file(lambda path, chance: path.write_bytes(b""))
KINDS["a file removed"] = _file(lambda path, chance: path.unlink())
KINDS["a file renamed"] = _file(lambda path, chance: path.rename(f"{path}.old"))
KINDS["a file cut short"] = _file(lambda path, _: path.write_bytes(path.read_bytes()[:-9]))
KINDS["a file of the trail emptied"] = _file(lambda path, _: path.write_bytes(b""), f"{AUDIT}*")
KINDS["a file of the trail cut short"] = _file(
    lambda path, _: path.write_bytes(path.read_bytes()[:-9]), f"{AUDIT}*"
)
KINDS["evidence changed"] = _file(lambda path, _: path.write_bytes(b"x"), "data/evidence/*")


def _added(folder: str, *names: str) -> Forge:
    def forge(bag: Path, chance: random.Random) -> str | None:
        path = bag / folder / chance.choice(names)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x,y\r\n1,2\r\n")
        return words(path, "files.txt" * (folder[:4] == "data" and folder != AUDIT))

    return forge


KINDS["a file added beside the data"] = _added("", "extra.txt", ".hidden", "more/extra.txt")
KINDS["a file added to the data"] = _added("data", "extra.csv", ".hidden", "x/y.csv")
KINDS["a file added to the trail"] = _added(AUDIT, "extra.jsonl", ".hidden")
KINDS["evidence added"] = _added("data/evidence", "LOST.txt", f"{BLANK}.pdf")


def _older(*names: str) -> Forge:
    """As it stands in the pack beside, which the register gave out before."""

    def forge(bag: Path, chance: random.Random) -> str | None:
        name = chance.choice(names or [f"data/{path.name}" for path in tables(bag)])
        before = (bag / name).read_bytes()
        shutil.copy(bag.parent / "older" / name, bag / name)
        return Path(name).name if (bag / name).read_bytes() != before else None

    return forge


def _older_pack(bag: Path, chance: random.Random) -> str | None:
    head = head_of(bag)
    shutil.rmtree(bag)
    shutil.copytree(bag.parent / "older", bag)
    return head


def shown(bag: Path, nodes: Iterable[str]) -> list[str]:
    """Those of the nodes that stand on the ways that a pack shows, in their order there."""
    texts, found = {digest(text): text for text in nodes}, set[str]()
    seals = [json.loads(line) for line in (bag / SEALS).read_bytes().splitlines()]
    until, numbers = load(bag / PACK)["seal"], [seal["seal"] for seal in seals]
    marks = {ref: mark_of_book(salt, ref) for ref, salt in load(bag / BOOKS).items()}
    own = [mark for ref, mark in marks.items() if ref.startswith("releases_pack:")]
    for number, seal in zip(numbers, seals, strict=True):
        wanted = [mark for mark in marks.values() if number <= until and mark not in own]
        wanted += [mark_of_seal(until)] * (number > until)
        wanted += [*own, *map(mark_of_seal, numbers[:-1])] if seal is seals[-1] else []
        for mark in wanted:
            node = seal["root"]
            for bit in f"{int(mark, 16):0256b}":
                if node in texts:
                    found.add(texts[node])
                    node = [*texts[node].split(" "), "", ""][int(bit)]
    return sorted(found)


KINDS["an older release"] = _older(RELEASE)
KINDS["an older table"] = _older()
KINDS["an older file of the trail"] = _older(EVENTS, SEALS, NODES, LIST)
KINDS["an older pack"] = _older_pack


def _swap(found: list[Any], chance: random.Random) -> None:
    one, other = chance.choices(range(len(found)), k=2)
    found[one], found[other] = found[other], found[one]


WAYS: dict[str, Change] = {
    "dropped": lambda found, chance: found.remove(chance.choice(found)),
    "doubled": lambda found, chance: found.insert(chance.randint(0, 9), chance.choice(found)),
    "moved": lambda found, chance: found.append(found.pop(chance.randrange(len(found)))),
    "swapped": _swap,
    "first left alone": lambda found, chance: found.__delitem__(slice(1, None)),
    "last dropped": lambda found, chance: found.pop(),
}
for _way, _changed in WAYS.items():
    KINDS[f"a row: {_way}"] = one_of(rows(_changed, first=1), least=2)
    KINDS[f"a total: {_way}"] = one_of(rows(_changed, first=1), TOTALS, also="files.txt")
WAYS["inserted"] = lambda found, chance: found.insert(3, altered(chance.choice(found), chance))
for _way, _changed in WAYS.items():
    KINDS[f"an event: {_way}"] = one_of(lines(_changed), EVENTS)
    KINDS[f"a seal: {_way}"] = one_of(lines(_changed), SEALS)
    KINDS[f"a node: {_way}"] = one_of(lines(_changed), NODES)
    KINDS[f"a line of files.txt: {_way}"] = one_of(lines(_changed), LIST)
    KINDS[f"a line of check.py: {_way}"] = one_of(lines(_changed), "check.py")
    KINDS[f"a line of a text beside: {_way}"] = one_of(lines(_changed), *BESIDE[:-1])
for _of in (NODES, LIST, "bagit.txt", *BESIDE, INFO):
    KINDS[f"{_of}: altered"] = one_of(one_line(altered), _of, also="files.txt" * (_of == INFO))
KINDS["a total: altered"] = one_of(one_line(altered), TOTALS)
_value = re.compile(rb"(?<=,)\d[\d.]*(?=\r)")
KINDS["a total: a zero before"] = one_of(within(_value, lambda old, _: b"0" + old), TOTALS)
KINDS["check.py replaced"] = one_of(lambda *_: b'print("All of it stands.")\n', "check.py")
KINDS["a manifest: a line doubled"] = one_of(lines(WAYS["doubled"]), MANIFEST, TAGS)
KINDS["a manifest: two lines swapped"] = one_of(lines(WAYS["swapped"]), MANIFEST, TAGS)


def _manifest(change: Bytes) -> Forge:
    """A line of a manifest; what has to be named is the file of that line."""

    def forge(bag: Path, chance: random.Random) -> str | None:
        path = bag / chance.choice((MANIFEST, TAGS))
        found = path.read_bytes().splitlines(keepends=True)
        place = chance.randrange(len(found))
        file = Path(found[place].decode().split()[1]).name
        found[place] = change(found[place], chance)
        path.write_bytes(b"".join(found))
        return file

    return forge


KINDS["a manifest: a line dropped"] = _manifest(lambda line, chance: b"")
KINDS["a manifest: a digest"] = _manifest(within(re.compile(rb"^\w{64}"), altered))
KINDS["a manifest: a name"] = _manifest(lambda line, chance: line[:66] + b"./" + line[66:])
KINDS["a manifest: a second digest"] = _manifest(lambda line, _: line + b"0" * 64 + line[64:])


def _leaf(value: Any, chance: random.Random) -> None:
    """Something within is another value."""
    key = chance.choice([*value] if isinstance(value, dict) else range(len(value)))
    old = value[key]
    if isinstance(old, dict | list) and old:
        _leaf(old, chance)
    elif isinstance(old, bool):
        value[key] = not old
    else:
        value[key] = old + 1 if isinstance(old, int | float) else f"{old or ''}x"


def _rule(recipes: Any, chance: random.Random) -> None:
    _leaf(chance.choice([one for one in recipes.values() if "counting" in one])["counting"], chance)


KINDS["a rule of what counts"] = one_of(whole(_rule), TABLES)


def put(key: str, *values: Any) -> Change:
    return lambda value, chance: value.update({key: chance.choice(values)})


for _key, _do in {
    "who": put("who", "U-0666", "system"), "through": put("through", "import"),
    "operation": put("operation", "insert", "update", "delete", "state"),
    "why": put("why", "other"), "row": put("row", 1, 2, 999), "event": put("event", 1, 999),
    "table": put("table", "deliverables_title"), "transaction": put("transaction", 1),
    "about": put("about", [], ["deliverables_project:999"]),
    "before": lambda value, chance: _leaf(value["before"] or [0], chance),
    "after": lambda value, chance: _leaf(value["after"] or [0], chance),
}.items():  # fmt: skip
    KINDS[f"an event: its {_key}"] = one_of(one_line(whole(_do)), EVENTS)
for _key, _do in {
    "occasion": put("occasion", "other"), "events": put("events", 0),
    "number": lambda value, chance: value.update(seal=value["seal"] + chance.choice([1, -1])),
    "root": put("root", "f" * 64), "prev": put("prev", "f" * 64),
}.items():  # fmt: skip
    KINDS[f"a seal: its {_key}"] = one_of(one_line(whole(_do)), SEALS)
for _name in (EVENTS, SEALS):
    _time = re.compile(rb'(?<="at":"\d{4}-\d\d-\d\dT\d\d:)\d')
    _later = one_line(within(_time, lambda old, chance: b"%d" % ((int(old) + 1) % 6)))
    KINDS[f"{Path(_name).name}: its at"] = one_of(_later, _name)
    _spaced = one_line(lambda line, _: line.replace(b'":', b'": '))
    KINDS[f"{Path(_name).name}: spaces"] = one_of(_spaced, _name)
for _name in (RELEASE, PACKAGE, CSVW, PACK, TABLES):
    KINDS[f"{Path(_name).name}: a value"] = one_of(whole(_leaf), _name)
for _key, _values in {"before": ("", "2026-01-01"), "seal": (1, 2), "book": ("x:1",)}.items():
    KINDS[f"pack.json: its {_key}"] = one_of(whole(put(_key, *_values)), PACK)


def _column(part: int, new: str = "") -> Change:
    """The key, the kind or the way of one column: as of another one, or a new one."""

    def on_one(recipes: Any, chance: random.Random) -> None:
        columns = chance.choice([*recipes.values()])["columns"]
        place, other = chance.randrange(len(columns)), chance.choice(columns)
        told = columns[place].split(" ")
        told[part] = new or other.split(" ")[part]
        columns[place] = " ".join(told)

    return on_one


for _key, _do in {
    "a key": _column(0),
    "a kind": _column(1),
    "a way": _column(2),
    "no way": _column(2, "-"),
    "only": lambda value, chance: value["expenditure.csv"].update(only={}),
    "a table dropped": lambda value, chance: value.pop(chance.choice([*value])),
}.items():
    KINDS[f"tables.json: {_key}"] = one_of(whole(_do), TABLES)


def _book(*, entry: bool, events: bool) -> Forge:
    """A book is dropped, or one half of it; a check may miss it where it is told."""

    def forge(bag: Path, chance: random.Random) -> str | None:
        books = load(bag / BOOKS)
        gone = chance.choice([*books])
        if events:
            found = (bag / EVENTS).read_bytes().splitlines(keepends=True)
            kept = [line for line in found if book_of(json.loads(line), books) != gone]
            (bag / EVENTS).write_bytes(b"".join(kept))
        if entry:
            one_of(whole(lambda value, chance: value.pop(gone)), BOOKS)(bag, chance)
        told = f"{re.split('[_:]', gone)[1]}s.csv" if gone[:8] != "releases" else "files.txt"
        return f"books.json|events.jsonl|{told}" if entry else f"events.jsonl|{told}"

    return forge


KINDS["a book dropped"] = _book(entry=True, events=True)
KINDS["a book without its entry"] = _book(entry=True, events=False)
KINDS["a book without its events"] = _book(entry=False, events=True)
KINDS["a book added"] = one_of(whole(put("experts_expert:999", "f" * 64)), BOOKS)
KINDS["a book twice"] = one_of(lines(lambda found, chance: found.insert(1, found[1])), BOOKS)
_salt = one_line(within(re.compile(rb"\w{64}"), altered))
KINDS["a salt"] = one_of(_salt, BOOKS, also="events.jsonl")
_head = re.compile(rb"\b[0-9a-f]{64}\b")
KINDS["a README: its head"] = one_of(within(_head, altered), *READMES)
KINDS["a README: its head blotted out"] = one_of(within(_head, lambda *_: b"x" * 64), *READMES)
for _key in ("Audit-Log-Head", "Period", "Release-Number", "Release-SHA256"):
    _line = re.compile(rf"(?<={_key}: ).*".encode())
    KINDS[f"bag-info.txt: {_key}"] = one_of(within(_line, altered), INFO)
    _line = re.compile(rf"{_key}: .*\n".encode())
    KINDS[f"bag-info.txt: no {_key}"] = one_of(within(_line, lambda *_: b""), INFO)
