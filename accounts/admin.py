"""The back office of its own people."""

from __future__ import annotations

from typing import Any, Protocol

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.access.second_factor import FACTORS, reset_second_factor
from accounts.letters.admin import LetterAdmin as LetterAdmin
from accounts.letters.heads_admin import SubscriberAdmin as SubscriberAdmin
from accounts.letters.invitations import invite
from accounts.models import SecondFactor, User
from audit.bases import AnyForm
from audit.lists.ordering import Alphabetical
from audit.lists.pages import GuardedLists
from audit.rows.conflicts import VersionedForm
from audit.rows.pages import HistoryPages
from audit.rows.unsaved import was_not_saved
from audit.rows.versioned_admin import VersionedAdmin

# What libraries register: e-mail addresses live with the user, secrets are no table to read, and of
# the jobs the letters tell what people need to know.
for _model in (EmailAddress, Authenticator, Group, ProcrastinateJob):
    admin.site.unregister(_model)


LOCK = 7_246_003  # of those who take an administrator's rights or log-in away


class UserForm(VersionedForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes = {"username": UsernameField}  # in one Unicode form before it is checked
        labels = {"is_superuser": gettext_lazy("Administrator")}
        help_texts = {
            "is_superuser": gettext_lazy(
                "Invites people, gives roles, adds projects; sees and edits all of them."
            )
        }

    @staticmethod
    def refuse(user: User) -> None:
        """Somebody has to be left who can administer. Raises ValidationError.

        Administrators go one at a time: the second of two waits here, and then counts who is left.
        """
        administrators = User.objects.filter(is_superuser=True, is_active=True)
        stays = user.is_superuser and user.is_active
        if stays or not administrators.filter(pk=user.pk).exists():
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if list(administrators.values_list("pk", flat=True)) == [user.pk]:
            raise ValidationError(
                _(
                    "This is the last active administrator. Make somebody else an administrator "
                    "first."
                )
            )


class InvitationForm(AnyForm):
    """The person chooses the password, by the link of the invitation."""

    class Meta:
        model = User
        fields = ("username", "email", "first_name", "last_name", "language")
        field_classes = {"username": UsernameField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["language"].initial = settings.DEFAULT_LANGUAGE


class _WithFactor(Protocol):
    """A row of the list, and whether the person has a second factor."""

    factor: bool


@admin.register(User)
class UserAdmin(GuardedLists, HistoryPages, VersionedAdmin, StockUserAdmin):  # type: ignore[type-arg]
    form = UserForm
    add_form = InvitationForm
    add_form_template = "admin/accounts/user/add_form.html"
    change_user_password_template = None
    list_display = ("username", "code", "email", "language", "is_active", "administers", "factor")
    list_filter = ("is_active", "is_superuser", "language")
    ordering = (Alphabetical("username"),)
    search_fields = ("username", "email", "first_name", "last_name")
    filter_horizontal = ()
    fieldsets = (
        (
            None,
            {"fields": ("username", "language", "reminders_wanted", "is_active", "is_superuser")},
        ),
        (gettext_lazy("Personal info"), {"fields": ("first_name", "last_name", "email")}),
    )
    add_fieldsets = ((None, {"fields": InvitationForm.Meta.fields}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        factors = SecondFactor.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.annotate(factor=Exists(factors))

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def factor(self, row: _WithFactor) -> bool:
        return row.factor

    @admin.display(description=gettext_lazy("administrator"), boolean=True, ordering="is_superuser")
    def administers(self, row: User) -> bool:
        return row.is_superuser

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": _("People"), **(extra_context or {})})

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Of two administrators who enter one person at once, the second one is told."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            messages.error(
                request,
                _(
                    "Nothing was saved: somebody got this user name or this e-mail address in the "
                    "meantime. Look for the person in the list."
                ),
            )
            was_not_saved(request)
            return redirect("admin:accounts_user_changelist")

    @admin.display(description=gettext_lazy("code"))
    def code(self, row: User) -> str:
        return row.code

    def save_model(self, request: HttpRequest, obj: User, form: AnyForm, change: bool) -> None:
        if not change:
            obj.is_staff = True
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            self._invite(request, obj)

    def get_urls(self) -> list[URLPattern]:
        """Nobody types somebody else's password, so the stock page for that is gone."""
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"accounts_user_{name.replace('-', '_')}",
            )
            for name, view in (("invite", self.invite_view), ("reset-factor", self.reset_view))
        ]
        stock = [page for page in super().get_urls() if page.name != "auth_user_password_change"]
        return [*own, *stock]

    def _person(self, request: HttpRequest, pk: int) -> User:
        if not self.has_change_permission(request) or request.method != "POST":
            raise PermissionDenied
        return get_object_or_404(User, pk=pk)

    def _invite(self, request: HttpRequest, user: User) -> None:
        named = {"user": user, "email": user.email}
        if not (user.is_active and user.email):
            sentence = _(
                "%(user)s was not invited: nobody can be who has no e-mail address or is switched "
                "off. Enter the address, or switch the person on, and invite again."
            )
            messages.error(request, sentence % named)
            return
        if invite(user):
            sentence = _(
                "%(user)s is entered, and the invitation waits to be sent to %(email)s. Letters "
                "tells when it has gone, or why not."
            )
        else:
            sentence = _(
                "An invitation of %(user)s was entered a moment ago, so no second one was. Letters "
                "tells when it has gone, or why not."
            )
        messages.success(request, sentence % named)

    def invite_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._invite(request, self._person(request, pk))
        return redirect("admin:accounts_user_change", pk)

    def reset_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """For who lost the telephone and the recovery codes."""
        user = self._person(request, pk)
        reset_second_factor(user)
        messages.success(
            request,
            _("%(user)s has no second factor any more, and sets up a new one at the next log-in.")
            % {"user": user},
        )
        return redirect("admin:accounts_user_change", pk)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Administrators; each page of the back office asks, so it costs no query."""
        return bool(getattr(request.user, "is_superuser", False))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """People are switched off or erased (manage.py erase); the trail keeps their code."""
        return False
