"""What is done with a whole project: fill, copy into or delete a draft, withdraw."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import desks
from accounts.roles import Right
from audit.rows.unsaved import typed
from deliverables.fields.forms import choose_among
from deliverables.projects.access import InProject, access_of
from deliverables.projects.models import Project
from exchange.tables import limits
from releases import copying, drafts, withdrawing
from releases.models import WithdrawalReason
from steps.pages import Button, Page

THE_PROJECT = InProject("pk")


class ProjectPage(Page):
    """For who may publish the project."""

    def get_row(self) -> Project:
        visible = Project.objects.filter(THE_PROJECT.visible_to(access_of(self.by)))
        row = visible.filter(slug=self.kwargs["slug"]).first()
        if row is None:
            raise Http404
        return row

    def is_open(self) -> bool:
        return access_of(self.by).may(Right.PUBLISH, self.row.pk)

    def back(self) -> str:
        return reverse("admin:releases_release_changes", args=[self.row.slug])


class WithdrawalForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("The reason"),
        choices=WithdrawalReason.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Published by mistake, or against the law: nothing of it can be read or cited any "
            "more. Not kept any longer: what was released can be read and cited by its address."
        ),
    )
    sentence_lv = forms.CharField(
        label=gettext_lazy("What the public reads, in Latvian"),
        max_length=limits.TEXT,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    sentence_en = forms.CharField(
        label=gettext_lazy("What the public reads, in English"),
        max_length=limits.TEXT,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


class WithdrawPage(ProjectPage):
    name = "releases_release_withdraw"
    address = "<slug:slug>/withdraw/"
    template = "admin/releases/withdraw.html"
    verb = gettext_lazy("Withdraw the project")

    def get_form(self) -> forms.Form:
        return WithdrawalForm(typed(self.request))

    def why_not(self) -> str | None:
        return withdrawing.why_not_withdrawn(self.row)

    def take(self) -> str:
        withdrawing.withdraw(self.row, by=self.by, **self.form.cleaned_data)
        return _("%(project)s is withdrawn.") % {"project": self.row}


class GiveBackButton(ProjectPage, Button):
    name = "releases_release_give_back"
    address = "<slug:slug>/give-back/"

    def take(self) -> str:
        withdrawing.give_back(self.row, by=self.by)
        return _("%(project)s can be read by the public again.") % {"project": self.row}


class DeleteDraftPage(ProjectPage):
    """What goes is counted first; exactly that goes."""

    name = "releases_release_delete_draft"
    address = "<slug:slug>/delete-draft/"
    template = "admin/releases/delete_draft.html"
    verb = gettext_lazy("Delete the draft")

    def why_not(self) -> str | None:
        return drafts.why_not_deleted(self.row)

    def take(self) -> str:
        drafts.remove(self.row, by=self.by, seen=self.seen)
        return _("%(project)s is deleted. The audit trail keeps what was done.") % {
            "project": self.row
        }

    def leads_to(self) -> str:
        return reverse("admin:index")

    def more(self) -> dict[str, object]:
        found = drafts.everything(self.row)
        return {"counts": drafts.counted(found), "seen": drafts.mark(self.row, found)}


class StructureForm(forms.Form):
    of = forms.ModelChoiceField(
        Project.objects.none(),
        label=gettext_lazy("The project whose structure is copied"),
        help_text=gettext_lazy(
            "What the draft has under the same number or code stays as it is. Names, amounts, "
            "dates, states, values and notes are not copied."
        ),
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What is copied"),
        choices=[(part, label) for part, (label, _tables) in copying.PARTS.items()],
        initial=[*copying.PARTS],
        widget=forms.CheckboxSelectMultiple,
    )


class CopyStructurePage(ProjectPage):
    """Of a project that the person sees as a whole, into a draft that the person may write."""

    name = "releases_release_copy_structure"
    address = "<slug:slug>/copy-structure/"
    template = "admin/releases/copy_structure.html"
    verb = gettext_lazy("Copy the structure of another project")

    def is_open(self) -> bool:
        return access_of(self.by).may(Right.EDIT, self.row.pk)

    def get_form(self) -> forms.Form:
        form, access = StructureForm(typed(self.request)), access_of(self.by)
        others = Project.objects.exclude(pk=self.row.pk)
        whole = Q() if access.everywhere(Right.SEE) else Q(pk__in=access.projects(Right.SEE))
        choose_among(form.fields["of"], others.filter(whole))
        return form

    def why_not(self) -> str | None:
        return copying.why_not_copied(self.row)

    def take(self) -> str:
        given = self.form.cleaned_data
        added, loose = copying.copy_structure(self.row, by=self.by, **given)
        sentence = ngettext(
            "%(n)s row was copied from %(project)s.", "%(n)s rows were copied from %(project)s.",
            added,
        )  # fmt: skip
        told = sentence % {"n": added, "project": given["of"]}
        if not loose:
            return told
        without = _("Something that these stand under or name is not in the draft: %(codes)s.")
        return f"{told} {without % {'codes': ', '.join(loose[:20])}}"

    def back(self) -> str:
        return desks.address(self.row.slug)


PAGES = (WithdrawPage, GiveBackButton, DeleteDraftPage, CopyStructurePage)
