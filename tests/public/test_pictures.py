"""Charts at addresses of their own, and their titles."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone
from django.utils.translation import override

from public import pictures, source
from public.charts import findings, raster
from public.charts import geometry as charts
from public.charts.clocks import Clock
from public.charts.spending import spending
from tests.public.make import DEMO, KS, get

NAMES = ("clocks", "components", "results", "spending")
SVG = "{http://www.w3.org/2000/svg}"


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
@override_settings(DATA_LICENCE="CC-BY-4.0", SITE_URL="https://twinning.example")
@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_picture_says_what_it_shows_whence_of_when_and_on_which_terms(
    client: Client, lang: str, name: str
) -> None:
    answer = client.get(f"/{lang}/{DEMO}charts/{name}.svg")
    content = answer.content.decode()
    root = ElementTree.fromstring(content)  # noqa: S314 - our own
    lines = ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]
    said = " ".join(" ".join(lines).split())
    finding = " ".join((root.findtext(f"{SVG}title") or "").split())

    assert answer.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert root.attrib["lang"] == lang
    assert said.startswith(finding)
    assert finding in get(client, f"/{lang}/{DEMO}" + ("budget/?by=quarter" * (name == NAMES[-1])))
    assert f"https://twinning.example/{lang}/{DEMO}charts/{name}.svg" in said
    assert "CC BY 4.0" in said
    assert {"lv": "Izdomāts projekts.", "en": "Fictitious project."}[lang] in said
    today = timezone.localdate()
    shown = {"lv": f"{today:%d.%m.%Y}", "en": f"{today.day}\u00a0{today:%b}\u00a0{today.year}"}
    assert " ".join(shown[lang].split()) in said
    assert not re.search(r"style|href|url\(|@import|<image|<script", content)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_each_chart_is_a_png_for_slides_too(client: Client) -> None:
    for name in NAMES:
        answer = client.get(f"/lv/{DEMO}charts/{name}.png")
        assert answer.headers["Content-Type"] == "image/png"
        assert size(answer.content)[0] == pictures.SLIDE
    known = client.get(f"/lv/{DEMO}charts/{name}.png", headers={"If-None-Match": answer["ETag"]})
    assert known.status_code == 304
    assert client.get(f"/lv/{DEMO}charts/none.png").status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
@override_settings(SITE_URL="https://twinning.example")
@pytest.mark.parametrize("project", [KS, f"{DEMO}releases/1/"])
def test_a_shared_link_shows_the_headline_as_a_picture(client: Client, project: str) -> None:
    page = text(client, f"/en/{project}")
    (address,) = re.findall(r'<meta property="og:image" content="([^"]+)">', page)

    assert address == f"https://twinning.example/en/{project}headline.png"
    assert size(client.get(f"/en/{project}headline.png").content) == (1200, 630)


def test_the_picture_of_a_headline_says_the_verdict_and_no_figure_that_is_not_known(
    client: Client, db: None, seeded: None
) -> None:
    request = RequestFactory().get(f"/en/{KS}headline.png")
    reading = source.read(request, KS.split("/")[1])
    with override("en"):
        drawn = pictures.headline(reading, {"canonical": f"https://twinning.example/en/{KS}"})

    assert drawn["title"][0] == ("Strengthening Kosovo institutions in", 130)
    said = " ".join(line for line, _y in drawn["verdict"])
    assert said == "Concluded: 18 of 18 main results reported delivered."
    assert [(row["label"], row["value"]) for row in drawn["rows"]] == [("Money", "88\u00a0%")]
    assert drawn["foot"].endswith(f" · https://twinning.example/en/{KS}")


def test_pictures_have_letters_of_their_own_those_of_latvian_included() -> None:
    def drawn(letter: str) -> bytes:
        svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
        return raster.png(f'{svg}<text x="5" y="30">{letter}</text></svg>', width=40)

    letters = "aāčēģīķļņōŗšūžĀŽäéđËñ–“”…→€−"
    assert len({drawn(letter) for letter in [*letters, ""]}) == len(letters) + 1


def test_the_lines_of_a_picture_are_in_its_pixels_and_its_names_have_room() -> None:
    assert charts.scaled("M0 100H500.0V50.00H1000.0", 620, 260) == "M0 260H310.0V130.0H620.0"
    names = [(str(number), "") for number in range(9)]
    assert [name for name, _x in charts.thinned(names, 4)] == ["0", "3", "6"]
    assert charts.thinned(names, 9) == names
    assert charts.thinned([], 4) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_a_picture_is_kept_until_it_shows_something_else(client: Client) -> None:
    address = f"/en/{DEMO}charts/results.svg"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert client.get(f"/lv/{DEMO}charts/results.svg").headers["ETag"] != first.headers["ETag"]
    assert b"Release 1 of" in client.get(f"/en/{DEMO}releases/1/charts/components.svg").content


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_a_chart_that_a_project_has_not_is_refused_with_those_that_it_has(client: Client) -> None:
    answer = client.get(f"/en/{KS}charts/results.svg")

    assert answer.status_code == 404
    assert "KS 14 JB JH 04 has no chart “results”. Its charts are: components.svg" in " ".join(
        answer.content.decode().split()
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_the_columns_of_quarters_are_added_again_from_the_file(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(text(client, f"/en/{DEMO}budget_entries.csv"))))
    corrected = {(row["line"], row["corrects"]) for row in rows if row["corrects"]}
    sums: dict[str, Decimal] = {}
    for row in rows:
        if row["kind"] == "spent" and (row["line"], row["code"]) not in corrected:
            quarter = f"{row['on'][:4]}-Q{(int(row['on'][5:7]) + 2) // 3}"
            sums[quarter] = sums.get(quarter, Decimal()) + Decimal(row["amount"])

    root = ElementTree.fromstring(text(client, f"/en/{DEMO}charts/spending.svg"))  # noqa: S314
    shown = [
        "".join(drawn.itertext()) for drawn in root.iter(f"{SVG}text")
        if drawn.attrib.get("font-weight") == "700"
    ]  # fmt: skip

    assert len(sums) >= 4
    assert shown == [f"{sums[name] / 1000:.0f}" for name in sorted(sums)]
    most = max(sums, key=lambda name: sums[name])
    assert f"Most was spent in {most}:" in (root.findtext(f"{SVG}title") or "")


def clock(key: str, percent: str) -> Clock:
    return Clock(key, percent, f"{percent}%", 0, 0)


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ("46.2", "Results are 15.8 percentage points behind schedule."),
        ("70.0", "Results are 8 percentage points ahead of schedule."),
        ("62.0", "Results are level with the schedule."),
        ("", "62\u00a0% of the time has passed."),
    ],
)
def test_the_title_of_the_clocks(results: str, said: str) -> None:
    drawn = [clock("time", "62.0"), *([clock("results", results)] if results else [])]
    with override("en"):
        assert findings.clocks(drawn) == said


def parts(*counts: tuple[int, int]) -> list[dict[str, object]]:
    return [
        {
            "row": {"number": at, "code": "", "numbered": True},
            "count": {"delivered": done, "whole": whole},
        }
        for at, (done, whole) in enumerate(counts)
    ]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([(0, 0)], ""),
        ([(2, 2), (3, 3)], "Every result is reported delivered."),
        ([(1, 2)], "1 of 2 results is not reported delivered."),
        ([(1, 2), (2, 3)], "2 of 5 results are not reported delivered."),
        (
            [(1, 2), (2, 5)],
            "4 of 7 results are not reported delivered. Component 1 has the most of them: 3.",
        ),
        ([(0, 4), (2, 2)], "4 of 6 results are not reported delivered."),
    ],
)
def test_the_title_of_the_components(counts: list[tuple[int, int]], said: str) -> None:
    with override("en"):
        assert findings.components(parts(*counts)) == said


def quarter(planned: str | None, spent: str | None) -> dict[str, str | None]:
    return {"planned": planned, "spent": spent}


@pytest.mark.parametrize(
    ("sums", "said"),
    [
        ({"2026-Q1": quarter("50", None)}, "Nothing is spent yet."),
        ({"2026-Q1": quarter("50", "20")}, "Most was spent in 2026-Q1: EUR\u00a020."),
        (
            {
                "2026-Q1": quarter("50", "20"),
                "2026-Q2": quarter("10", "30"),
                "": quarter("9", "99"),
            },
            "Most was spent in 2026-Q2: EUR\u00a030. "
            "In 1 quarter more was spent than was planned for it.",
        ),
    ],
)
def test_the_title_of_the_quarters(sums: dict[str, dict[str, str | None]], said: str) -> None:
    drawn = spending(sums.items())  # type: ignore[arg-type]
    assert drawn is not None
    with override("en"):
        assert findings.spending(drawn) == said


def test_quarters_without_entries_have_their_room_and_many_are_named_by_their_years() -> None:
    far = {"2026-Q3": quarter("20000", "10000"), "2027-Q2": quarter(None, "40000")}
    drawn = spending(far.items())  # type: ignore[arg-type]
    assert drawn is not None
    assert [column.name for column in drawn.columns] == ["2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2"]
    assert [column.spent.height for column in drawn.columns] == [
        "25.00%", "0.00%", "0.00%", "100.00%",
    ]  # fmt: skip
    assert (drawn.unit, [number for number, _y in drawn.rules]) == (1000, [0, 10, 20, 30, 40])
    assert spending([("", quarter("1", "1"))]) is None  # type: ignore[list-item]
    years = spending([("2020-Q2", quarter("1", None)), ("2026-Q1", quarter("1", None))])  # type: ignore[list-item]
    assert years is not None
    assert [name for name, _x in years.names] == [str(year) for year in range(2021, 2027)]


@pytest.mark.parametrize(
    ("top", "numbers"),
    [(1, [0, 1]), (4, [0, 1, 2, 3, 4]), (13, [0, 5, 10]), (186.02, [0, 50, 100, 150])],
)
def test_the_rules_of_a_scale_are_round_and_few(top: float, numbers: list[int]) -> None:
    assert [number for number, _y in charts.rules(top)] == numbers
    assert charts.rules(top)[0] == (0, "100.00%")


def test_labels_that_would_meet_are_moved_apart_and_stay_in_the_field() -> None:
    assert charts.apart([0, 0, 50], 8) == [0, 8, 50]
    assert charts.apart([100, 98, 40], 8) == [100, 92, 40]
