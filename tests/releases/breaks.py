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
        "digests of the manifests",
        "if here != told:",
        "if False:",
        "a manifest: a digest",
        "recomputes",
    ),
    Break(
        "no byte more than was understood",
        'if text(name) != "".join(',
        'if False and text(name) != "".join(',
        "a book twice",
        "recomputes",
    ),
    Break(
        "manifests line by line",
        'exactly(MANIFEST, [f"{there[name]}  {name}" for name in data])',
        "pass",
        "a manifest: a line doubled",
        "recomputes",
    ),
    Break(
        "bagit.txt",
        'exactly("bagit.txt", ["BagIt-Version: 1.0", "Tag-File-Character-Encoding: UTF-8"])',
        "pass",
        "bagit.txt: altered",
        "recomputes",
    ),
    Break(
        "seals that pack.json names",
        'for number in {*self.told["seals"], of_tables} - {0, *self.seals}:',
        "for number in ():",
        "a seal: dropped",
        "recomputes",
    ),
    Break(
        "nodes on the way",
        "if node not in self.nodes:",
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
        "exactly(SEALS, [self.seals[number] for number in sorted(self.seals)])",
        "pass",
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
        "exactly(EVENTS, [line for own in books.values() for line in own])",
        "pass",
        "a book without its entry",
        "recomputes",
    ),
    Break(
        "bytes of books.json",
        "exactly(BOOKS, [json.dumps(salts, indent=1, sort_keys=True)])",
        "pass",
        "a book twice",
        "recomputes",
    ),
    Break(
        "bytes of nodes.txt",
        "exactly(NODES, sorted(self.nodes[node] for node in self.used & self.nodes.keys()))",
        "pass",
        "a node: doubled",
        "recomputes",
    ),
    Break(
        "events behind the last seal",
        "if held != len(own) or not own:",
        "if False:",
        "an event: inserted",
        "recomputes",
        ("books under seals", "events follow from others"),
    ),
    Break(
        "the recorded list",
        'if [record["after"]["files"] for record in records] != [sha(read(FILES))]:',
        "if False:",
        "README.en.txt: altered",
        "recomputes",
    ),
    Break(
        "files beside the recorded list",
        "recorded.get(name) != was",
        "False",
        "README.en.txt: altered",
        "naive",
        ("digests of the manifests",),
    ),
    Break(
        "a head that is none",
        "(PLACE in data and not is_data)",
        "False",
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
        'elif name.startswith("data/evidence/") and Path(name).stem not in ("LOST", here):',
        "elif False:",
        "evidence changed",
        "recomputes",
    ),
    Break(
        "events follow from others",
        "if not follows or not all(same(was.get(name), before[name]) for name in before):",
        "if False:",
        "an event: its operation",
        "recomputes",
        ("books under seals",),
    ),
    Break(
        "cells in a row",
        "if len(there) != len(row) or not row:",
        "if False:",
        "a row: a cell more",
        "recomputes",
        ("totals that cannot be counted",),
    ),
    Break(
        "cells",
        "if told not in (None, cell):",
        "if False:",
        "a cell that is a text",
        "recomputes",
    ),
    Break(
        "the newest release",
        'if sha(read("data/release.json")) != (newest["digest"] or sha("")):',
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
        "if told != str(found):",
        "if False:",
        "a total: altered",
        "naive",
        ("digests of the manifests", "files beside the recorded list"),
    ),
    Break(
        "totals that cannot be counted",
        'told, found = "", "what can be counted in that file"',
        'told = found = ""',
        "a total: altered",
        "recomputes",
    ),
    Break(
        "what cannot be read",
        'wrong.append(f"The rest cannot be read: {pack.at}: {type(error).__name__}: {error}")',
        'told = ""',
        "a file of the trail cut short",
        "recomputes",
    ),
)
