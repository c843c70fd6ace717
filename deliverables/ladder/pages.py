"""The ladder on a deliverable's page: the steps that are possible, each on a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.bases import AnyAdmin
from audit.events.people import signed_in
from audit.rows.unsaved import typed
from deliverables.fields.forms import StepForm
from deliverables.ladder import actions, signing
from deliverables.ladder.models import Deliverable, SignOff
from deliverables.ladder.querysets import DeliverableQuerySet
from deliverables.ladder.status import (
    BEGUN,
    MEANING,
    OUTCOMES,
    STEPS,
    Rung,
    Turn,
    Verb,
    leads_to,
    refusal,
)
from deliverables.ladder.work import KINDS, WorkKind, reader_of
from deliverables.projects.models import Publishing
from deliverables.projects.scoped_admin import OfficeAdmin
from exchange.tables import limits
from steps.many import ManyPage, StepsOfMany
from steps.pages import Page, StepPage

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class RungForm(StepForm):
    """Also which rung, on which day, and the reason that the public reads."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    on = forms.CharField(
        label=gettext_lazy("Date"),
        max_length=30,
        help_text=gettext_lazy("A day (21.02.2019), a month (2019-02) or a year (2019)."),
    )
    reason_lv = forms.CharField(
        label=gettext_lazy("Reason in Latvian"),
        max_length=limits.TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "lv"}),
        help_text=gettext_lazy("Public. Needed unless all of it was delivered."),
    )
    reason_en = forms.CharField(
        label=gettext_lazy("Reason in English"),
        max_length=limits.TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
        help_text=gettext_lazy("Public. Needed unless all of it was delivered."),
    )

    def __init__(self, verb: Verb, data: QueryDict | None = None) -> None:
        super().__init__(STEPS[verb], data)
        if field := self.fields.get("outcome"):
            choices = [(rung.value, rung.label) for rung in OUTCOMES[verb]]
            cast(forms.ChoiceField, field).choices = choices


class TurnFilter(admin.SimpleListFilter):
    """Whose turn it is."""

    title = gettext_lazy("whose turn")
    parameter_name = "turn"

    def lookups(
        self, request: HttpRequest, model_admin: AnyAdmin
    ) -> list[tuple[str, _StrOrPromise]]:
        return [(turn.value, turn.label) for turn in Turn]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        return queryset.filter(turn=self.value()) if self.value() else queryset


class WorkFilter(admin.SimpleListFilter):
    """The rows behind each count of the front page."""

    title = gettext_lazy("my work")
    parameter_name = "work"
    kinds: ClassVar[tuple[WorkKind, ...]] = KINDS

    def lookups(
        self, request: HttpRequest, model_admin: AnyAdmin
    ) -> list[tuple[str, _StrOrPromise]]:
        return [(kind.key, kind.label) for kind in self.kinds]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        kind = next((kind for kind in self.kinds if kind.key == self.value()), None)
        if kind is None:
            return queryset
        reader = reader_of(request.user, timezone.localdate())
        return queryset.filter(pk__in=kind.rows(reader).values("pk"))


class RungPage(StepPage):
    """What the step means in public, and what it needs."""

    name = "deliverables_deliverable_step"
    address = "<int:pk>/step/<str:verb>/"
    template = "admin/deliverables/step.html"
    cycle = actions.LADDER
    named_by = "verb"
    given = actions.LadderGiven

    def get_form(self) -> RungForm:
        return RungForm(self.step, typed(self.request))

    def said(self, row: Deliverable) -> str:
        return _whose_turn(self.get_row())

    def more(self) -> dict[str, object]:
        return {
            "ends": [(rung.label, MEANING[rung]) for rung in leads_to(self.step)],
            "at_once": self.row.project.publishing == Publishing.AT_ONCE,
        }


class ManyRungsPage(ManyPage, RungPage):
    name = "deliverables_deliverable_steps"
    order = ("project_id", "pk")
    verbs = (Verb.START, Verb.DELIVER, Verb.DOCUMENT, Verb.ACCEPT, Verb.CONFIRM)

    def ends(self, state: str) -> list[str]:
        return [str(rung.label) for rung in leads_to(self.step)]


def _whose_turn(row: Deliverable) -> str:
    named = {"code": row.code, "rung": row.get_rung_display(), "turn": Turn(row.turn).label}
    return _("%(code)s is “%(rung)s” now. Whose turn it is: %(turn)s.") % named


class SignOffPage(Page):
    """What is signed and its SHA-256; exactly that is signed."""

    name = "deliverables_deliverable_sign"
    address = "<int:pk>/sign/"
    template = "admin/deliverables/sign.html"
    verb = gettext_lazy("Sign")

    def take(self) -> str:
        actions.sign(self.row, by=self.by, seen=self.request.POST.get("digest", ""))
        return _whose_turn(self.get_row())

    def refuse(self, refusal: str) -> None:
        messages.error(self.request, refusal)

    def more(self) -> dict[str, object]:
        content = signing.content(self.row)
        side, why_not = actions.may_sign(self.row, self.by)
        return {
            "content": content,
            "digest": signing.digest(content),
            "side": side.label if side else "",
            "told": why_not,
        }


class LadderPages(StepsOfMany, OfficeAdmin):
    """Whose turn it is, and the panel that leads to the steps and signatures."""

    many = ManyRungsPage

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        return cast(DeliverableQuerySet, super().get_queryset(request)).with_turn()

    @admin.display(description=gettext_lazy("whose turn"), ordering="turn")
    def turn(self, row: Deliverable) -> str:
        return str(Turn(row.turn).label)

    def beside(self, request: HttpRequest, row: Deliverable) -> dict[str, object]:
        return {"ladder": self._ladder(request, row)}

    def _ladder(self, request: HttpRequest, row: Deliverable) -> dict[str, object]:
        """What the panel shows: where it is, who is next, each step or why it is not possible."""
        signatures = SignOff.objects.select_related("by").order_by("pk")
        prefetch_related_objects([row], Prefetch("signatures", signatures))
        now = actions.situation(row, signed_in(request))
        verbs = []
        for verb, rule in STEPS.items():
            if now.rung in rule.ends:
                verbs.append((verb, rule, refusal(verb, now)))
        _side, why_not = actions.may_sign(row, signed_in(request))
        return {
            "rung": row.get_rung_display(),
            "meaning": MEANING[Rung(row.rung)],
            "turn": self.turn(row),
            "verbs": verbs,
            "steps": (steps := list(row.steps.select_related("by").order_by("-pk"))),
            "from_source": row.rung not in BEGUN and not steps,
            "signatures": row.signatures.all(),
            "sign_refusal": why_not,
            "signing": row.rung in (Rung.ACCEPTED, Rung.CONFIRMED),
        }
