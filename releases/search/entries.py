"""What of a document can be found: projects, components, results, items, institutions, functions,
evidence, sources and statements, each with its texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import override

from deliverables.fields import countries
from deliverables.ladder.models import Achievement, DeliverableKind
from deliverables.ladder.status import Rung
from experts.people.models import Function

Row = Mapping[str, Any]
Document = Mapping[str, Any]
Pair = tuple[str, str]  # Latvian, English

# Other names that people know a country by, beside those that the register prints.
ALIASES: dict[str, Pair] = {
    "BY": ("Belarusa", "Byelorussia"),
    "CZ": ("Čehijas Republika", "Czech Republic"),
    "EU": ("ES Eiropas Kopiena", "EU European Community"),
    "GB": ("Lielbritānija", "Great Britain UK"),
    "GR": ("", "Hellas"),
    "MD": ("Moldāvija", "Moldavia"),
    "MK": ("Maķedonija", "Macedonia FYROM"),
    "NL": ("Holande Nīderlandes Karaliste", "Holland"),
    "SK": ("Slovākijas Republika", "Slovak Republic"),
    "TR": ("", "Turkey"),
    "XK": ("Kosovo", "Kosova"),
}

_REFERENCE = re.compile(
    r"\b[A-Z]{2} \d\d (?:[A-Z]{2,3} ){1,3}\d\d(?: [A-Z]{1,3}\b)?"
)  # of a contract


@dataclass(frozen=True, slots=True)
class Findable:
    """One thing of a document. `of`: whose page it is on: the number of a component, the code of a
    result. `codes` are found however they are spaced. `keys`: whose name belongs to it."""

    kind: str
    code: str
    of: str
    title: Pair
    more: Pair = ("", "")
    hidden: Pair = ("", "")  # found, and not shown
    codes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def findable(document: Document) -> Iterator[Findable]:
    """All that can be found, in the order in which equals are shown."""
    yield _project(document)
    yield from _results(document)
    yield from _items(document)
    for row in document["components"]:
        number = str(row["number"])
        called = (row["code"], f"{number}. komponente", f"Component {number}")
        yield Findable(
            "component", row["code"] or number, number, _title(row), _pair(row, "note"),
            codes=called,
        )  # fmt: skip
    yield from _institutions(document)
    yield from _functions(document)
    for row in document["sources"]:
        names = row["publisher_short"]
        yield Findable(
            "source", row["code"], "", _title(row),
            _joined(_pair(row, "publisher"), (names, names), _pair(row, "note")),
        )  # fmt: skip
    for row in document["evidence"]:
        quote = (row["quote"], "")
        codes = (row["code"],)
        of = row["deliverable"]
        yield Findable("evidence", row["code"], of, _title(row), quote, codes=codes)
    for row in document["statements"]:
        text = _pair(row, "text")
        codes = tuple(_REFERENCE.findall(text[0]))
        yield Findable("statement", row["code"], "", text, codes=codes)


def _pair(row: Row, name: str) -> Pair:
    return row[f"{name}_lv"], row[f"{name}_en"]


def _title(row: Row) -> Pair:
    return _pair(row, "title")


def _joined(*pairs: Pair) -> Pair:
    """Texts of each language, one behind the other."""
    latvian, english = (" · ".join(filter(None, texts)) for texts in zip(*pairs, strict=True))
    return latvian, english


def _country(code: str) -> Pair:
    latvian, english = countries.NAMES.get(code, ("", ""))
    other = ALIASES.get(code, ("", ""))
    return _joined((latvian, english), other)


def _project(document: Document) -> Findable:
    row = document["project"]
    titles = [_title(other) for other in document["titles"] if other["component"] in ("", None)]
    partners = (_country(partner["country"]) for partner in document["partnerships"])
    bodies = (
        _joined(_pair(body, "name"), (body["abbreviation"], body["abbreviation"]))
        for body in document["institutions"]
    )
    return Findable(
        "project", row["reference"], row["slug"], _title(row),
        _joined(_pair(row, "summary"), *titles),
        _joined(
            (row["reference"],) * 2, (row["reference_alias"],) * 2,
            _country(row["beneficiary_country"]), *dict.fromkeys(partners), *bodies,
        ),
        codes=(row["reference"], row["reference_alias"], row["contract_number"], row["slug"]),
    )  # fmt: skip


def _results(document: Document) -> Iterator[Findable]:
    kinds, rungs, achieved = _labels(DeliverableKind), _labels(Rung), _labels(Achievement)
    for row in document["deliverables"]:
        outcome = _joined(
            kinds[row["kind"]], rungs[row["rung"]],
            *(achieved[value] for value in row["achievements"]),
        )  # fmt: skip
        more = _joined(*(_pair(row, name) for name in ("adopted_by", "reason", "note")))
        code = row["code"]
        yield Findable("result", code, code, _title(row), more, outcome, codes=(code,))


def _items(document: Document) -> Iterator[Findable]:
    counted: dict[str, list[Pair]] = {}
    for row in document["figures"]:
        latvian, english = _pair(row, "label")
        said = (f"{row['value']} {latvian}", f"{row['value']} {english}")
        counted.setdefault(row["item"], []).append(said)
    for row in document["items"]:
        more = _joined(_pair(row, "note"), *counted.get(row["code"], ()))
        codes = (row["code"],)
        yield Findable("item", row["code"], row["deliverable"], _title(row), more, codes=codes)


def _institutions(document: Document) -> Iterator[Findable]:
    """Each institution once, with all that it does; and countries that name none."""
    bodies = {body["code"]: body for body in document["institutions"]}
    parts: dict[str, list[Pair]] = {}
    for row in document["partnerships"]:
        if row["institution"] not in bodies:
            title = countries.NAMES.get(row["country"], (row["country"],) * 2)
            yield Findable("partner", row["code"], "", title, _pair(row, "detail"))
        parts.setdefault(row["institution"], []).extend((_pair(row, "detail"), _pair(row, "note")))
    for code, body in bodies.items():
        short = body["abbreviation"]
        name = _pair(body, "name")
        title = (_with(name[0], short), _with(name[1], short))
        more = _joined(*parts.get(code, ()), _pair(body, "note"))
        yield Findable("institution", code, "", title, more, _country(body["country"]))


def _with(name: str, short: str) -> str:
    return f"{name} ({short})" if name and short else name or short


def _functions(document: Document) -> Iterator[Findable]:
    """Functions, not names: these are asked of the live rows, by the keys that a document has."""
    terms = {row["function"]: row for row in document["terms"]}
    components = {row["number"]: _title(row) for row in document["components"]}
    keys = {row["code"]: row["name_key"] for row in document["experts"]}
    labels = _labels(Function)
    for row in document["assignments"]:
        term = terms.get(row["function"])
        called = _pair(term, "label") if term else labels.get(row["function"], ("", ""))
        number = row["component"]
        names = filter(None, (row["name_key"], keys.get(row["expert"], "")))
        yield Findable(
            "function", row["code"], "" if number in ("", None) else str(number),
            _colon(called, components.get(number, ("", ""))), _pair(row, "note"), keys=tuple(names),
        )  # fmt: skip


def _colon(called: Pair, title: Pair) -> Pair:
    latvian, english = (": ".join(filter(None, both)) for both in zip(called, title, strict=True))
    return latvian, english


def _labels(choices: type[TextChoices]) -> dict[str, Pair]:
    """What each value of a list is called."""

    def labels(language: str) -> Iterable[str]:
        with override(language):
            return [str(choice.label) for choice in choices]

    both = zip(choices.values, labels("lv"), labels("en"), strict=True)
    return {value: (latvian, english) for value, latvian, english in both}
