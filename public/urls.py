"""The addresses of the public pages, below the language. They are stable: nothing here is renamed.

The views take any text and refuse in a sentence what is no slug, number or code.
"""

from __future__ import annotations

from django.urls import URLPattern, path

from public import pictures, search, views
from public.frame import CITED
from public.machines import api, embedding, feeds, packages, projects
from public.pages import mail as mailed
from public.pages import releases as citing
from public.pages import verify
from releases.published import CHECK, CHECK_RELEASE, FORMATS

PROJECT = "projects/<str:slug>/"
RELEASES = f"{PROJECT}releases/"
PAIR = f"{RELEASES}<str:first>..<str:second>"
app_name = "public"


def of_project(prefix: str, of: str = "") -> list[URLPattern]:
    """The pages and files of a project, in its newest release or in the one that is cited."""
    return [
        path(prefix, views.project, name=f"{of}project"),
        path(f"{prefix}components/<str:number>/", views.component, name=f"{of}component"),
        path(f"{prefix}deliverables/", views.deliverables, name=f"{of}deliverables"),
        path(f"{prefix}deliverables/<str:code>/", views.deliverable, name=f"{of}deliverable"),
        path(f"{prefix}plan/", views.work_plan, name=f"{of}plan"),
        path(f"{prefix}experts/", views.experts, name=f"{of}experts"),
        path(f"{prefix}budget/", views.budget, name=f"{of}budget"),
        path(f"{prefix}about/", views.about, name=f"{of}about"),
        path(f"{prefix}data/", views.data, name=f"{of}data"),
        path(f"{prefix}charts/<str:chart>.svg", views.chart, name=f"{of}chart"),
        path(
            f"{prefix}charts/<str:chart>.png",
            views.chart,
            {"width": pictures.SLIDE},
            name=f"{of}chart_png",
        ),
        path(f"{prefix}headline.png", views.headline, name=f"{of}headline"),
        path(f"{prefix}files/<str:sha256>/", views.evidence_file, name=f"{of}evidence_file"),
        path(f"{prefix}release.json", views.release_json, name=f"{of}release_json"),
        path(f"{prefix}datapackage.json", packages.description, name=f"{of}datapackage"),
        path(f"{prefix}all.zip", packages.zipped, name=f"{of}all_zip"),
        path(f"{prefix}release.about.json", citing.about_json, name=f"{of}release_about"),
        path(f"{prefix}release.proof.json", citing.proof_json, name=f"{of}release_proof"),
        *(
            path(
                f"{prefix}<str:table>{format_.suffix}",
                views.table_file,
                {"format": format_.key},
                name=f"{of}table_{format_.key}",
            )
            # The longest ending first: .excel.csv before .csv.
            for format_ in sorted(FORMATS.values(), key=lambda format_: -len(format_.suffix))
        ),
    ]


urlpatterns = [
    path("", views.portfolio, name="portfolio"),
    path("search/", search.search, name="search"),
    path("projects.csv", projects.projects_csv, name="projects_csv"),
    path("verify/", verify.verify, name="verify"),
    path("verify/check.py", verify.script, {"path": CHECK}, name="check"),
    path("verify/check_release.py", verify.script, {"path": CHECK_RELEASE}, name="check_release"),
    path("heads/", verify.heads, name="heads"),
    path("heads/mail/<str:token>/", mailed.confirm, name="heads_confirm"),
    path("heads/mail/<str:token>/off/", mailed.leave, name="heads_leave"),
    path("definitions/", views.definitions, name="definitions"),
    path("definitions/queries/", views.queries, name="queries"),
    path("definitions/queries.csv", views.queries_csv, name="queries_csv"),
    path("codes/", views.codes, name="codes"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("api/", api.explained, name="api"),
    path(RELEASES, citing.releases, name="releases"),
    path(f"{PROJECT}releases.atom", feeds.releases, name="releases_atom"),
    path(f"{PROJECT}results.atom", feeds.results, name="results_atom"),
    path(f"{PROJECT}due.ics", feeds.due, name="due_ics"),
    path(f"{PROJECT}embed/", embedding.embed, name="embed"),
    path(f"{PAIR}/", citing.comparison, name="releases_between"),
    path(f"{PAIR}.json", citing.comparison_json, name="releases_between_json"),
    *of_project(PROJECT),
    *of_project(f"{RELEASES}<str:release>/", CITED),
]
