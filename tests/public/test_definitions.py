"""What the figures and codes mean, where a reader of the public pages alone finds it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from deliverables.ladder.models import Deliverable
from public.pages.definitions import Block, blocks, in_a_line, page, source
from releases import actions
from releases.document.codes import coded
from tests.make import make_component, make_deliverable, make_project
from tests.public.make import DEMO, KS

HOW = re.compile(r'_how\.html" with anchor="([^"]+)"')
MARKS = re.compile(r"<!-- (\w+) -->")
# Cells of examples that are said in words; all others are the same in both languages.
WORDS = {
    "nav": "none", "jā": "yes", "nē": "no", "robežās": "within", "tuvu robežai": "near",
    "pārsniegta": "beyond", "termiņš vēl nav pienācis": "open", "kavējas": "late",
    "paveikts vēlu": "done_late", "laikā": "on_time", "paveikts": "done", "slēgts": "closed",
    "nav plānots": "not_planned",
}  # fmt: skip


def test_the_definitions_are_whole_in_both_languages() -> None:
    english, latvian = (list(blocks(source(language))) for language in ("en", "lv"))

    assert [(b.kind, b.level) for b in english] == [(b.kind, b.level) for b in latvian]
    assert [b.anchor for b in page("en")] == [b.anchor for b in page("lv")]
    assert MARKS.findall(source("en")) == MARKS.findall(source("lv"))
    for ours, theirs in zip(english, latvian, strict=True):
        assert examples(theirs) == examples(ours), ours.rows
        if ours.kind == "code":
            assert ours.text == theirs.text
        elif ours.kind == "text":
            assert 0.6 < len(theirs.text) / len(ours.text) < 1.7, theirs.text
        named = {one.replace("/en/", "/lv/") for one in code(ours)}
        assert named <= {*code(theirs), "docs/arithmetic.lv.md"}


def examples(block: Block) -> list[list[str]]:
    if block.kind != "table":
        return []
    return [[WORDS.get(cell, cell) for cell in row] for row in block.rows[1:]]


def code(block: Block) -> list[str]:
    """The pieces of code of a text: formulas, columns, files."""
    found = re.findall(r"<code>(.*?)</code>", str(block.text))
    return ["part" if " / " in one or "=" in one else one for one in found]


def test_each_form_of_a_text_is_shown_and_nothing_of_it_is_run() -> None:
    text = (
        "# A\n\n## In time\nA <b>line</b>\nof *two*, `a|b *c*`.\n\n<!-- x -->\n| a | b |\n"
        "|---|---|\n| 1 | |\n\n- one\n  more\n- **two**\n\n"
        "```sql\nSELECT '<a>'\n\n  FROM t\n```\n\n"
        "[here](https://example.org/) and [there](adr/0001.md)\n"
    )
    made = list(blocks(text))

    assert [block.kind for block in made] == [
        "heading", "heading", "text", "table", "list", "code", "text"
    ]  # fmt: skip
    assert made[1].anchor == "in-time"
    assert made[2].text == ("A &lt;b&gt;line&lt;/b&gt; of <i>two</i>, <code>a|b *c*</code>.")
    assert made[3].rows == (("a", "b"), ("1", ""))
    assert made[4].rows == (("one more",), ("<b>two</b>",))
    assert made[5].text == "SELECT '<a>'\n\n  FROM t"
    assert made[6].text == '<a href="https://example.org/">here</a> and there'
    assert in_a_line("[x](javascript:alert(1))").startswith("x")


def test_headings_of_the_same_words_have_an_anchor_each() -> None:
    text = "# Days\n\n## Sums\n\nA\n\n# Money\n\n## Sums\n\nB\n\n## Sums\n"

    anchors = [block.anchor for block in blocks(text) if block.kind == "heading"]

    assert anchors == ["days", "sums", "money", "sums-2", "sums-3"]


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize("lang", ["lv", "en"])
def test_every_link_to_a_definition_or_a_code_leads_to_one(client: Client, lang: str) -> None:
    asked: dict[str, set[str]] = {"definitions": set(), "codes": set()}
    for path in (KS, DEMO, f"{DEMO}budget/", f"{DEMO}plan/", f"{DEMO}deliverables/",
                 f"{DEMO}data/", "verify/"):  # fmt: skip
        body = client.get(f"/{lang}/{path}").content.decode()
        for name, found in asked.items():
            found |= set(re.findall(rf'href="/{lang}/{name}/#([^"]+)"', body))
            assert f'href="/{lang}/{name}/"' in body, path

    for name, found in asked.items():
        body = client.get(f"/{lang}/{name}/").content.decode()
        assert found <= set(re.findall(r' id="([^"]+)"', body)), name
        assert "```" not in body
        assert "<!-- " not in body
    parts = Path(settings.BASE_DIR, "templates", "public").rglob("*.html")
    named = {one for part in parts for one in HOW.findall(part.read_text("utf-8"))}
    assert {"in-time", "slippage", "absorption"} <= asked["definitions"]
    assert asked["definitions"] - {"in-time"} <= named <= {block.anchor for block in page(lang)}
    assert {"deliverables.rung", "budget_entries.kind"} <= asked["codes"]


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_each_query_is_on_its_page_and_in_its_file(client: Client, lang: str) -> None:
    body = client.get(reverse("public:queries", args=[lang])).content.decode()
    file = client.get(reverse("public:queries_csv", args=[lang])).content.decode()
    shown = re.findall(
        r'(?s)<th scope="row">\s*([^<]*?)(?: \([^)]+\))?\s*<br>'
        r".*?((?:<code>.*?</code>.*?){2})</tr>",
        body,
    )
    rows = list(csv.DictReader(io.StringIO(file, newline="")))

    assert [(name, re.findall("<code>(.*?)</code>", asked)) for name, asked in shown] == [
        (row[f"figure_{lang}"], [escape(row["pandas"]), escape(row["duckdb"])]) for row in rows
    ]
    names = [(row[f"part_{lang}"], row[f"figure_{lang}"]) for row in rows]
    assert len(set(names)) == len(names) > 80
    assert all(part and figure for part, figure in names)
    assert len(re.findall(r'<h2 id="', body)) == len({part for part, _figure in names}) + 1


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "The implementer says that it is delivered."), ("lv", "Paziņots par sasniegtu")],
)
def test_the_codes_of_every_column_are_on_their_page(client: Client, lang: str, told: str) -> None:
    body = client.get(reverse("public:codes", args=[lang])).content.decode()
    ids = re.findall(r' id="([^"]+)"', body)

    assert {f"{r.table}.{column.key}" for r, column in coded()} <= set(ids)
    assert len(ids) == len(set(ids))
    assert "deliverables.rung.delivered" in ids
    assert told in body


TEXTS = ["=1+1", "-18 results", "'quoted'", "''=x", "plain", "+", "＝1", "it's"]


@pytest.mark.django_db
def test_the_apostrophes_of_csv_are_undone_by_one_sentence(client: Client) -> None:
    """Take the first apostrophe away from every text that begins with one."""
    project = make_project()
    component = make_component(project)
    for number, text in enumerate(TEXTS, 1):
        make_deliverable(component, f"D1.{number}", title_en=text)
    actions.publish(project, by=None)
    address = f"/en/projects/{project.slug}/deliverables"

    def served(suffix: str) -> str:
        return client.get(f"{address}{suffix}").content.decode("utf-8-sig")

    rows: list[Any] = list(csv.DictReader(io.StringIO(served(".csv"), newline="")))
    excel = list(csv.DictReader(io.StringIO(served(".excel.csv"), newline=""), delimiter=";"))
    lines = [json.loads(line)["title_en"] for line in served(".jsonl").splitlines()]

    assert [row["title_en"].removeprefix("'") for row in rows] == TEXTS == lines
    assert [row["title_en"].removeprefix("'") for row in excel] == TEXTS
    assert [row["title_en"] for row in rows if row["title_en"] in TEXTS] == ["plain", "it's"]
    assert Deliverable.objects.get(code="D1.2").title_en == "-18 results"
    assert 'id="apostrophe"' in client.get(f"/en/projects/{project.slug}/data/").content.decode()
