"""Was this release published, and is it unchanged since? With nothing but Python:

    python3 check_release.py release.json release.proof.json --head HEAD

release.json and release.proof.json are downloads of the register. HEAD has 64 digits: a head of its
audit trail, from somewhere else (a letter, a colleague, a timestamp, an older pack). Who made the
two files could have made them to fit each other; nobody can make them fit a head that you hold.

A SHA-256 is a fingerprint: one changed character gives another, and nobody finds a text for a given
one. The register lays the fingerprints of all that it holds two by two, takes the fingerprint of
each two, and so on, until one is left: the root. The head is the fingerprint of a text that names
the root. So we go down from the head: each line has to have the fingerprint that the line above it
names, on the side that your file's own fingerprint tells; the last line has to name your file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path


class Wrong(Exception):
    """What does not fit, as a sentence."""


def sha(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def check(release, proof, head):
    """What the proof shows of the release; raises Wrong."""
    told, own = json.loads(proof), sha(release)
    text, seal, nodes = told["text"], json.loads(told["text"]), told["nodes"]
    if told["sha256"] != own:
        raise Wrong(
            f"The release has the SHA-256 {own}, and the proof is of {told['sha256']}: the file "
            "was changed, or the proof is of another release."
        )
    if head and head != sha(text):
        raise Wrong(
            f"The proof leads to the head {sha(text)}, and not to yours. Download it with "
            f"?head={head} behind its address; where the register has no such head, yours is none."
        )
    number = walked(nodes, seal["root"], own)
    slug = json.loads(release)["project"]["slug"]
    shown = {"project": slug, "release": number, "seal": seal["seal"], "sealed_at": seal["at"]}
    for name, value in {**shown, "head": sha(text)}.items():
        if told[name] != value:
            raise Wrong(f"The proof says {name} {told[name]!r}, and what it shows is {value!r}.")
    return shown


def walked(nodes, root, own):
    """From the root to the file with this fingerprint; the number that stands there beside it."""
    mark, expected = sha(f"release {own}"), root
    sides = f"{int(mark, 16):0256b}"  # at each fork, which of the two is to be followed
    for depth, node in enumerate(nodes):
        if sha(node) != expected:
            raise Wrong(
                f"Line {depth + 1} of the way has not the fingerprint {expected} that is named "
                "above it: the proof was changed."
            )
        words = node.split(" ")
        expected = words[int(sides[depth])] if len(words) == 2 else "nothing"
    if not nodes or len(words) != 3 or (words[0], words[2]) != (mark, own):
        raise Wrong("The way does not end at this file: it does not stand under this head.")
    return int(words[1])


def main():
    parser = argparse.ArgumentParser(description="Was this release published, and is it unchanged?")
    parser.add_argument("release", type=Path, help="release.json")
    parser.add_argument("proof", type=Path, help="release.proof.json")
    parser.add_argument("--head", default="", help="a head that you have from somewhere else")
    given = parser.parse_args()
    head = given.head.strip().lower()
    try:
        shown = check(given.release.read_bytes(), given.proof.read_bytes(), head)
    except Wrong as wrong:
        print(ascii(str(wrong))[1:-1], "It does not hold.", sep="\n")
        return 1
    except Exception as error:
        print(f"These files cannot be read: {error!a}. It does not hold.")
        return 1
    print("{project!a}, release {release}: under seal {seal!a} of {sealed_at!a}.".format(**shown))
    if head:
        print("It was published before your head was, and is unchanged since.")
        return 0
    print("It is consistent in itself, and NOT compared with a head that was published.")
    return 2


if __name__ == "__main__":
    sys.exit(main())
