"""A project and its data in the words of schema.org, for search engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from public import terms
from public.rows import name_of, text_of
from releases.published import FORMATS, Reading, tables, words

Linked = dict[str, Any]


def described(reading: Reading, lang: str) -> Linked:
    """The project and its data set, as one graph."""
    project = reading.document["project"]
    return {
        "@context": "https://schema.org",
        "@graph": [
            _stated(_project(project, lang)),
            _stated(_dataset(reading, lang)),
        ],
    }


def address(name: str, *parts: object) -> str:
    return settings.SITE_URL + reverse(f"public:{name}", args=parts)


def _stated(value: Linked) -> Linked:
    """Without what is not stated."""
    return {key: item for key, item in value.items() if item not in ("", None, [], {})}


def _project(project: Mapping[str, Any], lang: str) -> Linked:
    where = address("project", lang, project["slug"])
    return {
        "@type": "Project",
        "@id": f"{where}#project",
        "url": where,
        "name": text_of(project, "title"),
        "alternateName": project["reference"],
        "description": text_of(project, "summary"),
        "areaServed": _country(project),
        "foundingDate": project["start_actual"] or project["start_planned"],
        "dissolutionDate": project["end_actual"] or project["end_planned"],
        "funding": _stated(
            {
                "@type": "Grant",
                "identifier": project["contract_number"],
                "name": project["fund"],
                "funder": {"@type": "Organization", "name": words.country("EU")},
            }
        ),
    }


def _country(project: Mapping[str, Any]) -> Linked:
    code = project["beneficiary_country"]
    return {"@type": "Country", "name": words.country(code), "identifier": code} if code else {}


def _dataset(reading: Reading, lang: str) -> Linked:
    project, stated = reading.document["project"], terms.stated()
    where = address("data", lang, project["slug"])
    made_at = reading.made_at.isoformat() if reading.made_at else ""
    return {
        "@type": "Dataset",
        "@id": f"{where}#data",
        "url": where,
        "name": f"{name_of(project)}: {text_of(project, 'title')}",
        "description": text_of(project, "summary") or text_of(project, "title"),
        "about": {"@id": f"{address('project', lang, project['slug'])}#project"},
        "version": str(reading.number or ""),
        "dateModified": made_at,
        "isAccessibleForFree": True,
        "inLanguage": [code for code, _name in settings.LANGUAGES],
        "spatialCoverage": _country(project),
        "license": stated.licence.path if stated.licence else "",
        "publisher": {"@type": "Organization", "name": stated.operator} if stated.operator else {},
        "includedInDataCatalog": {"@type": "DataCatalog", "url": address("portfolio", lang)},
        "distribution": [*_distributions(reading, lang)],
    }


def _distributions(reading: Reading, lang: str) -> list[Linked]:
    slug = reading.document["project"]["slug"]
    files = [("release.json", "application/json", address("release_json", lang, slug))]
    files += [
        (
            f"{table}{format_.suffix}",
            format_.media,
            address(f"table_{format_.key}", lang, slug, table),
        )
        for table in tables.DOWNLOADS
        if tables.rows(reading.document, table)
        for format_ in FORMATS.values()
    ]
    return [
        {"@type": "DataDownload", "name": name, "encodingFormat": kind, "contentUrl": where}
        for name, kind, where in files
    ]
