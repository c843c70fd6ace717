"""The addresses of the public pages, below the language. They are stable: nothing here is renamed.

The views take any text and refuse in a sentence what is no slug, number or code.
"""

from __future__ import annotations

from django.urls import path

from public import verify, views
from releases.tables import FORMATS

PROJECT = "projects/<str:slug>/"
app_name = "public"
urlpatterns = [
    path("", views.portfolio, name="portfolio"),
    path("verify/", verify.verify, name="verify"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path(PROJECT, views.project, name="project"),
    path(f"{PROJECT}components/<str:number>/", views.component, name="component"),
    path(f"{PROJECT}deliverables/", views.deliverables, name="deliverables"),
    path(f"{PROJECT}deliverables/<str:code>/", views.deliverable, name="deliverable"),
    path(f"{PROJECT}plan/", views.work_plan, name="plan"),
    path(f"{PROJECT}experts/", views.experts, name="experts"),
    path(f"{PROJECT}budget/", views.budget, name="budget"),
    path(f"{PROJECT}about/", views.about, name="about"),
    path(f"{PROJECT}data/", views.data, name="data"),
    path(f"{PROJECT}files/<str:sha256>/", views.evidence_file, name="evidence_file"),
    path(f"{PROJECT}release.json", views.release_json, name="release_json"),
    *(
        path(
            f"{PROJECT}<str:table>{format_.suffix}",
            views.table_file,
            {"format": format_.key},
            name=f"table_{format_.key}",
        )
        # The longest ending first: .excel.csv before .csv.
        for format_ in sorted(FORMATS.values(), key=lambda one: -len(one.suffix))
    ),
]
