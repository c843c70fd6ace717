"""The back office of what the public sees: releases, what would change, and Publish."""

from __future__ import annotations

from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Right
from audit.rows.refused import Refused
from deliverables.projects.access import access_of, projects_seen
from deliverables.projects.models import Project
from deliverables.projects.scoped_admin import Records
from releases import actions, checklist
from releases.document import build as document
from releases.document import changes, shapes
from releases.document.sentences import in_words
from releases.models import Release, Withdrawal
from releases.pages import PAGES
from releases.reading import reach
from steps.pages import PagesOfRows

SHOWN = 200  # differences listed on the page; the count says how many there are


@admin.register(Release)
class ReleaseAdmin(PagesOfRows, Records):
    pages = PAGES
    list_display = ("slug", "number", "made_at", "made_by", "short_digest")
    list_display_links = ("slug", "number")
    list_filter = ("slug",)
    list_select_related = ("made_by",)
    list_per_page = 50
    fields = ("slug", "number", "made_at", "made_by", "digest", "public_page")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Release]:
        rows = super().get_queryset(request).defer("document")
        return rows.filter(project__in=projects_seen(request))

    @admin.display(description=gettext_lazy("SHA-256"))
    def short_digest(self, release: Release) -> str:
        return f"{release.digest[:12]}…"

    @admin.display(description=gettext_lazy("public page"))
    def public_page(self, release: Release) -> str:
        address = reverse("public:project", args=["en", release.slug])
        return format_html('<a href="{0}">{0}</a>', address)

    def get_urls(self) -> list[URLPattern]:
        changes_url = path(
            "<slug:slug>/changes/",
            self.admin_site.admin_view(self.changes_view),
            name="releases_release_changes",
        )
        return [changes_url, *super().get_urls()]

    def changes_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """What would change in public; POST publishes exactly what was shown."""
        access = access_of(request.user)
        project = get_object_or_404(projects_seen(request), slug=slug)
        if request.method == "POST":
            return self._publish(request, project)
        built, part = reach.read(project, access)
        newest = Release.objects.filter(project=project).order_by("-number").first()
        differences = changes.between(shapes.read(newest.document) if newest else None, built)
        context = self.admin_site.each_context(request) | {
            "title": _("What would change: %s") % project,
            "project": project,
            "newest": newest,
            "withdrawal": Withdrawal.objects.filter(project=project).first(),
            "part": part,
            "digest": document.digest(built),
            "count": len(differences),
            "sentences": [in_words(difference) for difference in differences[:SHOWN]],
            "may_publish": access.may(Right.PUBLISH, project.pk),
            "opts": self.opts,
        }
        if newest is None:
            context |= {
                "missing": checklist.for_publication(project),
                "missing_to_run": checklist.for_running(project),
                "runs": project.status in checklist.RUNS,
            }
        return TemplateResponse(request, "admin/releases/changes.html", context)

    def _publish(self, request: HttpRequest, project: Project) -> HttpResponse:
        if not access_of(request.user).may(Right.PUBLISH, project.pk):
            raise PermissionDenied
        try:
            release = actions.publish(
                project, by=cast(User, request.user), seen=request.POST.get("digest", "")
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            if release:
                messages.success(
                    request,
                    _("Release %(number)s of %(project)s is public now.")
                    % {"number": release.number, "project": project},
                )
            else:
                messages.info(
                    request, _("Nothing to publish: the newest release already holds all of this.")
                )
        return redirect("admin:releases_release_changes", slug=project.slug)
