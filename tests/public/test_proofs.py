"""A reader of the public site alone finds whether a release stands under a head."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from audit.models import Notice, Seal
from audit.seals.books import tree_under
from audit.seals.sealing import seal
from deliverables.ladder.models import Deliverable
from deliverables.projects.models import Project
from releases.actions import publish
from releases.document.build import canonical
from releases.document.build import digest as digest_of
from releases.models import Release
from releases.reading import proofs
from releases.reading.issued_files import CHECK_RELEASE
from tests.make import make_component, make_deliverable, make_project

pytestmark = pytest.mark.django_db
HERE = "/en/projects/tw-1/"
HELD = "It was published before your head was, and is unchanged since.\n"


def sha(text: str | bytes) -> str:
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()


def released(project: Project, title: str) -> Release:
    Deliverable.objects.update(title_en=title)
    made = publish(project, by=None)
    assert made
    assert seal("release")  # when a test's transaction would end
    return made


@pytest.fixture
def project() -> Project:
    """Two releases: a seal before them, one at each, and one behind them."""
    project = make_project(publishing="by_hand")
    make_deliverable(make_component(project), "D1.1")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    seal("timer")
    released(project, "Title 1")
    released(project, "Title 2")
    make_project("other")
    seal("timer")
    return project


def head(number: int) -> str:
    return Seal.objects.get(number=number).head


def fetched(client: Client, number: int = 1, of: str = "") -> tuple[bytes, dict[str, Any]]:
    """The document of a release, and its proof for a head."""
    there = f"{HERE}releases/{number}/"
    proof = client.get(f"{there}release.proof.json", {"head": of} if of else {})
    assert proof.status_code == 200, proof.content.decode()
    return client.get(f"{there}release.json").content, proof.json()


def told(folder: Path, release: bytes, proof: Any, *head: str) -> tuple[int, str]:
    """What the script says as a stranger runs it, and how it ends."""
    (folder / "release.json").write_bytes(release)
    (folder / "release.proof.json").write_text(json.dumps(proof))
    command: list[Any] = [sys.executable, "-I", CHECK_RELEASE, "release.json", "release.proof.json"]
    given = ["--head", *head] if head else []
    ran = subprocess.run([*command, *given], cwd=folder, capture_output=True, check=False)  # noqa: S603
    assert ran.stderr == b""
    return ran.returncode, ran.stdout.decode()


def test_a_genuine_release_stands_under_each_head_from_its_own_on(
    project: Project, client: Client, tmp_path: Path
) -> None:
    for number, seals in ((1, (2, 3, 4)), (2, (3, 4))):
        for under in seals:
            release, proof = fetched(client, number, head(under))
            code, said = told(tmp_path, release, proof, head(under).upper())
            assert code == 0
            at = proof["sealed_at"]
            assert said == f"'tw-1', release {number}: under seal {under} of '{at}'.\n{HELD}"
    release, newest = fetched(client, 1)
    assert (newest["seal"], newest["head"]) == (4, head(4))
    code, said = told(tmp_path, release, newest)
    assert (code, "NOT compared with a head that was published." in said) == (2, True)
    assert client.get(f"{HERE}release.proof.json").json() == fetched(client, 2)[1]


def forged(proof: dict[str, Any], release: bytes) -> dict[str, Any]:
    """A tree of somebody's own for a document of theirs: it fits in itself."""
    mark = sha(f"release {sha(release)}")
    leaf = f"{mark} 1 {sha(release)}"
    text = json.dumps({**json.loads(proof["text"]), "root": sha(leaf)})
    made = {"text": text, "nodes": [leaf], "sha256": sha(release), "head": sha(text)}
    return {**proof, **made}


def changed(release: bytes, proof: dict[str, Any]) -> Any:
    return release.replace(b"Title 1", b"Title 9"), proof


def changed_with_its_digest(release: bytes, proof: dict[str, Any]) -> Any:
    other = release.replace(b"Title 1", b"Title 9")
    return other, {**proof, "sha256": sha(other)}


def a_node(release: bytes, proof: dict[str, Any]) -> Any:
    first, *rest = proof["nodes"]
    return release, {**proof, "nodes": [first[::-1], *rest]}


def a_node_less(release: bytes, proof: dict[str, Any]) -> Any:
    return release, {**proof, "nodes": proof["nodes"][:-1]}


def no_node(release: bytes, proof: dict[str, Any]) -> Any:
    return release, {**proof, "nodes": []}


def another_number(release: bytes, proof: dict[str, Any]) -> Any:
    return release, {**proof, "release": 2}


def another_day(release: bytes, proof: dict[str, Any]) -> Any:
    return release, {**proof, "sealed_at": "2020-01-01T00:00:00+00:00"}


def invented(release: bytes, proof: dict[str, Any]) -> Any:
    other = release.replace(b"Title 1", b"Title 9")
    return other, forged(proof, other)


def invented_beside_the_head(release: bytes, proof: dict[str, Any]) -> Any:
    """The genuine text of the seal, and nodes that lead to another root."""
    other, made = invented(release, proof)
    return other, {**made, "text": proof["text"], "head": proof["head"]}


def never_published(release: bytes, proof: dict[str, Any]) -> Any:
    """The genuine way to where such a document would stand, which ends at something else."""
    for number in range(1000):
        other = release.replace(b"Title 1", f"Title X{number}".encode())
        nodes = list(tree_under(proof["seal"]).way(sha(f"release {sha(other)}")))
        words = nodes[-1].split(" ")
        if len(words) == 3:
            return other, {**proof, "sha256": sha(other), "nodes": nodes, "release": int(words[1])}
    raise AssertionError


def no_proof(release: bytes, proof: dict[str, Any]) -> Any:
    return release, []


FORGERIES: list[tuple[Callable[..., Any], str]] = [
    (changed, "the file was changed, or the proof is of another release."),
    (changed_with_its_digest, r"Line \d+ of the way has not|The way does not end at this file:"),
    (a_node, "Line 1 of the way has not the fingerprint"),
    (a_node_less, "The way does not end at this file: it does not stand under this head."),
    (no_node, "The way does not end at this file: it does not stand under this head."),
    (another_number, "The proof says release 2, and what it shows is 1."),
    (another_day, "The proof says sealed_at '2020-01-01T00:00:00.00:00', and what it shows is"),
    (invented, "and not to yours. Download it with .head="),
    (invented_beside_the_head, "Line 1 of the way has not the fingerprint"),
    (never_published, "The way does not end at this file: it does not stand under this head."),
    (no_proof, "These files cannot be read: TypeError"),
]


@pytest.mark.parametrize(
    ("forge", "sentence"), FORGERIES, ids=lambda part: getattr(part, "__name__", part)[:40]
)
def test_what_was_forged_is_refused_in_a_sentence(
    project: Project, client: Client, tmp_path: Path, forge: Callable[..., Any], sentence: str
) -> None:
    release, proof = forge(*fetched(client, 1))

    code, said = told(tmp_path, release, proof, head(4))

    assert code == 1
    assert re.search(sentence, said), said
    assert said.endswith("It does not hold.\n")


def test_a_proof_of_another_release_and_another_head_are_refused(
    project: Project, client: Client, tmp_path: Path
) -> None:
    first, proof_of_first = fetched(client, 1)
    second, _proof = fetched(client, 2)

    assert told(tmp_path, second, proof_of_first, head(4)) == (
        1,
        f"The release has the SHA-256 {sha(second)}, and the proof is of {sha(first)}: the file "
        "was changed, or the proof is of another release.\nIt does not hold.\n",
    )
    assert told(tmp_path, first, proof_of_first, head(3)) == (
        1,
        f"The proof leads to the head {head(4)}, and not to yours. Download it with "
        f"?head={head(3)} behind its address; where the register has no such head, yours is none.\n"
        "It does not hold.\n",
    )


def test_without_a_head_an_invented_tree_is_not_called_published(
    project: Project, client: Client, tmp_path: Path
) -> None:
    release, proof = invented(*fetched(client, 1))
    text = {**json.loads(proof["text"]), "at": f"x\n{HELD}"}
    proof |= {"text": json.dumps(text), "sealed_at": text["at"], "head": sha(json.dumps(text))}

    code, said = told(tmp_path, release, proof)

    assert (code, HELD in said, "NOT compared" in said) == (2, False, True)


@pytest.mark.parametrize(
    ("number", "asked", "status", "sentence"),
    [
        (2, 2, 404, "is of seal 2, and release 2 is covered from seal 3 on."),
        (1, 1, 404, "is of seal 1, and release 1 is covered from seal 2 on."),
        (1, "f" * 64, 404, f"No seal of this register has the head “{'f' * 64}”."),
        (1, "f" * 63, 400, f"“{'f' * 63}” is no head of a seal: that has 64 digits"),
        (1, "x\0", 400, "is no head of a seal"),
        (9, "", 404, "There is no release 9 of a project"),
    ],
)
def test_what_no_head_covers_is_told(
    project: Project, client: Client, number: int, asked: Any, status: int, sentence: str
) -> None:
    given = head(asked) if isinstance(asked, int) else asked

    answer = client.get(f"{HERE}releases/{number}/release.proof.json", {"head": given})

    assert answer.status_code == status
    assert sentence in answer.content.decode().replace("&#x27;", "'")


def test_a_release_that_is_not_sealed_yet_is_told_and_verify_says_so(
    project: Project, client: Client
) -> None:
    Deliverable.objects.update(title_en="Title 3")
    made = publish(project, by=None)
    assert made

    answer = client.get(f"{HERE}releases/3/release.proof.json")
    page = client.get("/en/verify/", {"sha256": made.digest}).content.decode()

    assert answer.status_code == 404
    assert "Release 3 is not sealed yet. It is within 15 minutes" in answer.content.decode()
    assert "No seal of the audit trail covers it yet." in page
    seal("timer")
    assert fetched(client, 3)[1]["seal"] == 5


def test_a_release_that_was_altered_behind_its_triggers_has_no_proof(
    project: Project, client: Client, tmp_path: Path
) -> None:
    """Also where its digest was altered alike: each page shows it, and no head covers it."""
    genuine, proof = fetched(client, 1)
    made = Release.objects.get(number=1)
    made.document["deliverables"][0]["title_en"] = "Forged"
    values = {"document": json.dumps(made.document), "digest": digest_of(made.document)}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE releases_release SET document = %(document)s, digest = %(digest)s "
            "WHERE number = 1",
            values,
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    served = client.get(f"{HERE}releases/1/release.json").content
    answer = client.get(f"{HERE}releases/1/release.proof.json")

    assert (served, b"Forged" in served) == (canonical(made.document), True)
    assert answer.status_code == 404
    assert "it is not what was published: tell the people who run" in answer.content.decode()
    assert told(tmp_path, served, {**proof, "sha256": sha(served)}, head(4))[0] == 1
    assert told(tmp_path, genuine, proof, head(4))[0] == 0


def test_releases_of_before_have_a_proof_from_the_next_seal_on(
    project: Project, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("audit.seals.notices.post", lambda _seal, _after: 0)
        released(project, "Title 3")
    assert client.get(f"{HERE}releases/3/release.proof.json").status_code == 404
    seal("timer", thorough=True)

    release, proof = fetched(client, 3)

    assert proof["seal"] == 6
    assert told(tmp_path, release, proof, head(6))[0] == 0
    older = client.get(f"{HERE}releases/3/release.proof.json", {"head": head(5)})
    assert "is of seal 5, and release 3 is covered from seal 6 on." in older.content.decode()


def test_verify_a_file_leads_to_the_proof_in_both_languages(
    project: Project, client: Client
) -> None:
    release, _proof = fetched(client, 1)
    script = client.get("/lv/verify/check_release.py").content
    for lang, covered in (
        ("en", "Seal 2 of the audit trail covers it, and each later one does."),
        ("lv", "To apliecina audita pieraksta 2. zīmogs un katrs nākamais."),
    ):
        page = client.get(f"/{lang}/verify/", {"sha256": sha(release)}).content.decode()
        assert covered in page
        for name in ("release.json", "release.proof.json"):
            assert f'href="/{lang}/projects/tw-1/releases/1/{name}"' in page
        saved = client.get(f"/{lang}/projects/tw-1/releases/1/release.proof.json")
        name = saved.headers["Content-Disposition"].split('"')[1]
        assert f"check_release.py tw-1_release-1.json {name} --head HEAD" in page
        assert sha(script) in page
    assert script == CHECK_RELEASE.read_bytes()
    page = client.get("/en/verify/", {"sha256": sha(script)}).content.decode()
    assert "The script that checks a release, as it is today." in page
    listed = client.get(f"{HERE}releases/").content.decode()
    assert f'href="{HERE}releases/2/release.proof.json"' in listed
    for address in ("/en/heads/", f"{HERE}releases/"):
        assert 'href="/en/verify/#release"' in client.get(address).content.decode()


def test_one_tree_is_built_at_a_time(
    project: Project, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "PATIENCE", 0.01)
    proofs._way.cache_clear()
    with proofs._BUILDING:
        answer = client.get(f"{HERE}releases/1/release.proof.json")

    assert answer.status_code == 503
    assert "Proofs are being made for others." in answer.content.decode()
    assert fetched(client, 1)[1]["seal"] == 4
    assert Notice.objects.count() == 2
