"""Whether the slots of a schedule are still valid after changes to timetables, teams or series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.availability.queries.timetable import minutes_after_midnight
from collab.schedules.queries.problems import members_by_team, search_of, times_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from collab.availability.slots import Slot
    from collab.schedules.models import Placement, Schedule
    from collab.schedules.queries.problems import ScheduleProblem


def open_placements(schedule: Schedule) -> list[Placement]:
    """Placements of ``schedule`` with a slot and no series yet."""
    rows = schedule.placements.filter(series=None, starts_at__isnull=False)
    return list(rows.select_related("team__school", "period"))


def objections_to(
    schedule: Schedule, rows: Sequence[Placement], *, starts_on: dt.date, replace: bool
) -> dict[int, str]:
    """Placement id → why it can no longer be accepted, by current data. Valid ones are left out.

    With ``replace``, current series of accepted teams end, so a team may take another's time. A refused team
    keeps its series, which can block further teams.
    """
    if not rows:
        return {}
    search = search_of(schedule)
    found = {row.pk: why for row in rows if (why := _outdated(schedule, search, row))}
    meeting = _Meeting.now(search, open_placements(schedule), starts_on)
    while True:
        left = [row for row in rows if row.pk not in found]
        refused = next(meeting.in_two_places(left, replace=replace), None)
        if refused is None:
            return found
        found[refused[0].pk] = refused[1]


def _outdated(schedule: Schedule, search: ScheduleProblem, row: Placement) -> str:
    """What changed in the team, bell schedule or timetable since the search; empty if nothing relevant."""
    school = schedule.school
    if schedule.settings.get("cycle") not in (None, [school.cycle, school.cycle_days]):
        return _("The cycle of school days has changed. Search again.")
    if row.team_id not in search.teams:
        return _("This team no longer meets.")
    need = next((one for one in search.problem.needs if one.team == row.team_id), None)
    if need is None:
        return _("No one is on this team.")
    slot = _slot_of(search, row)
    if row.period is None or slot is None:
        return _("That period no longer exists. Search again.")
    before, now = len(row.losses), len(search.problem.losses(need, slot))
    if now > before:
        return ngettext(
            "It now has %(n)s period to cover, not %(before)s, because a timetable or the team has "
            "changed. Search again.",
            "It now has %(n)s periods to cover, not %(before)s, because a timetable or the team has "
            "changed. Search again.",
            now,
        ) % {"n": now, "before": before}
    return ""


def _slot_of(search: ScheduleProblem, row: Placement) -> Slot | None:
    if row.starts_at is None:
        return None
    wanted = row.day, (starts := minutes_after_midnight(row.starts_at)), starts + row.minutes
    return next((one for one in search.problem.slots if (one.day, one.starts, one.ends) == wanted), None)


@dataclass(frozen=True, slots=True)
class _Meeting:
    """When teams meet: by their current series, and by their slots in the schedule."""

    search: ScheduleProblem
    members: Mapping[int, set[int]]
    names: Mapping[int, str]
    present: Mapping[int, list[Slot]]
    new: Mapping[int, Slot]

    @classmethod
    def now(cls, search: ScheduleProblem, rows: Sequence[Placement], starts_on: dt.date) -> _Meeting:
        present = {
            team: [
                slot for one in series if one.ends_on >= starts_on for slot in times_of(one, search.frequency)
            ]
            for team, series in search.present.items()
        }
        names = {team: series[0].team.name for team, series in search.present.items()}
        return cls(
            search=search,
            members=members_by_team({*present, *(row.team_id for row in rows)}),
            names=names | {row.team_id: row.team.name for row in rows},
            present=present,
            new={row.team_id: slot for row in rows if (slot := _slot_of(search, row))},
        )

    def in_two_places(self, rows: Sequence[Placement], *, replace: bool) -> Iterator[tuple[Placement, str]]:
        """Yield rows whose slot clashes with another team that keeps its time, or with another of ``rows``."""
        chosen = {row.team_id for row in rows}
        for place, row in enumerate(rows):
            mine = self.new[row.team_id]
            for team, times in self.present.items():
                if team != row.team_id and not (replace and team in chosen):
                    yield from self._clash(row, mine, team, times)
            for other in rows[:place]:
                yield from self._clash(row, mine, other.team_id, [self.new[other.team_id]])

    def _clash(
        self, row: Placement, mine: Slot, team: int, times: Sequence[Slot]
    ) -> Iterator[tuple[Placement, str]]:
        shared = self.members.get(row.team_id, set()) & self.members.get(team, set())
        if shared and any(mine.meets(time) for time in times):
            people = self.search.people
            values = {
                "who": get_text_list(sorted(people[one].user.short_name for one in shared), _("and")),
                "other": self.names[team],
            }
            together = self.new.get(team) is not None and not self.new[team].meets(mine)
            words = (
                ngettext(
                    "%(who)s meets with %(other)s then. Accept the times of both teams together.",
                    "%(who)s meet with %(other)s then. Accept the times of both teams together.",
                    len(shared),
                )
                if together
                else ngettext(
                    "%(who)s meets with %(other)s then. Search again.",
                    "%(who)s meet with %(other)s then. Search again.",
                    len(shared),
                )
            )
            yield row, words % values
