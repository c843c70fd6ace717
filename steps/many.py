"""One step for many rows of a list: a page that says what will happen to each, or why not."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.rows.refused import Refused
from audit.rows.versions import version_of
from steps.pages import PagesOfRows, StepPage

AT_MOST = 200


class ManyPage(StepPage):
    """Stands before the page of the single step among the bases, and takes that step of each row.

    The address names the rows; each is taken in the version that the page showed, and all of them
    or none. `verbs` are the steps that are taken of many.
    """

    address = "steps/<str:verb>/"
    template = "admin/many.html"
    named_by = "verb"
    verbs: ClassVar[tuple[Any, ...]] = ()
    order: ClassVar[tuple[str, ...]] = ("pk",)  # in which they are locked
    against: dict[int, str]  # what `take` said of each row

    def get_row(self) -> None:
        self.step = next((verb for verb in self.verbs if verb == self.kwargs["verb"]), None)
        if self.step is None:
            raise Http404
        self.verb, self.against = str(self.step.label), {}

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """Without rows in the address, of all of the list as it is filtered."""
        if "rows" in request.GET or request.method == "POST":
            return super().answer(request)
        listed = copy(request)
        listed.GET = QueryDict(request.GET.get("_changelist_filters", ""))
        try:
            rows = self.owner.get_changelist_instance(listed).queryset
        except (IncorrectLookupParameters, DisallowedModelAdminLookup, ValidationError):
            return redirect(self.back())  # the list says what is wrong with it
        return _leading_to(type(self), self.step)(self.owner, listed, rows) or redirect(self.back())

    def chosen(self) -> QuerySet[Model]:
        """Those of the rows in the address that the person sees."""
        named = self.request.GET.get("rows", "").split(",")[:AT_MOST]
        keys = [int(key) for key in named if key.isdecimal() and len(key) < 10]
        return self.rows().filter(pk__in=keys).order_by(*self.order)

    def seen_of(self, row: Model) -> str:
        return self.request.POST.get(f"seen_{row.pk}", "")

    def take(self) -> str:
        given = self.given(**self.form.cleaned_data) if self.form else self.given()
        asked = [row for row in self.chosen() if self.seen_of(row)]
        with transaction.atomic():
            for row in asked:
                try:
                    self.cycle.take(row, self.step, by=self.by, seen=self.seen_of(row), given=given)
                except Refused as refused:
                    self.against[row.pk] = str(refused)
            if self.against or not asked:
                raise Refused(self._nothing())
        done = ngettext("%(verb)s: %(n)s row.", "%(verb)s: %(n)s rows.", len(asked))
        return done % {"verb": self.verb, "n": len(asked)}

    def _nothing(self) -> str:
        if not self.against:
            return _("Nothing was done: none of the rows can take this step now.")
        return ngettext(
            "Nothing was done, because of %(n)s row. It says why below.",
            "Nothing was done, because of %(n)s rows. Each says why below.",
            len(self.against),
        ) % {"n": len(self.against)}

    def get_title(self) -> str:
        return f"{self.verb}: {self.owner.opts.verbose_name_plural}"

    def why_not(self) -> str | None:
        return None

    def back(self) -> str:
        """The list, filtered as it was."""
        meta = self.owner.opts
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        filters = self.request.GET.get("_changelist_filters", "")
        return f"{address}?{filters}" if filters else address

    def more(self) -> dict[str, object]:
        rows = list(self.chosen())
        refusals = self.cycle.refusals(rows, self.step, self.by)
        each = [(row, self._leads_to(row), self._told(row, refusals), self._mark(row))
                for row in rows]  # fmt: skip
        # What was refused of some is left out when the person asks again; what was of all is asked.
        takes = [row.pk for row in rows if not refusals[row.pk] and row.pk not in self.against]
        if not takes:
            takes = [row.pk for row in rows if not refusals[row.pk]]
        return {
            "each": each,
            "takes": takes,
            "says": self.cycle.steps[self.step].says,
            "button": f"{self.verb} ({len(takes)})",
            "possible": bool(takes),
        }

    def _told(self, row: Model, refusals: dict[int, str | None]) -> str:
        return self.against.get(row.pk) or refusals[row.pk] or ""

    def _mark(self, row: Model) -> str:
        return str(getattr(row, "mark", "") or version_of(row))

    def _leads_to(self, row: Model) -> tuple[str, str]:
        """The names of the state that the row is in, and of what it may come to."""
        state = getattr(row, self.cycle.column)
        return self._named(state), " / ".join(self.ends(state))

    def ends(self, state: str) -> list[str]:
        """The names of the states to which the step leads from this one."""
        ends = self.cycle.steps[self.step].ends.get(state)
        return [self._named(ends)] if ends else []

    def _named(self, state: str) -> str:
        field: Any = self.owner.opts.get_field(self.cycle.column)
        return str(dict(field.flatchoices).get(state, state))


class StepsOfMany(PagesOfRows):
    """A table whose list offers the steps of its `many` among the actions."""

    many: ClassVar[type[ManyPage]]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if self.has_change_permission(request):
            for verb in self.many.verbs:
                name = f"step_{verb}"
                actions[name] = (_leading_to(self.many, verb), name, f"{verb.label} …")
        return actions

    def of_all_listed(self, request: HttpRequest, verb: Any) -> tuple[str, str]:
        """A link beside the list: the step of each row in it, as it is filtered."""
        address = reverse(f"admin:{self.many.name}", args=[verb.value])
        filters = urlencode({"_changelist_filters": request.GET.urlencode()})
        return _("%(verb)s: all listed") % {"verb": verb.label}, f"{address}?{filters}"


def _leading_to(page: type[ManyPage], verb: Any) -> Callable[..., HttpResponse | None]:
    def lead(_admin: Any, request: HttpRequest, rows: QuerySet[Model]) -> HttpResponse | None:
        keys = sorted(rows.values_list("pk", flat=True))
        if len(keys) > AT_MOST:
            told = _(
                "%(rows)s rows are chosen, and a step is taken of at most %(most)s at once. "
                "Filter the list, or choose fewer."
            )
            messages.error(request, told % {"rows": len(keys), "most": AT_MOST})
            return None
        query = QueryDict(mutable=True)
        query["rows"] = ",".join(map(str, keys))
        if filters := request.GET.urlencode():
            query["_changelist_filters"] = filters
        address = reverse(f"admin:{page.name}", args=[verb.value])
        return HttpResponseRedirect(f"{address}?{query.urlencode(safe=',')}")

    return lead
