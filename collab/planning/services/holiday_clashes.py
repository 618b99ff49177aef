"""Cancel series meetings that fall on a holiday."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from collab.meetings.permissions import may_plan_for
from collab.meetings.services.locking import lock_meeting
from collab.planning.queries.holiday_clashes import holiday_clashes_of
from collab.planning.services.meetings import cancel_locked_meeting
from teams.access.permissions import can
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collab.meetings.models import Meeting
    from teams.directory.models import School, User


@transaction.atomic
def cancel_holiday_clashes(school: School, *, actor: User, meetings: Iterable[Meeting]) -> int:
    """Cancel those of ``meetings`` that still fall on a holiday. Returns the number cancelled.

    Allowed for editors of the school calendar, and for people who plan for all the teams concerned.
    """
    chosen = [one for one in meetings if one.team.school_id == school.pk]
    if not chosen:
        raise DomainError(_("Select at least one meeting."))
    if not can(actor, "edit_calendar", school):
        teams = {one.team for one in chosen}
        if not all(may_plan_for(actor, team) for team in teams):
            raise PermissionDenied
    # lock the holidays, so that none is removed meanwhile
    list(school.holidays.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    count = 0
    for one in sorted(chosen, key=lambda row: (row.starts_at, row.pk)):
        meeting = lock_meeting(one)
        still = holiday_clashes_of(school).filter(pk=meeting.pk).first()
        if still is None:
            continue  # moved, started or cancelled meanwhile, or no longer on a holiday
        with translation.override(school.language):  # the whole team reads the reason
            reason = _("No school: %(name)s.") % {"name": still.holiday}
        cancel_locked_meeting(meeting, actor=actor, reason=reason)
        count += 1
    return count
