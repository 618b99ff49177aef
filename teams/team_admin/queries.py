"""The people of a school by name, as people type and paste them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.directory.models import Staff

if TYPE_CHECKING:
    import datetime as dt

    from teams.directory.models import School, Team, TeamMember

BETWEEN = re.compile(r"[,\n]+")


@dataclass(frozen=True, slots=True)
class StaffNames:
    """The people who work at a school today, by email and by full name."""

    by_name: dict[str, list[Staff]]

    def find(self, text: str) -> tuple[list[Staff], list[str]]:
        """The people named in ``text``, separated by commas or lines, each once; and a sentence for each unknown name."""
        found, problems = [], []
        for name in filter(None, (" ".join(one.split()) for one in BETWEEN.split(text))):
            people = self.by_name.get(name.casefold(), [])
            if len(people) == 1:
                found.append(people[0])
            elif people:
                problems.append(
                    _("There are several people named %(name)s. Enter the email.") % {"name": name}
                )
            else:
                problems.append(_("No one named %(name)s works at this school.") % {"name": name})
        return list(dict.fromkeys(found)), problems


def staff_names(school: School) -> StaffNames:
    """The people who work at ``school`` today, in one query."""
    found: dict[str, list[Staff]] = defaultdict(list)
    rows = Staff.objects.active(school.today()).filter(school=school).select_related("user", "school")
    for staff in rows:
        for name in dict.fromkeys([staff.user.email.casefold(), str(staff.user).casefold()]):
            found[name].append(staff)
    return StaffNames(dict(found))


def last_day_of(member: TeamMember) -> dt.date | None:
    """The last day on which a member belongs to the team and works at the school; None if there is none."""
    return min(filter(None, [member.ends_on, member.staff.ends_on]), default=None)


def former_lead_of(team: Team) -> TeamMember | None:
    """The lead who left ``team`` last, if it has no lead today; in one query."""
    today, left = team.school.today(), []
    for member in team.members.filter(is_lead=True, starts_on__lte=today).select_related("staff__user"):
        last = last_day_of(member)
        if last is None or last >= today:
            return None
        left.append((last, member.pk, member))
    return max(left)[2] if left else None
