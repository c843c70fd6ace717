"""The papers of a mission, attached on its page: each is kept as evidence and takes its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from accounts.models import User
from audit.events.acting import acting
from audit.events.columns import column_of
from audit.models import Through
from audit.rows.refused import Refused, as_seen
from deliverables.evidence.attaching import Sniffed, kept_only_on_success, prove, sniff
from deliverables.evidence.models import Evidence
from deliverables.projects.models import Project
from experts.missions.models import Mission
from experts.missions.models.mission import PAPERS
from experts.missions.status import State

WITHOUT = (State.DRAFT, State.CANCELLED)  # nobody travelled yet, or at all


@dataclass(frozen=True, slots=True)
class Paper:
    """One of the papers that a mission should have; `evidence` is None while it is missing."""

    name: str
    label: str
    evidence: Evidence | None


def of(mission: Mission) -> list[Paper]:
    """All papers, in the order of the list; one query."""
    wanted = [key for name in PAPERS if (key := getattr(mission, f"{name}_id"))]
    known = Evidence.objects.select_related("file").in_bulk(wanted)
    return [Paper(name, _label(name), known.get(getattr(mission, f"{name}_id"))) for name in PAPERS]


def kept(project: int) -> QuerySet[Evidence]:
    """The papers of all missions of a project: reports, time sheets, boarding passes, lists."""
    missions = Mission.objects.filter(project=project)
    named = Q()
    for name in PAPERS:
        named |= Q(pk__in=missions.exclude(**{name: None}).values(name))
    return Evidence.objects.filter(named, project=project)


def lacking(mission: Mission) -> dict[str, str]:
    """The papers that are missing while nothing says why, each with its words."""
    if mission.papers_note:
        return {}
    return {name: _label(name) for name in PAPERS if not getattr(mission, f"{name}_id")}


def _label(name: str) -> str:
    return str(column_of(Mission, name).verbose_name)


class PapersForm(forms.Form):
    """A file for each paper; at least one."""

    def __init__(
        self,
        mission: Mission,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        held_path: bool = False,
    ) -> None:
        super().__init__(data, files)
        self.held_path = held_path
        for paper in of(mission):
            text = _("There is one already; a new file takes its place.")
            self.fields[paper.name] = forms.FileField(
                label=paper.label[:1].upper() + paper.label[1:],
                required=False,
                help_text=text if paper.evidence else "",
            )
        self.sniffed: dict[str, Sniffed] = {}

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        given = {name: upload for name, upload in cleaned.items() if upload}
        if self.held_path:
            self.add_error(
                None,
                _(
                    "The name of a file holds a path. Rename it to plain letters and numbers, and "
                    "choose it again."
                ),
            )
        elif not given and not self.errors:
            self.add_error(None, _("Choose a file for at least one of the papers."))
        for name, upload in given.items():
            good, wrong = sniff([upload])
            for sentence in wrong:
                self.add_error(name, sentence)
            self.sniffed |= dict.fromkeys([name], *good) if good else {}
        return cleaned


def hand_in(
    mission: Mission, files: Mapping[str, Sniffed], *, by: User, seen: int | str
) -> list[str]:
    """Keep the files, name of the paper -> file, and put each in its place; all of them or none.

    Returns the names of those that are new: a file that already is that paper changes nothing, so
    a second click does no harm. Raises Refused.
    """
    with kept_only_on_success() as kept, acting(by.code, Through.ACTION, "papers"):
        Project.objects.select_for_update(no_key=True).get(pk=mission.project_id)
        there = {paper.name: paper.evidence for paper in of(Mission.objects.get(pk=mission.pk))}
        new = {name: file for name, file in files.items() if not _is(there[name], file)}
        if not new:
            return []
        row = as_seen(
            Mission.objects.all(),
            mission,
            seen,
            _("Somebody changed the mission after you opened this page. Read it again."),
        )
        if row.state in WITHOUT:
            raise Refused(_("Papers are attached once the terms of the mission are approved."))
        for name, file in new.items():
            lv, en = _called(row, name)
            # Names of boarding passes hold names of people, and more people see a file's name.
            file.upload.name = f"{row.code}-{name}{Path(file.upload.name).suffix.lower()}"
            piece = prove(row.project, file, by=by, kept=kept, shows_lv=lv, shows_en=en)
            setattr(row, name, piece)
        row.full_clean()
        row.save(update_fields=list(new))
    return list(new)


def _is(evidence: Evidence | None, file: Sniffed) -> bool:
    return bool(evidence and evidence.file and evidence.file.sha256 == file.sha256)


def _called(mission: Mission, name: str) -> Iterator[str]:
    """What the evidence says it is, in each language: the mission's code and the paper."""
    for lang, _name in settings.LANGUAGES:
        with translation.override(lang):
            yield f"{mission.code}: {_label(name)}"
