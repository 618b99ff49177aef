"""Who may see action items, and who may finish them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from collab.actions.models import Action
from collab.agendas.permissions import items_visible_to, may_read
from collab.meetings.models import Meeting
from collab.meetings.permissions import on_visible_record
from datareview.records.permissions import students_visible_to
from teams.access.conditions import one_of
from teams.access.permissions import can_at, is_member, visible_team_ids
from teams.access.scope import scope_of
from teams.directory.models import Staff
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def actions_visible_to(user: User) -> QuerySet[Action]:
    """The user's own action items, and those of visible teams, unless from an item they may not read.

    One from no item that is about a student is only for those who may see the student.
    """
    about = Q(student=None) | Q(one_of(students_visible_to(user), "student"))
    alone = Q(item=None) & on_visible_record(user, at="created_at") & about
    from_item = Q(one_of(items_visible_to(user), "item"), team__in=visible_team_ids(user))
    mine = Q(owner__in=scope_of(user).employed_ids)
    return Action.objects.filter(mine | alone | from_item)


def may_finish(user: User, action: Action) -> bool:
    """Whether the user may finish or drop ``action``, which they may see.

    Its owner, a lead of its team, and who leads or records its team's meeting while that is live.
    """
    own = action.owner.user_id == user.pk and can_at(user, "join_teams", action.team.school_id)
    if own or is_member(user, action.team, lead=True):
        return True
    return is_member(user, action.team) and action.team_id in _steered_teams(user)


@read_once(Meeting, Staff)
def _steered_teams(user: User) -> frozenset[int]:
    """Ids of the teams whose live meeting the user leads or records."""
    rows = Meeting.objects.filter(state=Meeting.State.LIVE)
    rows = rows.filter(Q(facilitator__user=user) | Q(recorder__user=user))
    return frozenset(rows.values_list("team_id", flat=True))


def may_change(user: User, action: Action) -> bool:
    """Whether the user may edit ``action``: who may finish it, and a member of its team who wrote it down."""
    return may_finish(user, action) or (action.made_by_id == user.pk and is_member(user, action.team))


def is_readable_by(staff: Staff, action: Action) -> bool:
    """Whether ``staff`` may read the item that ``action`` is from, or else see the student it is about."""
    if action.item:
        return may_read(staff.user, action.item)
    if action.student_id is None:
        return True
    return students_visible_to(staff.user).filter(pk=action.student_id).exists()
