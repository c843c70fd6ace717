"""The missions of the fictitious project's story, taken step by step."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from audit.events.acting import acting
from audit.models import Through
from deliverables.plan.models import Activity
from deliverables.projects.models import Project
from demo.stages import Row
from experts.missions import actions
from experts.missions import time_sheets as sheets
from experts.missions.models import Mission, MissionExpert
from experts.missions.status import MissionVerb
from experts.people.models import Expert
from steps.taking import Given

CHECKED = dt.timedelta(21)  # a report is accepted three weeks after it came
NO_PAPERS = "Izdomāts paraugs: dokumentu nav. Fictitious sample: there are no papers."


@dataclass(frozen=True)
class MissionStory:
    """Who takes the steps of missions, and until which day."""

    project: Project
    until: dt.date
    leader: User
    host: User
    activities: dict[str, Activity]
    experts: dict[str, Expert]

    def play(self, row: Row, first: dt.date) -> None:
        """One mission of the story, as far as the stage."""
        activity = self.activities[row["activity"]]
        mission = actions.draft(
            Mission(
                project=self.project,
                activity=activity,
                from_on=first,
                to_on=dt.date.fromisoformat(row["to_on"]),
                place=row["place"],
                terms_lv=activity.title_lv,
                terms_en=activity.title_en,
                papers_note=NO_PAPERS,
            ),
            by=self.leader,
        )
        with acting(self.leader.code, Through.ACTION, "story"):
            for code in row["experts"].split():
                save_checked(
                    MissionExpert(
                        project=self.project, mission=mission, expert=self.experts[code],
                        days=int(row["days"]), travel_days=int(row["travel"]),
                    )
                )  # fmt: skip
        self._steps(mission, row)

    def _steps(self, mission: Mission, row: Row) -> None:
        """As far as the stage: whoever took a step does not take the next one of the ladder."""
        reported = min(dt.date.fromisoformat(row["report_on"]), self.until)
        self._take(mission, MissionVerb.APPROVE, self.host)
        if mission.from_on <= self.until:
            self._take(mission, MissionVerb.CONFIRM, self.host)
        if row["cancelled"] and mission.from_on <= self.until:
            self._take(mission, MissionVerb.CANCEL, self.host, Given(reason=row["cancelled"]))
            return
        if mission.to_on > self.until or mission.to_on > timezone.localdate():
            return
        self._fill_in(mission, row)
        self._take(mission, MissionVerb.FINISH, self.leader)
        if row["returned"]:
            self._take(mission, MissionVerb.REPORT, self.leader, Given(on=mission.to_on))
            self._take(mission, MissionVerb.SEND_BACK, self.host, Given(reason=row["returned"]))
        self._take(mission, MissionVerb.REPORT, self.leader, Given(on=reported))
        if reported + CHECKED <= self.until:
            self._take(mission, MissionVerb.ACCEPT, self.host)
        if reported + 4 * CHECKED <= self.until:
            self._take(mission, MissionVerb.CLAIM, self.leader)
        if reported + 8 * CHECKED <= self.until:
            self._take(mission, MissionVerb.SETTLE, self.leader)

    def _take(
        self, mission: Mission, step: MissionVerb, by: User, given: Given | None = None
    ) -> None:
        mission.refresh_from_db()
        actions.take(mission, step, by=by, seen=mission.version, given=given or Given())
        mission.refresh_from_db()

    def _fill_in(self, mission: Mission, row: Row) -> None:
        """Travel first, then the days that were used, from Monday on."""
        days = {}
        travel, used = int(row["travel"]), int(row["used"])
        for goer in mission.experts.all():
            for number in range(travel + used):
                day = mission.from_on + dt.timedelta(number)
                days[goer.expert_id, day] = "travel" if number < travel else "country"
        sheets.fill_in(mission, days, by=self.leader, seen=mission.version)


def save_checked(row: Model) -> None:
    """Through the checks of a form."""
    row.full_clean()
    row.save()
