"""The checks of releases/packs/check.py, and what passes where one of them is broken."""

from __future__ import annotations

from typing import NamedTuple


class Break(NamedTuple):
    """In check.py `now` stands once and becomes `then`: so this check finds nothing any more.

    Then a forgery of this kind and strength (test_forgeries.STRENGTHS) is not found, or not
    located; where other checks find it as well, these are broken with it: `beside`. That the seal
    of the tables is followed by each later one counts for heads between it and the last one alone,
    which no forger here is asked with.
    """

    what: str
    now: str
    then: str
    kind: str
    strength: str
    beside: tuple[str, ...] = ()


BREAKS = (
    Break(
        "a file in no manifest",
        'wrong.append(f"{name}: no manifest names this file")',
        "pass",
        "a file added beside the data",
        "naive",
    ),
    Break(
        "a missing file",
        'wrong.append(f"{name}: the file is missing")',
        "pass",
        "a file removed",
        "naive",
        ("files beside the recorded list", "rows and columns", "totals"),
    ),
    Break(
        "digests of the manifests",
        "elif there[name] != named[name]:",
        "elif False:",
        "a manifest: a digest",
        "recomputes",
    ),
    Break(
        "no byte more than was understood",
        "    if read(name) != written",
        "    if False and read(name) != written",
        "a book twice",
        "recomputes",
    ),
    Break(
        "manifests line by line",
        '        exactly(manifest, "".join(f"{there[name]}  {name}\\n" for name in own))',
        "        pass",
        "a manifest: a line doubled",
        "recomputes",
    ),
    Break(
        "bagit.txt",
        'exactly("bagit.txt", "BagIt-Version: 1.0\\nTag-File-Character-Encoding: UTF-8\\n")',
        "pass",
        "bagit.txt: altered",
        "recomputes",
    ),
    Break(
        "seals that pack.json names",
        'for number in {*self.told["seals"], self.told["seal"]} - {0, *self.seals}:',
        "for number in ():",
        "a seal: dropped",
        "recomputes",
    ),
    Break(
        "nodes on the way",
        'if node != "-" and node not in self.nodes:',
        "if False:",
        "a node: dropped",
        "recomputes",
        ("bytes of nodes.txt",),
    ),
    Break(
        "seals follow one another",
        "shown != (number, self.heads.get(number)):",
        "False:",
        "a seal: its occasion",
        "recomputes",
    ),
    Break(
        "bytes of seals.jsonl",
        'exactly(f"{PROOF}seals.jsonl", "".join(',
        'str("".join(',
        "a seal: doubled",
        "recomputes",
    ),
    Break(
        "the head that was given",
        "for head in set(given) - {*self.heads.values()}:",
        "for head in ():",
        "a seal: dropped",
        "invents",
        ("seals follow one another",),
    ),
    Break(
        "books under seals",
        "if not 0 <= count < len(states) or states[count] != state:",
        "if False:",
        "an event: its who",
        "recomputes",
    ),
    Break(
        "bytes of events.jsonl",
        'exactly(f"{PROOF}events.jsonl", "".join(f"{line}\\n" for line in ordered))',
        "pass",
        "a book without its entry",
        "recomputes",
    ),
    Break(
        "bytes of books.json",
        'exactly(f"{PROOF}books.json", json.dumps(self.books, indent=1, sort_keys=True) + "\\n")',
        "pass",
        "a book twice",
        "recomputes",
    ),
    Break(
        "bytes of nodes.txt",
        'exactly(f"{PROOF}nodes.txt", "".join(f"{node}\\n" for node in shown))',
        "pass",
        "a node: doubled",
        "recomputes",
    ),
    Break(
        "books that no seal knows",
        "        if not held:",
        "        if False:",
        "a salt",
        "recomputes",
        ("events behind the last seal",),
    ),
    Break(
        "events behind the last seal",
        "        if held != len(states) - 1:",
        "        if False:",
        "an event: inserted",
        "recomputes",
        ("books under seals", "events follow from others"),
    ),
    Break(
        "the recorded list",
        'if [record["files"] for record in records] != [sha(read(f"{PROOF}files.txt"))]:',
        "if False:",
        "README.en.txt: altered",
        "recomputes",
    ),
    Break(
        "files beside the recorded list",
        "if forged or named.get(name) != sha(data):",
        "if False:",
        "README.en.txt: altered",
        "naive",
        ("digests of the manifests",),
    ),
    Break(
        "a head that is none",
        'forged = "/" not in name and PLACE in data',
        "forged = False",
        "a README: its head blotted out",
        "recomputes",
    ),
    Break(
        "what bag-info.txt says",
        'if told.get(key, "") != value:',
        "if False:",
        "bag-info.txt: Audit-Log-Head",
        "recomputes",
    ),
    Break(
        "names of evidence",
        'if name.startswith("data/evidence/") and digest not in ("LOST", sha(read(name))):',
        "if False:",
        "evidence changed",
        "recomputes",
    ),
    Break(
        "events follow from others",
        "if not follows or any(not same((was or {}).get(name), before[name]) for name in before):",
        "if False:",
        "an event: its operation",
        "recomputes",
        ("books under seals",),
    ),
    Break(
        "rows and columns",
        "if head != [column[0] for column in columns] or len(rows) != len(made):",
        "if False:",
        "a row: dropped",
        "recomputes",
    ),
    Break(
        "cells in a row",
        "if len(there) != len(head):",
        "if False:",
        "a row: a cell more",
        "recomputes",
        ("totals that cannot be counted",),
    ),
    Break(
        "cells",
        "if is_made is not None and is_there != is_made:",
        "if False:",
        "a cell that is a text",
        "recomputes",
    ),
    Break(
        "the newest release",
        'if sha(read("data/release.json")) != (newest["digest"] if newest else sha("")):',
        "if False:",
        "an older release",
        "recomputes",
    ),
    Break(
        "head of the totals",
        'if head != ["file", "total", "column", "kind", "value"]:',
        "if False:",
        "the totals: a byte order mark",
        "recomputes",
        ("the recorded list",),
    ),
    Break(
        "totals",
        "if told != str(made := counted_in(file, total, column, kind)):",
        "if False:",
        "a total: altered",
        "naive",
        ("digests of the manifests", "files beside the recorded list"),
    ),
    Break(
        "totals that cannot be counted",
        'wrong.append(f"control_totals.csv: {row} is not what can be counted in that file")',
        "pass",
        "a total: altered",
        "recomputes",
    ),
    Break(
        "what cannot be read",
        'wrong.append(f"The rest cannot be read: {error}")',
        'told = ""',
        "a file of the trail cut short",
        "recomputes",
    ),
)
