"""python3 check.py [HEAD]: checks this audit pack. HEAD: an audit head that you kept elsewhere."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from pathlib import Path

here, wrong = Path(__file__).resolve().parent, []


def sha(data):
    return hashlib.sha256(data).hexdigest()


def lines(name):
    return (here / "data/audit" / name).read_bytes().splitlines()


for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
    for line in (here / manifest).read_text("utf-8").splitlines():
        digest, name = line.split("  ", 1)
        if not (here / name).is_file() or sha((here / name).read_bytes()) != digest:
            wrong.append(f"{name} is missing or not what the manifest says")
found, prev, number, heads = {}, None, None, set()
for line in lines("chain.jsonl"):
    cells = json.loads(line)
    if number is not None and (cells["seq"] != number + 1 or cells.get("prev", prev) != prev):
        wrong.append(f"the chain is broken before line {cells['seq']}")
    prev, number = cells.get("redacted") or sha(line), cells["seq"]
    whole = {key: cells[key] for key in cells if key not in ("seq", "prev")}
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    found[cells.get("event")] = cells.get("sha256") or sha(text.encode())
    heads |= {prev} if "seal" in cells else set()
for line in lines("events.jsonl"):
    event = json.loads(line)["event"]
    if found.get(event) != sha(line):
        wrong.append(f"event {event} is not the one that was sealed")
if not {seal["head"] for seal in json.loads(b"".join(lines("heads.json")))} <= heads:
    wrong.append("a head of heads.json is not in the chain")
if not set(sys.argv[1:]) <= heads:
    wrong.append("the head that you gave is not in the chain of this pack")
for total in csv.DictReader((here / "data/control_totals.csv").open(encoding="utf-8", newline="")):
    path, column = here / "data" / total["file"], total["column"]
    if total["file"].endswith(".jsonl"):
        value = len(path.read_bytes().splitlines())
    else:
        rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
        cents = [int(round(float(row[column] or 0) * 100)) for row in rows] if column else []
        value = sum(cents) / 100 if column else len(rows)
    if float(total["value"]) != value:
        wrong.append(f"{total['file']} {column or 'rows'}: {value}, not {total['value']}")
print("\n".join(wrong) or f"All is as it was issued. Head of the audit trail: {prev}")
sys.exit(bool(wrong))
