"""The back office of its own people."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.conflicts import VersionedAdmin, VersionedForm


class UserForm(VersionedForm, UserChangeForm):  # type: ignore[type-arg]
    pass


@admin.register(User)
class UserAdmin(VersionedAdmin, StockUserAdmin):  # type: ignore[type-arg]
    form = UserForm
    list_display = ("username", "email", "language", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser", "language")
    filter_horizontal = ()

    # As exchange.admin.GuardedList: the audit trail has it all.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return []

    fieldsets = (
        (None, {"fields": ("username", "password", "language")}),
        (_("Personal info"), {"fields": ("first_name", "last_name", "email")}),
        (
            _("Permissions"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
    )
