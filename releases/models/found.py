"""What the search finds: the words of the newest releases."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from audit.rows.checked import Checked
from deliverables.projects.models import Project
from releases.models.release import Release

WHOLE = "project"  # the kind of what the search finds of a project as a whole


class SearchEntry(Checked):
    """One thing that the newest release of a project says, as it can be found (releases.search).

    Made from the release alone, and made anew with the next: no event, no history, no name.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=100, blank=True)
    of = models.CharField(max_length=100, blank=True)
    fictitious = models.BooleanField()
    title_lv = models.TextField(blank=True)
    title_en = models.TextField(blank=True)
    more_lv = models.TextField(blank=True)
    more_en = models.TextField(blank=True)
    # How many words these four texts have: `words` counts their places through.
    lengths = ArrayField(models.PositiveIntegerField())
    words = SearchVectorField()
    keys = ArrayField(models.CharField(max_length=100), blank=True)

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [
            GinIndex(fields=["words"], name="search_words"),
            GinIndex(fields=["words"], name="search_projects", condition=Q(kind=WHOLE)),
            GinIndex(fields=["keys"], name="search_names", condition=~Q(keys=[])),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "place"], name="search_entry_has_a_place_of_its_own"
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(kind=WHOLE),
                name="search_entry_of_a_project_is_there_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class SearchWord(Checked):
    """A word of some release: how it is found, completed and corrected."""

    folded = models.CharField(max_length=60, unique=True)
    shown = models.CharField(max_length=60)
    stems = ArrayField(models.CharField(max_length=60))
    near = ArrayField(models.CharField(max_length=60))

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [GinIndex(fields=["near"], name="search_near")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(stems=[]), name="search_word_has_a_stem")
        ]

    def __str__(self) -> str:
        return self.shown
