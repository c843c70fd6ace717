"""Pages of releases of older versions of the register: fewer tables, columns and sums."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from releases.document.build import canonical, digest, summary
from releases.document.older import completed
from releases.document.schema import schema
from releases.document.tables import DOWNLOADS, FORMATS
from releases.models import Release
from tests.public.make import DEMO, KS, PAGES
from tests.volume import share

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
# What documents got after the first of them, in the order in which they got it.
ADDED = {
    "indicators": "indicators measurements",
    "plan": "activities activity_deliverables planned_activities work_plans project/end_current",
    "days": "person_days totals/days terms experts/name_key assignments/name_key",
    "files": "evidence/file_kind evidence/file_sha256 evidence/file_size figures/deliverable",
    "contract": "rulesets contract_changes contract_moves budget_headings budget_entries/change "
    "budget_entries/corrects budget_lines/component budget_lines/cost_basis budget_lines/heading "
    "budget_lines/partner budget_lines/priced_by totals/budget/committed totals/budget/forecast "
    "totals/budget/original",
    "counts": "budget_entries/counts contract_moves/counts deliverables/counts measurements/counts "
    "planned_activities/counts",
}
EACH = [path for paths in ADDED.values() for path in paths.split()]
# Shapes that existed: what was added from a moment on is not there.
SHAPES = {f"before {name}": " ".join(list(ADDED.values())[n:]) for n, name in enumerate(ADDED)}
ALONE = [path for path in EACH if path not in ("budget_headings", "budget_lines/heading")]
ALONE.append("budget_headings budget_lines/heading")  # a line names a heading that is there

# The columns of the first documents.
FIRST = {
    "project": "beneficiary_country contract_number disclaimer_en disclaimer_lv end_actual "
    "end_planned fictitious footnote_en footnote_lv fund funding_statement_en "
    "funding_statement_lv reference reference_alias results_basis slug start_actual "
    "start_planned status summary_en summary_lv title_en title_lv",
    "sources": "code language note_en note_lv project published_on publisher_en publisher_lv "
    "publisher_short sha256 title_en title_lv url url_alternative",
    "titles": "component evidence position project title_en title_lv where_en where_lv",
    "components": "evidence note_en note_lv number project title_en title_lv",
    "deliverables": "accepted_on achievements active adopted_by_en adopted_by_lv adopted_on code "
    "component delivered_on due_current due_original items_intro_en items_intro_lv kind "
    "note_en note_lv project reason_en reason_lv rung title_en title_lv weight",
    "items": "code deliverable evidence kind note_en note_lv project title_en title_lv",
    "figures": "item label_en label_lv position project value",
    "evidence": "code deliverable kind line project quote source title_en title_lv url",
    "statements": "code evidence kind project text_en text_lv",
    "partnerships": "code country detail_en detail_lv evidence institution note_en note_lv "
    "project role",
    "experts": "code country institution",
    "assignments": "code component evidence expert from_on function institution note_en note_lv "
    "project to_on",
    "budget_lines": "code note_en note_lv project title_en title_lv",
    "budget_entries": "amount code evidence kind line note_en note_lv on project rounded_to",
    "institutions": "abbreviation code country name_en name_lv note_en note_lv",
    "totals": "budget components experts results",
}


def without(document: dict[str, Any], paths: str) -> dict[str, Any]:
    """The document without these parts; a column goes from all rows."""
    older = deepcopy(document)
    for path in paths.split():
        *parents, last = path.split("/")
        places: list[Any] = [older]
        for name in parents:
            inner = [place.get(name, []) for place in places]
            places = [one for value in inner for one in (value if type(value) is list else [value])]
        for place in places:
            place.pop(last, None)
    return older


def release(slug: str, paths: str) -> Release:
    newest = Release.objects.filter(slug=slug).order_by("-number")[0]
    older = without(newest.document, paths)
    newest.pk, newest.number = None, newest.number + 1
    newest.document, newest.digest, newest.summary = older, digest(older), summary(older)
    newest.save(force_insert=True)
    return newest


def addresses(lang: str) -> Iterator[str]:
    yield from (f"/{lang}/{page}" for page in [*PAGES, KS + "plan/"])
    for project in (KS, DEMO):
        yield f"/{lang}/{project}release.json"
        for by in ("heading", "component", "partner", "quarter"):
            yield f"/{lang}/{project}budget/?by={by}"
        for one in FORMATS.values():
            yield from (f"/{lang}/{project}{table}{one.suffix}" for table in DOWNLOADS)


@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_page_and_file_of_an_older_release_is_there(
    client: Client, shape: str, lang: str
) -> None:
    for slug in ("ks-14-jb-jh-04", "demo"):
        release(slug, SHAPES[shape])

    asked = share(sorted(addresses(lang)), f"{shape} {lang}", of=8)
    statuses = {address: client.get(address).status_code for address in asked}

    odd = {address: status for address, status in statuses.items() if status != 200}
    assert set(odd.values()) <= {400, 404}, odd
    # Sides that the older budget does not have are refused in a sentence, and nothing else is.
    assert [address for address in odd if "?by=" not in address and "/plan/" not in address] == []


@pytest.mark.parametrize("path", ALONE)
def test_no_page_needs_what_once_was_not_there(client: Client, path: str) -> None:
    for slug in ("ks-14-jb-jh-04", "demo"):
        release(slug, path)

    for page in share(PAGES, path, of=3):
        assert client.get(f"/en/{page}").status_code == 200, page


def test_an_older_release_is_given_out_byte_for_byte(client: Client) -> None:
    made = release("demo", SHAPES["before indicators"])

    answer = client.get(f"/en/{DEMO}release.json")

    assert answer.content == canonical(made.document)
    assert hashlib.sha256(answer.content).hexdigest() == made.digest
    assert made.digest in client.get(f"/en/{DEMO}data/").content.decode()


def test_what_an_older_release_lacks_reads_as_not_known(client: Client) -> None:
    release("demo", SHAPES["before contract"])

    page = client.get(f"/en/{DEMO}budget/").content.decode()

    assert "not stated" in page
    assert "None" not in page


def test_what_changed_since_an_older_release_is_told(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))
    release("demo", SHAPES["before indicators"])

    assert client.get("/admin/releases/release/demo/changes/").status_code == 200


def test_a_document_of_today_is_read_as_it_is() -> None:
    for made in Release.objects.all():
        assert completed(made.document, schema()) == made.document


def test_what_is_added_later_is_tried_here_too() -> None:
    """The first shape is what is left; a part that is new in the schema belongs into ADDED."""
    parts = schema()["properties"]
    found = set(parts) - {"schema"}
    old = {path for path in EACH if "/" not in path}
    assert found - old == set(FIRST)
    shapes = {
        name: part.get("items", part)["properties"]
        for name, part in parts.items()
        if name != "schema"
    }
    columns = {f"{name}/{key}" for name, keys in shapes.items() if name not in old for key in keys}
    assert columns - {path for path in EACH if path.count("/") == 1} == {
        f"{name}/{key}" for name, keys in FIRST.items() for key in keys.split()
    }
