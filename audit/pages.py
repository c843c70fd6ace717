"""The history of a row as a page that people read, and putting an earlier value back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.acting import acting
from audit.history import columns_of, model_of, stories
from audit.models import Event, Operation, Through
from audit.people import named
from audit.versions import Stale, claim

PAGE = 50  # events


class HistoryPages(admin.ModelAdmin):  # type: ignore[type-arg]
    """Replaces Django's own history, which keeps no values."""

    def events_seen(self, request: HttpRequest) -> Q:
        """The events that this person may read."""
        return Q() if request.user.is_superuser else Q(pk__in=())

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        about = f"{row._meta.concrete_model._meta.db_table}:{row.pk}"
        events = Event.objects.filter(self.events_seen(request), about__contains=[about])
        context = self.admin_site.each_context(request) | {
            "title": _("History: %s") % row,
            "original": row,
            "back": reverse(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk]
            ),
            "has_restore": self.has_change_permission(request, row),
            "opts": self.opts,
            **told(request, events),
        }
        return TemplateResponse(request, "admin/audit/history.html", context)


def told(request: HttpRequest, events: Any) -> dict[str, Any]:
    """The page of events that the address asks for, and what it can be filtered by."""
    field, who = request.GET.get("field", ""), request.GET.get("who", "")
    people = named(events.order_by().values_list("who", flat=True).distinct())
    fields = columns_of(events)
    chosen = events
    if field in dict(fields):
        chosen = chosen.filter(after__has_key=field, operation=Operation.UPDATE)
    if who:
        chosen = chosen.filter(who=who[:40].replace("\0", ""))
    page = Paginator(chosen.order_by("-pk"), PAGE).get_page(request.GET.get("p"))
    return {
        "days": stories(list(page.object_list)),
        "page": page,
        "fields": fields,
        "people": sorted(people.items()),
        "field": field,
        "who": who,
    }


def restore(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    """Put back what a column was before an event, as a new change, by the rules of its form."""
    number = request.POST.get("event", "")
    event = Event.objects.filter(pk=number).first() if number.isdecimal() else None
    model: Any = model_of(event.table) if event else None
    page: Any = site._registry.get(model)
    if event is None or page is None:
        raise Http404
    row = page.get_object(request, str(event.row))
    if row is None:
        raise Http404
    form = page.get_form(request, row, change=True)
    name = _restorable(request, page, row, event, request.POST.get("column", ""), form)
    back = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_history", args=[row.pk])
    try:
        with acting(request.user.code, Through.FORM, f"restore {event.pk}"):  # type: ignore[union-attr]
            locked = claim(model._base_manager.all(), row.pk, request.POST.get("seen"))
            field = model._meta.get_field(name)
            setattr(locked, field.attname, (event.before or {})[field.column])
            _as_typed(form, field, locked)
            locked.full_clean()
            locked.save(update_fields=[name])
    except Stale:
        messages.error(
            request,
            _("Somebody changed the row after you opened this page, so nothing was restored."),
        )
    except ValidationError as error:
        messages.error(request, _("Nothing was restored: %s") % " ".join(error.messages))
    else:
        messages.success(request, _("Restored: %s.") % field.verbose_name)
    return redirect(back)


def _as_typed(form: Any, field: Any, row: Any) -> None:
    """Raises ValidationError where the form would: a row that the person does not see is no
    choice, and what is saved is what the person may save."""
    chooser = form.base_fields[field.name]
    if isinstance(chooser, ModelChoiceField):
        chooser.clean(getattr(row, field.attname))
    form.refuse(row)


def _restorable(
    request: HttpRequest, page: Any, row: Any, event: Event, column: str, form: Any
) -> str:
    """The field's name. Raises PermissionDenied where the person's own form could not set it."""
    allowed = page.has_change_permission(request, row) and event.operation == Operation.UPDATE
    names: dict[str, str] = {
        field.column: field.name
        for field in row._meta.concrete_fields
        if field.name in form.base_fields
        and field.name not in page.get_readonly_fields(request, row)
    }
    recorded = (event.before or {}).get(column)
    if not allowed or column not in names or str(recorded).startswith(("sha256:", "(secret")):
        raise PermissionDenied
    return names[column]
