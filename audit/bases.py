"""The classes of Django that rows of any model share: only a type checker gives them a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.core.paginator import Paginator
from django.db.models import Model
from django.forms.models import BaseInlineFormSet

Deleted: TypeAlias = tuple[list[str], dict[str, int], set[str], list[str]]  # get_deleted_objects

if TYPE_CHECKING:
    AnyAdmin: TypeAlias = admin.ModelAdmin[Any]
    AnyPages: TypeAlias = BaseModelAdmin[Any]
    AnyForm: TypeAlias = forms.ModelForm[Any]
    AnyFormSet: TypeAlias = BaseInlineFormSet[Any, Any, Any]
    AnyInline: TypeAlias = InlineModelAdmin[Any, Any]
    AnyStackedInline: TypeAlias = admin.StackedInline[Any, Any]
    AnyTabularInline: TypeAlias = admin.TabularInline[Any, Any]
    RowsPaginator: TypeAlias = Paginator[Model]
else:
    AnyAdmin, AnyPages = admin.ModelAdmin, BaseModelAdmin
    AnyForm, AnyFormSet = forms.ModelForm, BaseInlineFormSet
    AnyInline, AnyStackedInline = InlineModelAdmin, admin.StackedInline
    AnyTabularInline, RowsPaginator = admin.TabularInline, Paginator
