"""python3 check.py [HEAD ...], in the folder of an audit pack: checks it, with nothing but Python.

HEAD: a head of the audit trail that you kept, or found where the register publishes them. Without
one, the pack is only compared with itself. The checks, in the order in which they stand and run:

  check_files    the files are those that the manifests name, and no others
  check_seals    each seal was followed by the later ones, down to the heads that you gave
  check_books    each event has its place in a book, and each book under the seals
  check_record   a sealed event names the files that the register gave out, and these are they
  replay         each event follows from those before it; so the rows are made again
  check_table    each cell of a table is what these rows make of it
  check_totals   each control total is what can be counted in its table
  check_release  release.json and bag-info.txt are of the newest release by these rows
  compared       how far the heads that you gave vouch for all this
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sys
from datetime import UTC, datetime
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"  # of data/, of what is beside it
EVENTS, SEALS = "data/audit/events.jsonl", "data/audit/seals.jsonl"
BOOKS, NODES, FILES = "data/audit/books.json", "data/audit/nodes.txt", "data/audit/files.txt"
BLANK = "0" * 64  # the digest of a book without events
PLACE = b"x" * 64  # where the head stands, in what was recorded before it was known
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")
wrong = []  # what does not hold, a sentence each


def sha(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def read(name):
    return Path(name).read_bytes() if Path(name).is_file() else b""


def text(name):
    return read(name).decode("utf-8", "surrogateescape")


def lines(name):
    return [line for line in text(name).split("\n") if line]


def table(name):
    return list(csv.reader(io.StringIO(text(name), newline="")))


def listed(*names):  # path -> SHA-256
    return {line[66:]: line[:64] for name in names for line in lines(name)}


def exactly(name, understood):
    if text(name) != "".join(f"{line}\n" for line in understood):
        wrong.append(f"{name}: there is more in it, or in another order, than what was checked")


def same(one, other):  # or one moment in two time zones
    try:
        return one == other or datetime.fromisoformat(one) == datetime.fromisoformat(other)
    except (TypeError, ValueError):
        return False


class Pack:
    at = "bagit.txt"  # the file that is looked at, and named where it cannot be read
    cells = 0  # how many were made again

    def check_files(self):
        there, named = {}, listed(MANIFEST, TAGS)
        for path in Path().rglob("*"):
            if path.is_symlink():
                wrong.append(f"{path.name}: it is a link, and no file")
            if path.is_symlink() or not path.is_dir():
                there[path.as_posix()] = sha(read(path))
        there.pop(TAGS, None)
        for name in sorted(named.keys() | there.keys()):
            here, told = there.get(name, "missing"), named.get(name, "not named")
            if here != told:
                wrong.append(f"{name}: here it is {here}, and in the manifests {told}")
            elif name.startswith("data/evidence/") and Path(name).stem not in ("LOST", here):
                wrong.append(f"{name}: it has another SHA-256 than its name says")
        data = [name for name in sorted(there) if name.startswith("data/")]
        exactly(MANIFEST, [f"{there[name]}  {name}" for name in data])
        exactly(TAGS, [f"{there[name]}  {name}" for name in sorted(there.keys() - data)])
        exactly("bagit.txt", ["BagIt-Version: 1.0", "Tag-File-Character-Encoding: UTF-8"])

    def check_seals(self, given):
        self.at = "pack.json"
        self.told = json.loads(text("data/pack.json"))
        self.at, of_tables = "seals.jsonl", self.told["seal"]
        self.seals = {json.loads(line)["seal"]: line for line in lines(SEALS)}
        self.heads = {number: sha(line) for number, line in self.seals.items()}
        self.nodes, self.used = {sha(line): line for line in lines(NODES)}, set()
        self.last = max(self.seals)
        for head in set(given) - {*self.heads.values()}:
            wrong.append(f"seals.jsonl: no seal here has the head {head}: ask for a pack with it")
        for number in {*self.told["seals"], of_tables} - {0, *self.seals}:
            wrong.append(f"seals.jsonl: seal {number}, which pack.json names, is missing")
        # The last one followed all others, and each later one that of the tables.
        pairs = [(number, self.last) for number in self.seals if number != self.last]
        pairs += [(of_tables, number) for number in self.seals if number > of_tables > 0]
        for number, later in pairs:
            shown = self.under(later, sha(f"seal {number}"))
            if type(number) is not int or shown != (number, self.heads.get(number)):
                wrong.append(f"seals.jsonl: seal {number} is none that seal {later} followed")
        exactly(SEALS, [self.seals[number] for number in sorted(self.seals)])

    def under(self, seal, mark):
        """The number and digest that stand for a mark under a seal; (-1, "") where none is shown.
        A seal names the root of a tree of lines, each named by its digest: a fork names the lines
        on its two sides, and a bit of the mark tells which to take; a leaf ends the way."""
        node = json.loads(self.seals[seal])["root"]
        for side in f"{int(mark, 16):0256b}":
            if node == "-":  # nothing stands here
                return 0, BLANK
            self.used.add(node)
            if node not in self.nodes:
                wrong.append(f"nodes.txt: {node} is missing, on the way from seal {seal}")
                break
            parts = self.nodes[node].split(" ")
            if len(parts) == 3:
                return (int(parts[1]), parts[2]) if parts[0] == mark else (0, BLANK)
            node = parts[int(side)]
        return -1, ""

    def check_books(self):
        self.at = "books.json"
        salts = json.loads(text(BOOKS))
        self.at = "events.jsonl"
        self.events = {line: json.loads(line, parse_float=Decimal) for line in lines(EVENTS)}
        books = {book: [] for book in salts}  # each with the events of the project, or of one row
        for line, event in self.events.items():
            is_of_project = self.told["book"] in event["about"]
            book = self.told["book"] if is_of_project else f"{event['table']}:{event['row']}"
            books.get(book, []).append(line)  # of a book that is not here: see exactly, below
        for book, own in books.items():
            self.check_book(book, sha(f"{salts[book]} {book}"), own)
        exactly(EVENTS, [line for own in books.values() for line in own])
        exactly(BOOKS, [json.dumps(salts, indent=1, sort_keys=True)])
        exactly(NODES, sorted(self.nodes[node] for node in self.used & self.nodes.keys()))

    def check_book(self, book, mark, own):
        """Under each seal as many events as it says, and these; under the last one, all of them."""
        states = [BLANK]  # the digest of none of its events, of one, and so on
        for line in own:
            states.append(sha(states[-1] + sha(line)))
        seals, held = [n for n in sorted(self.seals) if n <= self.told["seal"]], 0
        for seal in [self.last] if book.startswith("releases_pack:") else seals:
            count, state = self.under(seal, mark)
            if not 0 <= count < len(states) or states[count] != state:
                some = f"one of its events {held + 1} to {max(count, len(own))}"
                wrong.append(f"events.jsonl: {book}: {some} is not what seal {seal} sealed")
                return
            held = count
        if held != len(own) or not own:
            wrong.append(f"books.json, events.jsonl: {book}: {held} of its {len(own)} are sealed")

    def check_record(self):
        records = [event for event in self.events.values() if event["table"] == "releases_pack"]
        if [record["after"]["files"] for record in records] != [sha(read(FILES))]:
            wrong.append("files.txt: it is not the list that the register recorded")
        recorded, head = listed(FILES), self.heads[self.last].encode()
        later = {EVENTS, SEALS, BOOKS, NODES, FILES, MANIFEST, "bagit.txt"}
        for name in sorted(recorded.keys() | listed(MANIFEST, TAGS).keys() - later):
            data, is_data = read(name), "/" in name  # what is beside may name the head
            was = sha(data if is_data else data.replace(head, PLACE))
            if recorded.get(name) != was or (PLACE in data and not is_data):
                wrong.append(f"{name}: it is not what the register recorded")

    def replay(self):
        self.tables = {}  # name -> key -> row, as of the end of the period
        for event in self.events.values():
            if self.told["before"] and event["at"] >= self.told["before"]:
                continue
            rows, key = self.tables.setdefault(event["table"], {}), event["row"]
            was, before, how = rows.pop(key, {}), event["before"] or {}, event["operation"]
            follows = how == "state" or (how == "insert") == (not was)
            if not follows or not all(same(was.get(name), before[name]) for name in before):
                wrong.append(f"events.jsonl: event {event['event']} does not follow from others")
            if how != "delete":
                rows[key] = (was if how == "update" else {}) | event["after"]

    def check_table(self, file, recipe):
        rows, columns = self.tables.get(recipe["rows"], {}), recipe["columns"]
        counting = self.counting(rows, recipe["counting"]) if "counting" in recipe else ()
        made = [[column.split(" ")[0] for column in columns]]  # the first row names the columns
        for key, row in sorted(rows.items()):
            if all(row.get(name) == value for name, value in recipe["only"].items()):
                row = row | {"=": key in counting}
                made.append([self.cell(row, *column.split(" ")[1:]) for column in columns])
        both = zip_longest(table(f"data/{file}"), made, fillvalue=())
        for number, (there, row) in enumerate(both):
            if len(there) != len(row) or not row:
                wrong.append(f"{file}, row {number}: {len(there)} cells, by the events {len(row)}")
            for name, cell, told in zip(made[0], there, row, strict=False):
                if told not in (None, cell):
                    wrong.append(f"{file}, row {number}, {name}: {cell!r}, by the events {told!r}")
        self.cells += sum(cell is not None for row in made[1:] for cell in row)

    def cell(self, row, kind, way):
        if way == "-":
            return None  # no event tells it
        value = self.value(row, way)
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

    def value(self, row, way):
        *steps, last = way.split("/")  # as "parent_id/parents/code": the code of the row's parent
        for column, name in zip(steps[::2], steps[1::2], strict=True):
            row = self.tables.get(name, {}).get(row.get(column), {})
        return row.get(last)

    def where(self, rows, conditions):
        for way, values, wanted in conditions:
            rows = {k: row for k, row in rows.items() if (self.value(row, way) in values) is wanted}
        return rows

    def counting(self, rows, rule):
        """The keys of the rows that count: `where` holds, no other row names them in the column
        `corrects`, and they are, or name in the column `at`, the newest one of its kind."""
        corrected = {row.get(rule["corrects"]) for row in rows.values()}
        keys, newest = self.where(rows, rule["where"]).keys() - corrected, rule["newest"]
        if not newest:
            return keys
        found = []  # to be put in order of the numbers of a day or a code
        for key, row in self.where(self.tables.get(newest["rows"], {}), newest["where"]).items():
            numbers = [re.findall(r"\d+", row[name] or "") for name in newest["by"]]
            found.append(([[int(n) for n in one] for one in numbers], key, row[newest["of"]]))
        last = {of: key for _numbers, key, of in sorted(found)}.values()
        return {k for k in keys if (rows[k].get(newest["at"]) if newest["at"] else k) in last}

    def check_totals(self):
        head, *totals = table("data/control_totals.csv") or [[]]
        if head != ["file", "total", "column", "kind", "value"]:
            wrong.append("control_totals.csv: its first row is another one")
        for total in totals:
            try:
                file, what, column, kind, told = total
                head, *cells = table(f"data/{file}")
                rows = [dict(zip(head, row, strict=True)) for row in cells]
                found = len(rows) if (what, column, kind) == ("rows", "", "") else "no such total"
                rows = [row for row in rows if row.get("counts") != "no"]
                rows = [row for row in rows if not kind or row["kind"] == kind]
                if (what, column) == ("counting", ""):
                    found = len(rows)
                elif what == "sum":
                    found = sum(Decimal(row[column] or 0) for row in rows)
            except (ArithmeticError, LookupError, ValueError):
                told, found = "", "what can be counted in that file"
            if told != str(found):
                wrong.append(f"control_totals.csv: {total} is not {found}")

    def check_release(self):
        releases = self.tables.get("releases_release", {}).values()
        newest = max(releases, key=lambda one: one["number"], default={"number": "", "digest": ""})
        if sha(read("data/release.json")) != (newest["digest"] or sha("")):
            wrong.append("release.json: it is not the newest release by the events")
        told = dict(line.partition(": ")[::2] for line in lines("bag-info.txt"))
        expected = {"Audit-Log-Head": self.heads[self.last], "Period": self.told["period"]}
        expected |= {"Release-Number": str(newest["number"]), "Release-SHA256": newest["digest"]}
        for key, value in expected.items():
            if told.get(key, "") != value:
                wrong.append(f"bag-info.txt: {key} is {told.get(key, '')!r}, and not {value!r}")

    def compared(self, given):
        until, before = self.told["seal"], self.told["before"]
        at = json.loads(self.seals.get(until, '{"at": "the beginning"}'))["at"]
        held = [number for number, head in self.heads.items() if head in given]
        if not held:
            told = "It is consistent in itself, and NOT compared with a head that was published."
        elif self.last in held:
            told = "All of it stands under the head that you gave."
        else:
            told = f"The events up to seal {min(max(held), until)} stand under the head that you "
            told += f"gave. The rest is NOT compared: find the head of seal {self.last}, too."
        return (
            f"{len(self.events)} events; {self.cells} cells of tables made again of these.\n"
            f"Head: {self.heads[self.last]}\nIts events and tables go up to seal {until} of {at}"
            f"{before and ', before '}{before}: later ones are not here.\n{told}"
        )


def main():
    csv.field_size_limit(2**31 - 1)
    if not read("bagit.txt"):
        print("Here is no bagit.txt: run check.py in the folder of the unpacked pack.")
        return 1
    pack, given = Pack(), [head.strip().lower() for head in sys.argv[1:]]
    try:
        pack.check_files()
        pack.check_seals(given)
        pack.check_books()
        pack.check_record()
        pack.replay()
        pack.at = "tables.json"
        for file, recipe in json.loads(text("data/tables.json")).items():
            pack.check_table(file, recipe)
        pack.check_totals()
        pack.check_release()
        told = pack.compared(given)
    except Exception as error:
        wrong.append(f"The rest cannot be read: {pack.at}: {type(error).__name__}: {error}")
    for one in dict.fromkeys(wrong):
        print("".join(letter if letter.isprintable() else ascii(letter) for letter in one))
    print("This pack does not hold: see above." if wrong else told)
    return 1 if wrong else 2 if "NOT" in told else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
