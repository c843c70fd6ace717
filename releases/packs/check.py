"""python3 check.py [HEAD ...], in the folder of an audit pack: checks it, with nothing but Python.

HEAD: a head of the audit trail that you kept, or found where the register publishes them. Without
one, the pack is only compared with itself. What is compared, README.en.txt says in words.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

BESIDE = Path(__file__).resolve().parent
HERE = BESIDE if (BESIDE / "bagit.txt").exists() else Path.cwd()  # or a copy from elsewhere
PROOF = "data/audit/"
PROOFS = ("events.jsonl", "books.json", "seals.jsonl", "nodes.txt", "files.txt")
BLANK = "0" * 64  # what stands before the first event of a book
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")
PLACE = b"x" * 64  # where the head stands, in what was recorded before it was known
wrong: list[str] = []


def sha(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def read(name):
    path = HERE / name
    return path.read_bytes() if path.is_file() else b""


def text(name):
    return read(name).decode("utf-8", "surrogateescape")


def lines(name):
    return [line for line in text(name).split("\n") if line]


def table(name):
    return csv.reader(io.StringIO(text(name), newline=""))


@contextmanager
def reading(name):
    """Names the file, where it cannot be read."""
    try:
        yield
    except Exception as error:
        raise ValueError(f"{name}: {type(error).__name__}: {error}") from None


def exactly(name, written):
    """No byte more than what was understood of a file."""
    if read(name) != written.encode("utf-8", "surrogateescape"):
        wrong.append(f"{name}: there is more in it, or in another order, than what was checked")


# 1. The files are those that the manifests name, and no others.


def listed(name):
    return {line[66:]: line[:64] for line in lines(name)}


def check_files():
    tags = "tagmanifest-sha256.txt"
    named = listed("manifest-sha256.txt") | listed(tags)
    paths = [path for path in HERE.rglob("*") if path.is_symlink() or not path.is_dir()]
    names = sorted(path.relative_to(HERE).as_posix() for path in paths)
    there = {name: sha(read(name)) for name in names if name != tags}
    wrong.extend(f"{path.name}: it is a link, and no file" for path in paths if path.is_symlink())
    for name in sorted(named.keys() | there.keys()):
        if name not in named:
            wrong.append(f"{name}: no manifest names this file")
        elif name not in there:
            wrong.append(f"{name}: the file is missing")
        elif there[name] != named[name]:
            wrong.append(f"{name}: the file is not what the manifest says")
    for manifest, is_data in (("manifest-sha256.txt", True), (tags, False)):
        own = [name for name in there if name.startswith("data/") is is_data]
        exactly(manifest, "".join(f"{there[name]}  {name}\n" for name in own))
    exactly("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")


class Pack:
    def __init__(self):
        with reading("seals.jsonl"):
            self.seals = {json.loads(line)["seal"]: line for line in lines(f"{PROOF}seals.jsonl")}
            self.heads = {number: sha(line) for number, line in self.seals.items()}
            self.last = max(self.seals)
        self.nodes = {sha(line): line.split(" ") for line in lines(f"{PROOF}nodes.txt")}
        self.used = set()
        with reading("books.json"):
            self.books = json.loads(text(f"{PROOF}books.json"))  # name -> salt
        with reading("pack.json"):
            self.told = json.loads(text("data/pack.json"))
            for number in {*self.told["seals"], self.told["seal"]} - {0, *self.seals}:
                wrong.append(f"seals.jsonl: seal {number}, which pack.json names, is missing")
        self.lines = lines(f"{PROOF}events.jsonl")
        with reading("events.jsonl"):
            self.events = [json.loads(line, parse_float=Decimal) for line in self.lines]

    # 2. Seals follow one another, and each event has its place under them. A seal names a root: the
    # digest of a tree, in which each book (the events of a project, or of one row) has one place.

    def under(self, seal, mark):
        """Number and state that stand for a mark under a seal; (-1, "") where that is not shown."""
        node, parts = json.loads(self.seals[seal])["root"], []
        for bit in f"{int(mark, 16):0256b}":
            parts = self.nodes.get(node, [])
            self.used.add(node)
            if node != "-" and node not in self.nodes:
                wrong.append(f"nodes.txt: {node} is missing, on the way from seal {seal}")
            if len(parts) != 2:
                break
            node = parts[int(bit)]
        if node == "-" or (len(parts) == 3 and parts[0] != mark):
            return 0, BLANK
        with reading("nodes.txt"):
            return (int(parts[1]), parts[2]) if len(parts) == 3 else (-1, "")

    def check_seals(self, given):
        """Each was followed by the last one, and that of the tables by each that came later."""
        for head in set(given) - {*self.heads.values()}:
            wrong.append(f"seals.jsonl: no seal here has the head {head}: ask for a pack with it")
        pairs = [(number, self.last) for number in self.seals if number != self.last]
        pairs += [(self.told["seal"], n) for n in self.seals if n > self.told["seal"] > 0]
        for number, later in pairs:
            shown = self.under(later, sha(f"seal {number}"))
            if type(number) is not int or shown != (number, self.heads.get(number)):
                wrong.append(f"seals.jsonl: seal {number} is none that seal {later} followed")
        exactly(f"{PROOF}seals.jsonl", "".join(f"{self.seals[n]}\n" for n in sorted(self.seals)))

    def check_books(self):
        own = {book: [] for book in self.books}
        for line, event in zip(self.lines, self.events, strict=True):  # of a project or of a row
            is_about_it = self.told["book"] in event["about"]
            book = self.told["book"] if is_about_it else f"{event['table']}:{event['row']}"
            if book in own:
                own[book].append(line)
        for book, salt in self.books.items():
            states = [BLANK]
            for line in own[book]:
                states.append(sha(states[-1] + sha(line)))
            self.check_book(book, sha(f"{salt} {book}"), states)
        ordered = [line for book in own.values() for line in book]
        exactly(f"{PROOF}events.jsonl", "".join(f"{line}\n" for line in ordered))
        exactly(f"{PROOF}books.json", json.dumps(self.books, indent=1, sort_keys=True) + "\n")
        shown = sorted(" ".join(self.nodes[node]) for node in self.used & self.nodes.keys())
        exactly(f"{PROOF}nodes.txt", "".join(f"{node}\n" for node in shown))

    def check_book(self, book, mark, states):
        """Under each seal as many events as it says, and these; under the last one, all of them."""
        held, recorded = 0, book.startswith("releases_pack:")
        for seal in sorted(self.seals):
            if seal != self.last if recorded else seal > self.told["seal"]:
                continue
            count, state = self.under(seal, mark)
            if not 0 <= count < len(states) or states[count] != state:
                least, most = held + 1, max(count, len(states) - 1)
                wrong.append(
                    f"events.jsonl: {book}: one of its events {least} to {most} is not what was "
                    f"sealed under seal {seal}"
                )
                return
            held = count
        if not held:
            wrong.append(f"books.json: {book}: no seal here knows of it")
        if held != len(states) - 1:
            wrong.append(f"events.jsonl: {book}: what follows its event {held} is not sealed")

    # 3. The register recorded, as one of the sealed events, which files it gave out.

    def check_record(self):
        records = [event["after"] for event in self.events if event["table"] == "releases_pack"]
        if [record["files"] for record in records] != [sha(read(f"{PROOF}files.txt"))]:
            wrong.append("files.txt: it is not the list that the register recorded")
        named = listed(f"{PROOF}files.txt")
        there = listed("manifest-sha256.txt").keys() | listed("tagmanifest-sha256.txt").keys()
        proof = {f"{PROOF}{name}" for name in PROOFS} | {"bagit.txt", "manifest-sha256.txt"}
        for name in sorted(named.keys() | there - proof):
            data = read(name)
            forged = "/" not in name and PLACE in data
            if "/" not in name:  # it names the head, which came later
                data = data.replace(self.heads[self.last].encode(), PLACE)
            if forged or named.get(name) != sha(data):
                wrong.append(f"{name}: it is not what the register recorded")

    def check_told(self, release):
        """What stands in bag-info.txt, and in the names of the files of evidence."""
        told = dict(line.split(": ", 1) for line in lines("bag-info.txt"))
        expected = {
            "Audit-Log-Head": self.heads[self.last],
            "Period": self.told["period"],
            "Release-Number": str(release["number"]) if release else "",
            "Release-SHA256": release["digest"] if release else "",
        }
        for key, value in expected.items():
            if told.get(key, "") != value:
                wrong.append(f"bag-info.txt: {key} is {told.get(key, '')!r}, and not {value!r}")
        for name in listed("manifest-sha256.txt"):
            digest = name.removeprefix("data/evidence/").partition(".")[0]
            if name.startswith("data/evidence/") and digest not in ("LOST", sha(read(name))):
                wrong.append(f"{name}: it has another SHA-256 than its name says")

    # 4. The tables are what the events make of them, cell by cell.

    def replay(self):
        tables = {}
        for event in self.events:
            if self.told["before"] and event["at"] >= self.told["before"]:
                continue
            rows, key = tables.setdefault(event["table"], {}), event["row"]
            was, before = rows.pop(key, None), event["before"] or {}
            is_new = event["operation"] == "insert"
            follows = event["operation"] == "state" or is_new == (was is None)
            if not follows or any(not same((was or {}).get(name), before[name]) for name in before):
                wrong.append(f"events.jsonl: event {event['event']} does not follow from others")
            if event["operation"] == "update":
                rows[key] = {**(was or {}), **event["after"]}
            elif event["operation"] != "delete":
                rows[key] = event["after"]
        return tables


def same(one, other):  # or one moment in two time zones
    try:
        return one == other or datetime.fromisoformat(one) == datetime.fromisoformat(other)
    except (TypeError, ValueError):
        return False


def value_at(tables, row, way):
    """The value at the end of a way that begins at a row."""
    way = way.split("/")
    for column, name in zip(way[:-1:2], way[1::2], strict=True):
        row = tables.get(name, {}).get(row.get(column)) if row else None
    return row.get(way[-1]) if row else None


def holds(tables, row, where):
    return all((value_at(tables, row, way) in values) is wanted for way, values, wanted in where)


def counting(tables, rows, rule):
    """The keys of the rows that count: `where` holds, no other row names them in the column
    `corrects`, and they are, or name in the column `at`, the newest one."""
    named, newest = {row.get(rule["corrects"]) for row in rows.values()}, rule["newest"]
    keys = {key for key, row in rows.items() if holds(tables, row, rule["where"])} - named
    if not newest:
        return keys
    found = {}
    for key, row in tables.get(newest["rows"], {}).items():
        if holds(tables, row, newest["where"]):  # in order of the numbers of a code or a day
            order = [[*map(int, re.findall(r"\d+", row[name] or ""))] for name in newest["by"]]
            found.setdefault(row[newest["of"]], []).append((order, key))
    last = {max(of)[1] for of in found.values()}
    return {key for key in keys if (rows[key].get(newest["at"]) if newest["at"] else key) in last}


def cell(tables, row, kind, way):
    """A cell by the events; None where these cannot say it."""
    if way == "-":
        return None
    value = value_at(tables, row, way)
    if kind == "boolean":
        return "yes" if value else "no"
    if value is None:
        return ""
    if kind in ("money", "decimal"):
        return f"{Decimal(value):.2f}" if kind == "money" else f"{Decimal(value).normalize():f}"
    if kind == "moment":
        return datetime.fromisoformat(value).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = ",".join(value) if kind == "choices" else str(value)
    return f"'{told}" if told.startswith(FORMULAS) and kind != "integer" else told


def check_table(tables, file, recipe):
    """How many of its cells were made again."""
    columns = [column.split(" ") for column in recipe["columns"]]
    behind = tables.get(recipe["rows"], {})
    counts = counting(tables, behind, recipe["counting"]) if "counting" in recipe else ()
    made = [
        [cell(tables, row | {"=": key in counts}, kind, way) for _key, kind, way in columns]
        for key, row in sorted(behind.items())
        if all(row.get(name) == value for name, value in recipe["only"].items())
    ]
    head, *rows = list(table(f"data/{file}")) or [[]]
    if head != [column[0] for column in columns] or len(rows) != len(made):
        wrong.append(f"{file}: {len(rows)} rows, by the events {len(made)}; or other columns")
    for number, (there, row) in enumerate(zip(rows, made, strict=False), 1):
        if len(there) != len(head):
            wrong.append(f"{file}, row {number}: {len(there)} cells, and {len(head)} columns")
        for key, is_there, is_made in zip(head, there, row, strict=False):
            if is_made is not None and is_there != is_made:
                told = f"{is_there!r}, by the events {is_made!r}"
                wrong.append(f"{file}, row {number}, {key}: {told}")
    return sum(value is not None for row in made for value in row)


def check_release(tables):
    releases = tables.get("releases_release", {}).values()
    newest = max(releases, key=lambda row: row["number"], default=None)
    if sha(read("data/release.json")) != (newest["digest"] if newest else sha("")):
        wrong.append("release.json: it is not the newest release by the events")
    return newest


def check_totals():
    head, *totals = list(table("data/control_totals.csv")) or [[]]
    if head != ["file", "total", "column", "kind", "value"]:
        wrong.append("control_totals.csv: its first row is another one")
    for row in totals:
        try:
            file, total, column, kind, told = row
            if told != str(made := counted_in(file, total, column, kind)):
                wrong.append(f"control_totals.csv: {row[:4]}: {made}, and not {told}")
        except (ArithmeticError, LookupError, ValueError):
            wrong.append(f"control_totals.csv: {row} is not what can be counted in that file")


def counted_in(file, total, column, kind):
    """All rows, or of those of a kind that count the number or the sum of a column."""
    head, *cells = table(f"data/{file}")
    rows = [dict(zip(head, row, strict=True)) for row in cells]
    if (total, column, kind) == ("rows", "", ""):
        return len(rows)
    rows = [row for row in rows if row.get("counts") != "no" and (not kind or row["kind"] == kind)]
    if total == "sum":
        return sum(Decimal(row[column] or 0) for row in rows)
    return len(rows) if (total, column) == ("counting", "") else "nothing"


def check(given):
    check_files()
    pack = Pack()
    with reading("seals.jsonl"):
        pack.check_seals(given)
    with reading("events.jsonl"):
        pack.check_books()
        pack.check_record()
        tables = pack.replay()
    check_totals()
    with reading("tables.json"):
        recipes = json.loads(text("data/tables.json"))
        cells = sum(check_table(tables, file, recipe) for file, recipe in recipes.items())
    pack.check_told(check_release(tables))
    return (
        f"{len(pack.events)} events; {len(recipes)} tables, {cells} of their cells made again.\n"
        f"Head: {pack.heads[pack.last]}\n"
    ) + compared(pack, given)


def compared(pack, given):
    """How far the heads that were given vouch for it."""
    numbers = sorted(number for number, head in pack.heads.items() if head in given)
    at = json.loads(pack.seals.get(pack.told["seal"], '{"at": "the beginning"}'))["at"]
    told = (
        f"Its events and tables go up to seal {pack.told['seal']} of {at}"
        f"{pack.told['before'] and ', before '}{pack.told['before']}: later ones are not here.\n"
    )
    if not numbers:
        return told + "It is consistent in itself, and NOT compared with a head that was published."
    if numbers[-1] == pack.last:
        return told + "All of it stands under the head that you gave."
    held = min(numbers[-1], pack.told["seal"])
    return told + (
        f"The events up to seal {held} stand under the head that you gave. The tables, and what "
        f"came later, are NOT compared: they stand under seal {pack.last}. Find its head, too, "
        f"and give that."
    )


def main():
    csv.field_size_limit(2**31 - 1)
    if not read("bagit.txt"):
        print("Here is no bagit.txt: run check.py in the folder of the unpacked pack.")
        return 1
    try:
        told = check([head.strip().lower() for head in sys.argv[1:]])
    except Exception as error:
        wrong.append(f"The rest cannot be read: {error}")
    if wrong:
        shown = ("".join(c if c.isprintable() else ascii(c) for c in one) for one in wrong)
        told = "\n".join(dict.fromkeys(shown)) + "\nThis pack does not hold: see above."
    print(told)
    return 1 if wrong else 2 if "NOT" in told else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
