"""The addresses that programs know by heart: they have no language, and are never renamed."""

from __future__ import annotations

from django.urls import path

from public.machines import api, catalogue, finding

V1 = "api/v1"
OF = f"{V1}/projects/<str:slug>"

urlpatterns = [
    path("robots.txt", finding.robots, name="robots"),
    path("favicon.ico", finding.favicon, name="favicon"),
    path(".well-known/security.txt", finding.security, name="security"),
    path("sitemap.xml", finding.sitemap, name="sitemap"),
    path("sitemap-<str:slug>.xml", finding.sitemap_of, name="sitemap_of"),
    path("catalog.jsonld", catalogue.catalogue, name="catalogue"),
    path(f"{V1}/", api.index, name="api"),
    path(f"{V1}/openapi.json", api.description, name="api_openapi"),
    path(f"{V1}/projects", api.projects, name="api_projects"),
    path(f"{V1}/search", api.search, name="api_search"),
    path(OF, api.project, name="api_project"),
    path(f"{OF}/document", api.document, name="api_document"),
    path(f"{OF}/releases", api.releases, name="api_releases"),
    path(f"{OF}/tables/<str:table>", api.table, name="api_table"),
    path(f"{V1}/<path:rest>", api.nowhere, name="api_nowhere"),
]
