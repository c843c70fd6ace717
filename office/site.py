"""The back office, reorganised around the projects."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.access import proxies
from accounts.desks import OFFICE
from accounts.roles import RIGHTS, Reach, Right, Role
from accounts.typed.keeping import draft_view, waiting
from audit.events.people import signed_in
from audit.models import Event
from audit.rows.pages import events_context, restore
from deliverables.ladder.work import counts, reader_of
from deliverables.projects.access import access_of, desk_of, events_seen
from deliverables.projects.models import Membership
from deliverables.projects.scoped_admin import Scoped
from exchange.exports.pages import prepared_file, prepared_view
from exchange.imports.intake import give_up_old_ones
from exchange.models import Import
from experts.missions import work
from office.days_left import left_view
from office.desk.choosing import desks_view, here
from office.desk.front import desk_front
from office.desk.menu import menu
from office.extracts import extracts_view
from office.findings import findings_view
from office.front_page.missing_people import missing_people
from office.front_page.projects import projects, rows_of
from office.grids.doors import grid_of
from office.grids.pages import grid_urls
from office.quarter import quarter_view
from office.search import search_view
from office.trail import front, trail_view
from office.where_it_stands import standing_view
from office.workbooks import WorkbookPages

ORDER = ("deliverables", "experts", "budget", "releases", "exchange", "accounts", "auth")


class Choices(AutocompleteJsonView):
    """What an autocomplete offers, each with its project: codes are unique only within one."""

    def get_queryset(self) -> QuerySet[Model]:
        page = self.model_admin
        if not isinstance(page, Scoped):
            return super().get_queryset()
        rows, _doubled = page.get_search_results(
            self.request, page.offered(self.request), self.term
        )
        rows = rows.filter(self._choosable())
        return rows.select_related("project") if hasattr(rows.model, "project") else rows

    def _choosable(self) -> Q:
        """What the form that asks would take."""
        field, site = self.source_field, admin.site
        owner = site.get_model_admin(field.model) if site.is_registered(field.model) else None
        return owner.takes(field.name, self.request.GET) if isinstance(owner, Scoped) else Q()

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        offered = super().serialize_result(obj, to_field_name)
        if hasattr(obj, "project") and not desk_of(self.request):
            offered["text"] = f"{obj.project} · {offered['text']}"
        return offered


class RegisterSite(AdminSite):
    site_header = "Twinning"
    site_title = "Twinning"
    index_title = _("My work")
    index_template = "admin/front.html"
    enable_nav_sidebar = False

    def index(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> TemplateResponse:
        """What waits for the person, and the projects; at a desk, its own."""
        give_up_old_ones()
        if desk := desk_of(request):
            context = self.each_context(request) | desk_front(request, desk)
            return TemplateResponse(request, "admin/desk.html", context)
        access = access_of(request.user)
        if access.only(Role.AUDITOR):
            return front(request, self.get_app_list(request))
        reader = reader_of(request.user, timezone.localdate())
        publishable = [
            project
            for project in rows_of(request, reader.today).filter(unpublished=1)
            if access.may(Right.PUBLISH, project.pk)
        ]
        own = {
            "projects": projects(request, reader.today),
            "work": counts(reader),
            "missions": counts(reader, work.KINDS),
            "unpublished": publishable,
            "missing_people": missing_people() if access.everywhere(Right.PEOPLE) else [],
            "drafts": waiting(request),
            "last_import": Import.objects.last_of(signed_in(request)),
            "proxy_unknown": proxies.is_unknown(request),
            "title": _("My work"),
        }
        return super().index(request, own | (extra_context or {}))

    # One way to log in and out: the pages of accounts/urls.py.
    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        query = urlencode({"next": request.GET.get("next", "/admin/")})
        return redirect(f"{reverse('account_login')}?{query}")

    def logout(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> Any:
        return redirect("account_logout")

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> Any:
        return redirect("account_change_password")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the desk's project and menu, where a page is at one."""
        context = super().each_context(request) | {"grid": grid_of(request)}
        if desk := desk_of(request):
            context |= {"desk": desk, "outside": OFFICE, "here": here(request)}
            context["menu"] = SimpleLazyObject(lambda: menu(request, desk))
        return context

    def get_urls(self) -> list[URLResolver | URLPattern]:
        roles = path("roles/", self.admin_view(self.roles_view), name="roles")
        pages: list[URLResolver | URLPattern] = [
            roles,
            path("drafts/<int:draft>/", self.admin_view(draft_view), name="draft"),
            path("desks/", self.admin_view(desks_view), name="desks"),
            path("extracts/<slug:slug>/", self.admin_view(extracts_view), name="extracts"),
            path("prepared/<uuid:token>/", self.admin_view(prepared_view), name="prepared"),
            path(
                "prepared/<uuid:token>/file/",
                self.admin_view(prepared_file),
                name="prepared_file",
            ),
            path("findings/<slug:slug>/", self.admin_view(findings_view), name="findings"),
            *grid_urls(),
            path("workbook/", include(WorkbookPages(self).import_urls())),
            path("left/", self.admin_view(left_view), name="left"),
            path("quarter/<slug:slug>/", self.admin_view(quarter_view), name="quarter"),
            path("search/", self.admin_view(search_view), name="search"),
            path("standing/<slug:slug>/", self.admin_view(standing_view), name="standing"),
            path("trail/", self.admin_view(trail_view), name="trail"),
            path("history/restore/", self.admin_view(self.restore_view), name="restore"),
            path(
                "history/<int:transaction>/",
                self.admin_view(self.transaction_view),
                name="transaction",
            ),
        ]
        return [*pages, *super().get_urls()]

    def restore_view(self, request: HttpRequest) -> HttpResponse:
        """POST only: an earlier value becomes a new change."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return restore(request, self)

    def transaction_view(self, request: HttpRequest, transaction: int) -> TemplateResponse:
        """All that one person did at once: an import, say."""
        visible = events_seen(access_of(request.user), signed_in(request).code)
        events = Event.objects.filter(visible, transaction=transaction)
        if not events.exists():
            raise Http404
        context = self.each_context(request) | {
            "title": _("What was done at once"),
            **events_context(request, events, self),
        }
        return TemplateResponse(request, "admin/audit/history.html", context)

    def roles_view(self, request: HttpRequest) -> TemplateResponse:
        """Which role has which right, and which roles the reader has."""
        held = Membership.objects.filter(user=request.user.pk)
        context = self.each_context(request) | {
            "title": _("Roles and rights"),
            "roles": [role.label for role in Role],
            "rights": [
                (right.label, [Reach(by[role]).label if role in by else "" for role in Role])
                for right, by in RIGHTS.items()
            ],
            "held": held.select_related("project", "component"),
        }
        return TemplateResponse(request, "admin/roles.html", context)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return cast(HttpResponse, Choices.as_view(admin_site=self)(request))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The apps in the order of the work, not of the alphabet; few pages ask for them."""

        def turn(app: dict[str, Any]) -> int:
            known = app["app_label"] in ORDER
            return ORDER.index(app["app_label"]) if known else len(ORDER)

        apps = SimpleLazyObject(
            lambda: sorted(self._build_app_dict(request, app_label).values(), key=turn)
        )
        return cast(list[Any], apps)
