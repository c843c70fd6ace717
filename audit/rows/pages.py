"""The history of a row as a page that people read, and putting an earlier value back."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Model, Q, QuerySet
from django.forms import BaseForm
from django.forms.models import _get_foreign_key
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.bases import AnyAdmin
from audit.events.acting import acting
from audit.events.columns import Column
from audit.events.history import Address, Rows, columns_of, every_row, is_known, model_of
from audit.events.in_words import stories
from audit.events.people import named, signed_in
from audit.models import Event, Operation, Through
from audit.rows.conflicts import VersionedForm
from audit.rows.versions import Stale, claim

PAGE = 50  # events


class HistoryPages(AnyAdmin):
    """Replaces Django's own history, which keeps no values."""

    def events_seen(self, request: HttpRequest) -> Q:
        """The events that this person may read."""
        return Q() if request.user.is_superuser else Q(pk__in=())

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
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
            "restorable": _settable(request, self, row),
            "opts": self.opts,
            **events_context(request, events, self.admin_site),
        }
        return TemplateResponse(request, "admin/audit/history.html", context)


def visible_to(request: HttpRequest, site: admin.AdminSite) -> Rows:
    """The rows of a table that this person sees: those of its page."""

    def visible(model: type[Model]) -> QuerySet[Model]:
        if site.is_registered(model):
            return site.get_model_admin(model).get_queryset(request)
        return every_row(model)

    return visible


def address_for(request: HttpRequest, site: admin.AdminSite) -> Address:
    """Where this person may open a row that is seen."""

    def address(model: type[Model], key: int) -> str:
        if not site.is_registered(model):
            return ""
        if not site.get_model_admin(model).has_view_permission(request):
            return ""
        meta = model._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[key])

    return address


def events_context(
    request: HttpRequest, events: QuerySet[Event], site: admin.AdminSite
) -> dict[str, object]:
    """The page of events that the address asks for, and what it can be filtered by.

    Rows are called by their names as far as their own pages show them to this person.
    """
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
        "days": stories(
            list(page.object_list), visible_to(request, site), address_for(request, site)
        ),
        "page": page,
        "fields": fields,
        "people": sorted(people.items()),
        "field": field,
        "who": who,
    }


def restore(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    """Put back what a column was before an event, as if it were typed into the row's own form."""
    number = request.POST.get("event", "")
    event = Event.objects.filter(pk=number).first() if number.isdecimal() else None
    model = model_of(event.table) if event else None
    if event is None or model is None or not site.is_registered(model):
        raise Http404
    page = site.get_model_admin(model)
    row = page.get_object(request, str(event.row))
    if row is None:
        raise Http404
    field = _restorable(request, page, row, event)
    back = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_history", args=[row.pk])
    try:
        with acting(signed_in(request).code, Through.FORM, f"restore {event.pk}"):
            locked = claim(model._base_manager.all(), row.pk, request.POST.get("seen"))
            form = _form(request, page, locked)
            form.type(field.name, (event.before or {})[field.column])
            if not form.is_valid():
                raise ValidationError(_wrong(form, field.name))
            locked.full_clean()
            _check_inlines(request, page, locked)
            locked.save(update_fields=[field.name])
    except Stale:
        messages.error(
            request,
            _("Somebody changed the row after you opened this page, so nothing was restored."),
        )
    except ValidationError as error:
        messages.error(request, _("Nothing was restored: %s") % " ".join(error.messages))
    except IntegrityError:
        why = _("A rule of the table refuses the row as it would be.")
        messages.error(request, _("Nothing was restored: %s") % why)
    else:
        messages.success(request, _("Restored: %s.") % field.verbose_name)
    return redirect(back)


def _form(request: HttpRequest, page: AnyAdmin, row: Model) -> VersionedForm:
    """The person's own form of the row, sent as it stands."""
    form = page.get_form(request, row, change=True)(QueryDict(), instance=row)
    if not isinstance(form, VersionedForm):
        raise PermissionDenied
    for name, field in form.fields.items():
        form.type(name, form.get_initial_for_field(field, name))
    return form


def _check_inlines(request: HttpRequest, page: AnyAdmin, row: Model) -> None:
    """The rows that stand on the same page have to go with the value, as the page would say."""
    for inline in page.get_inline_instances(request, row):
        to_row = _get_foreign_key(page.model, inline.model, inline.fk_name)
        for part in inline.model._base_manager.filter(**{to_row.name: row.pk}):
            setattr(part, to_row.name, row)
            part.clean()


def _wrong(form: BaseForm, name: str) -> list[str]:
    """What is wrong; of another field than the restored one with its label."""
    return [
        str(sentence) if of in (name, NON_FIELD_ERRORS) else f"{form.fields[of].label}: {sentence}"
        for of, sentences in form.errors.items()
        for sentence in sentences
    ]


def _restorable(request: HttpRequest, page: AnyAdmin, row: Model, event: Event) -> Column:
    """The field. Raises PermissionDenied where the person's own form could not set it."""
    if not page.has_change_permission(request, row) or event.operation != Operation.UPDATE:
        raise PermissionDenied
    column, before = request.POST.get("column", ""), event.before or {}
    known = column in before and is_known(before[column])
    if not known or column not in (fields := _settable(request, page, row)):
        raise PermissionDenied
    return fields[column]


def _settable(request: HttpRequest, page: AnyAdmin, row: Model) -> dict[str, Column]:
    """The fields by their columns that the person's own form of the row may set."""
    if not page.has_change_permission(request, row):
        return {}
    form = page.get_form(request, row, change=True)(instance=row)
    typed = {name for name, field in form.fields.items() if not field.disabled}
    return {str(field.column): field for field in row._meta.concrete_fields if field.name in typed}
