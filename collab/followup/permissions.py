"""Who may see follow-up records, and who may finish action items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from collab.agendas.permissions import items_visible_to
from collab.followup.models import Action, Cause, Decision, Question, TeachingChange
from collab.meetings.permissions import on_visible_record
from teams.access.permissions import can_at, is_member, schools_where, visible_team_ids
from teams.access.scope import scope_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def actions_visible_to(user: User) -> QuerySet[Action]:
    """The user's own action items, and those of visible teams, unless from an item they may not read."""
    alone = Q(item=None) & on_visible_record(user, at="created_at")
    from_item = Q(team__in=visible_team_ids(user), item__in=items_visible_to(user))
    mine = Q(owner__in=scope_of(user).employed_ids)
    return Action.objects.filter(mine | alone | from_item)


def questions_visible_to(user: User) -> QuerySet[Question]:
    """Questions on items the user may read; for people who answer questions, all of the school's."""
    answers = Q(item__topic__team__school_id__in=schools_where(user, "answer_questions"))
    return Question.objects.filter(Q(item__in=items_visible_to(user)) | answers)


def decisions_visible_to(user: User) -> QuerySet[Decision]:
    """Decisions on items that the user may read."""
    return Decision.objects.filter(item__in=items_visible_to(user)).select_related("item__meeting")


def causes_visible_to(user: User) -> QuerySet[Cause]:
    """Causes on items that the user may read."""
    return Cause.objects.filter(item__in=items_visible_to(user))


def teaching_changes_visible_to(user: User) -> QuerySet[TeachingChange]:
    """Teaching changes on items that the user may read."""
    return TeachingChange.objects.filter(item__in=items_visible_to(user))


def own_teaching_changes(user: User) -> QuerySet[TeachingChange]:
    """The user's teaching changes, tried or not, at schools where they work today."""
    rows = TeachingChange.objects.filter(teacher__in=scope_of(user).employed_ids)
    return rows.select_related("item__meeting__team", "teacher__school")


def may_finish(user: User, action: Action) -> bool:
    """Whether the user may finish or drop ``action``: its owner, or a lead of its team."""
    own = action.owner.user_id == user.pk and can_at(user, "join_teams", action.team.school_id)
    return own or is_member(user, action.team, lead=True)
