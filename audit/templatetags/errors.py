"""What is wrong with the form of a page, at its top, with a link to each field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import template
from django.contrib.admin.helpers import InlineAdminFormSet
from django.forms import BaseForm
from django.template import Context
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from audit.bases import AnyForm

register = template.Library()


@dataclass(frozen=True, slots=True)
class PageError:
    """One thing to look at: where it is, what that is called, and why."""

    sentence: str
    place: str = ""
    label: str = ""
    row: str = ""


@register.inclusion_tag("admin/parts/_errors.html", takes_context=True)
def error_summary(context: Context) -> dict[str, object]:
    wrong = list(_of_page(context))
    return {
        "wrong": wrong,
        "fields": len({error.place for error in wrong if error.label}),
        "entering": not context.get("has_permission"),  # log-in and passwords: nothing is saved
    }


def _of_page(context: Context) -> Iterator[PageError]:
    yield from context.get("wrong") or ()  # told by a page without a form of Django's
    page = context.get("adminform")
    form = page.form if page else context.get("form")
    if isinstance(form, BaseForm) and form.is_bound:
        yield from _of_form(form)
    for inline in context.get("inline_admin_formsets") or ():
        formset = inline.formset
        if formset.is_bound:
            many, head = str(capfirst(inline.opts.verbose_name_plural)), f"{formset.prefix}-heading"
            yield from (PageError(str(text), head, row=many) for text in formset.non_form_errors())
            for number, form in enumerate(formset.forms, 1):
                yield from _of_form(form, _row(inline, form, number))


def _row(inline: InlineAdminFormSet, form: AnyForm, number: int) -> str:
    """A saved row by its name, a new one by its place."""
    if form.instance.pk:
        return str(form.instance)
    thing = capfirst(str(inline.opts.verbose_name))
    return _("%(thing)s, row %(number)s") % {"thing": thing, "number": number}


def _of_form(form: BaseForm, row: str = "") -> Iterator[PageError]:
    of_row = form.prefix or ""
    for text in form.non_field_errors():
        yield PageError(str(text), of_row, row=row)
    for field in form:
        for text in field.errors:
            if field.is_hidden:
                yield PageError(str(text), of_row, row=row)
            else:
                place = field.id_for_label or field.auto_id
                yield PageError(str(text), place, str(capfirst(field.label)), row)
