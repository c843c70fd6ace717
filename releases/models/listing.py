"""What lists of projects ask of releases."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from deliverables.projects.models import Project
from exchange.tables.folding import folded_column
from releases.listing import renews_list
from releases.models.release import Release
from releases.querysets import ListingQuerySet


class Listing(models.Model):
    """What lists of projects ask of a release, from `since` to `until`; triggers write it.

    `begins` and `ends` are the partial dates that are best known, "" where none is; `due` is the
    last day for the first result that is not delivered; amounts are in EUR, null where not stated.
    """

    release = models.OneToOneField(
        Release, on_delete=models.CASCADE, primary_key=True, related_name="listing"
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    slug = models.TextField()
    reference = models.TextField(blank=True)
    title_lv = models.TextField(blank=True)
    title_en = models.TextField(blank=True)
    status = models.TextField(blank=True)
    country = models.TextField(blank=True)
    partners = ArrayField(models.TextField(), blank=True)
    begins = models.TextField(blank=True)
    ends = models.TextField(blank=True)
    first_year = models.SmallIntegerField(null=True, blank=True)
    last_year = models.SmallIntegerField(null=True, blank=True)
    results = models.IntegerField()
    delivered = models.IntegerField()
    experts = models.IntegerField()
    planned = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    spent = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    fictitious = models.BooleanField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    withdrawn = models.BooleanField()
    search_text = folded_column("reference", "title_lv", "title_en")

    objects = ListingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        triggers: ClassVar = [renews_list()]
        indexes: ClassVar = [
            models.Index(
                fields=["fictitious", "reference", "slug"],
                condition=Q(until=None, withdrawn=False),
                name="listing_in_order",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(until=None), name="listing_is_in_force_once"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class Edition(models.Model):
    """The one row that tells whether any list of projects changed; a trigger writes it."""

    token = models.UUIDField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="edition_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"{self.token}"
