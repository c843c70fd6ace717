"""The register as a catalogue of data sets (DCAT-AP 3): what portals of open data harvest.

Whatever is named is given its type and its words: the shapes of DCAT-AP ask for both, and who
harvests loads nothing else.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation

from public import source, terms
from public.http import responses
from public.http.responses import answered
from public.machines.described import address
from public.rows import Row, name_of, text_of
from releases.published import ProjectRow, Reading

Node = dict[str, Any]
AUTHORITY = "http://publications.europa.eu/resource/authority"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LANGUAGES = {"lv": "LAV", "en": "ENG"}
NAMES = {"LAV": "Latvian", "ENG": "English"}
# Of each project: its address, the type of what is sent, and the European name of that.
FILES = (
    ("all_zip", "application/zip", "ZIP"),
    ("release_json", "application/json", "JSON"),
    ("datapackage", "application/json", "JSON"),
)


@answered
def catalogue(request: HttpRequest) -> HttpResponse:
    """catalog.jsonld: the catalogue and a data set for each released project."""
    listed = source.listed(request)
    with translation.override("en"), source.whole():
        readings = listed.readings(listed.rows({}).order_by("slug"))
        content = json.dumps(_catalogue(readings), ensure_ascii=False, indent=1)
    return responses.file(request, content.encode() + b"\n", "application/ld+json")


def _catalogue(readings: list[Reading]) -> Node:
    return {
        "@context": CONTEXT,
        "@id": settings.SITE_URL + reverse("catalogue"),
        "@type": "dcat:Catalog",
        "dct:title": _said(en="Register of EU Twinning projects", lv=_register()),
        "dct:description": _said(
            en="What EU Twinning projects promised and delivered, who worked on them and what they "
            "cost, with the source of every figure."
        ),
        "dct:publisher": _publisher(),
        "dct:language": [_language(code) for code, _name in settings.LANGUAGES],
        "foaf:homepage": {"@id": address("portfolio", "en"), "@type": "foaf:Document"},
        "dcat:dataset": [_dataset(reading) for reading in readings],
        **_licence(),
    }


def _register() -> str:
    with translation.override("lv"):
        return translation.gettext("Register of EU Twinning projects")


def _dataset(reading: Reading) -> Node:
    project = reading.document["project"]
    slug = project["slug"]
    contact = terms.stated().contact
    made_at = reading.made_at.isoformat() if reading.made_at else ""
    return {
        "@id": f"{address('data', 'en', slug)}#data",
        "@type": "dcat:Dataset",
        "dct:identifier": slug,
        "dct:title": _said(en=_title(project, "en"), lv=_title(project, "lv")),
        "dct:description": _said(en=_summary(project, "en"), lv=_summary(project, "lv")),
        "dct:publisher": _publisher(),
        "dct:modified": {"@value": made_at, "@type": "xsd:dateTime"},
        "dcat:version": str(reading.number),
        "dcat:landingPage": {"@id": address("project", "en", slug), "@type": "foaf:Document"},
        "dct:language": [_language(code) for code, _name in settings.LANGUAGES],
        "dcat:theme": _concept("data-theme", "GOVE", "Government and public sector"),
        "dct:accessRights": _typed("access-right/PUBLIC", "dct:RightsStatement", "public"),
        "dcat:distribution": [
            _distribution(*file, slug=slug, number=reading.number) for file in FILES
        ],
        **({"dcat:contactPoint": _contact(contact)} if contact else {}),
    }


def _title(project: ProjectRow, lang: str) -> str:
    with translation.override(lang):
        return f"{name_of(project)}: {text_of(project, 'title')}"


def _summary(project: Row, lang: str) -> str:
    with translation.override(lang):
        return text_of(project, "summary") or text_of(project, "title")


def _distribution(name: str, media: str, kind: str, *, slug: str, number: int | None) -> Node:
    """A file of the release: its address never says anything else."""
    where = address(f"cited_{name}", "en", slug, number)
    return {
        "@id": f"{where}#file",
        "@type": "dcat:Distribution",
        "dct:title": _said(en=where.rpartition("/")[2]),
        "dcat:accessURL": {"@id": where, "@type": "rdfs:Resource"},
        "dcat:downloadURL": {"@id": where, "@type": "rdfs:Resource"},
        "dcat:mediaType": {
            "@id": f"http://www.iana.org/assignments/media-types/{media}",
            "@type": "dct:MediaType",
        },
        "dct:format": _typed(f"file-type/{kind}", "dct:MediaTypeOrExtent", kind),
        **_licence(),
    }


def _publisher() -> Node:
    name = terms.stated().operator or "Register of EU Twinning projects"
    return {
        "@id": f"{settings.SITE_URL}/#publisher",
        "@type": "foaf:Agent",
        "foaf:name": name,
    }


def _contact(where: str) -> Node:
    return {"@type": "vcard:Kind", "vcard:fn": "Contact", "vcard:hasEmail": {"@id": where}}


def _licence() -> Node:
    licence = terms.stated().licence
    if licence is None:
        return {}
    return {"dct:license": {"@id": licence.authority, "@type": "dct:LicenseDocument"}}


def _language(code: str) -> Node:
    name = LANGUAGES[code]
    return _typed(f"language/{name}", "dct:LinguisticSystem", NAMES[name])


def _concept(table: str, code: str, words_of: str) -> Node:
    return {
        **_typed(f"{table}/{code}", "skos:Concept", words_of),
        "skos:inScheme": {
            "@id": f"{AUTHORITY}/{table}",
            "@type": "skos:ConceptScheme",
            "dct:title": _said(en=table),
        },
    }


def _typed(what: str, kind: str, words_of: str) -> Node:
    return {
        "@id": f"{AUTHORITY}/{what}",
        "@type": kind,
        "skos:prefLabel": _said(en=words_of),
    }


def _said(**texts: str) -> list[Node]:
    return [{"@value": text, "@language": lang} for lang, text in texts.items() if text]
