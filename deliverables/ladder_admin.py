"""The ladder on a deliverable's page: the steps that are possible, each on a page of its own."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.unsaved import typed
from deliverables import actions, signing
from deliverables.models import Deliverable, Publishing, SignOff
from deliverables.status import MEANING, STEPS, Rule, Rung, Turn, Verb, refusal
from deliverables.work import KINDS, Kind, reader_of
from exchange import limits


class StepForm(forms.Form):
    """What a step asks for; what it does not ask for is not there."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    on = forms.CharField(
        label=gettext_lazy("Date"),
        max_length=30,
        help_text=gettext_lazy("A day (21.02.2019), a month (2019-02) or a year (2019)."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=limits.TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For the people of the project; it is not public."),
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

    def __init__(self, rule: Rule, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(rung.value, rung.label) for rung in rule.outcomes]
        cast(forms.ChoiceField, self.fields["outcome"]).choices = choices
        wanted = {
            "outcome": bool(choices), "on": rule.dated, "reason": rule.reasoned,
            "reason_lv": bool(choices), "reason_en": bool(choices),
        }  # fmt: skip
        for name, asked in wanted.items():
            if not asked:
                del self.fields[name]


class TurnFilter(admin.SimpleListFilter):
    """Whose turn it is."""

    title = gettext_lazy("whose turn")
    parameter_name = "turn"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(turn.value, turn.label) for turn in Turn]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(turn=self.value()) if self.value() else queryset


class WorkFilter(admin.SimpleListFilter):
    """The rows behind each count of the front page."""

    title = gettext_lazy("my work")
    parameter_name = "work"
    kinds: ClassVar[tuple[Kind, ...]] = KINDS

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(kind.key, kind.label) for kind in self.kinds]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        kind = next((kind for kind in self.kinds if kind.key == self.value()), None)
        if kind is None:
            return queryset
        reader = reader_of(request.user, timezone.localdate())
        return queryset.filter(pk__in=kind.rows(reader).values("pk"))


class LadderPages(admin.ModelAdmin):  # type: ignore[type-arg]
    """The pages of steps and signatures, and the panel that leads to them."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return cast("QuerySet[Any]", rows.with_turn())

    @admin.display(description=gettext_lazy("whose turn"), ordering="turn")
    def turn(self, row: Deliverable) -> str:
        return str(Turn(row.turn).label)

    def get_urls(self) -> list[Any]:
        own = [
            path(
                "<int:pk>/step/<str:verb>/",
                self.admin_site.admin_view(self.step_view),
                name="deliverables_deliverable_step",
            ),
            path(
                "<int:pk>/sign/",
                self.admin_site.admin_view(self.sign_view),
                name="deliverables_deliverable_sign",
            ),
        ]
        return [*own, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        if row := kw.get("obj"):
            context["ladder"] = self._ladder(request, row)
        return super().render_change_form(request, context, *args, **kw)

    def _ladder(self, request: HttpRequest, row: Deliverable) -> dict[str, Any]:
        """What the panel shows: where it is, who is next, each step or why it is not possible."""
        signatures = SignOff.objects.select_related("by").order_by("pk")
        prefetch_related_objects([row], Prefetch("signatures", signatures))
        now = actions.situation(row, cast(User, request.user))
        verbs = []
        for verb, rule in STEPS.items():
            if now.rung in rule.begins:
                verbs.append((verb, rule, refusal(verb, now)))
        _side, why_not = actions.may_sign(row, cast(User, request.user))
        return {
            "rung": row.get_rung_display(),
            "meaning": MEANING[Rung(row.rung)],
            "turn": self.turn(row),
            "verbs": verbs,
            "steps": row.steps.select_related("by").order_by("-pk"),
            "signatures": row.signatures.all(),
            "sign_refusal": why_not,
            "signing": row.rung in (Rung.ACCEPTED, Rung.CONFIRMED),
        }

    def _row(self, request: HttpRequest, pk: int) -> Deliverable:
        row: Deliverable | None = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def step_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """GET says what the step means in public and asks for what it needs; POST takes it."""
        row = self._row(request, pk)
        if verb not in Verb.values:
            raise Http404
        rule, told = STEPS[Verb(verb)], ""
        form = StepForm(rule, typed(request))
        if request.method == "POST" and form.is_valid():
            try:
                given = actions.Given(**form.cleaned_data)
                seen = request.POST.get("seen", "")
                actions.take(row, Verb(verb), by=cast(User, request.user), seen=seen, given=given)
            except actions.Refused as refused:
                told = str(refused)
            except ValidationError as error:
                told = " ".join(error.messages)
            else:
                return self._done(request, row)
        why_not = refusal(Verb(verb), actions.situation(row, cast(User, request.user)))
        context = self._context(request, row, str(Verb(verb).label)) | {
            "form": form,
            "told": why_not or told,
            "possible": why_not is None,
            "ends": [(rung.label, MEANING[rung]) for rung in rule.outcomes or (rule.ends,)],
            "at_once": row.project.publishing == Publishing.AT_ONCE,
        }
        return TemplateResponse(request, "admin/deliverables/step.html", context)

    def _done(self, request: HttpRequest, row: Deliverable) -> HttpResponse:
        row = self._row(request, row.pk)
        messages.success(
            request,
            _("%(code)s is “%(rung)s” now. Whose turn it is: %(turn)s.")
            % {"code": row.code, "rung": row.get_rung_display(), "turn": self.turn(row)},
        )
        return redirect("admin:deliverables_deliverable_change", row.pk)

    def sign_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET shows what is signed and its SHA-256; POST signs exactly that."""
        row, user = self._row(request, pk), cast(User, request.user)
        if request.method == "POST":
            try:
                actions.sign(row, by=user, seen=request.POST.get("digest", ""))
            except actions.Refused as refused:
                messages.error(request, str(refused))
            else:
                return self._done(request, row)
        content = signing.content(row)
        side, why_not = actions.may_sign(row, user)
        context = self._context(request, row, _("Sign")) | {
            "content": content,
            "digest": signing.digest(content),
            "side": side.label if side else "",
            "told": why_not,
        }
        return TemplateResponse(request, "admin/deliverables/sign.html", context)

    def _context(self, request: HttpRequest, row: Deliverable, title: str) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {
            "title": f"{title}: {row}",
            "verb": title,
            "row": row,
            "opts": self.opts,
            "back": reverse("admin:deliverables_deliverable_change", args=[row.pk]),
        }
