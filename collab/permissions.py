"""Which meetings, items, actions and topics a user may see, and who may change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from collab.models.actions import Action
from collab.models.agendas import AgendaItem, ItemReader, Visibility
from collab.models.decisions import Question
from collab.models.meetings import Guest, Meeting
from collab.models.observations import PeerObservation
from collab.models.polls import Poll, PollPerson
from teams.access.permissions import can, is_member, schools_where, staff_where, teams_visible_to
from teams.directory.models import Staff, Team, TeamMember

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from collab.models.protocols import Protocol
    from teams.directory.models import User


def meetings_visible_to(user: User) -> QuerySet[Meeting]:
    """Meetings of own teams, those of schools whose overview the user may see, and those they are a guest of."""
    return Meeting.objects.filter(Q(team__in=teams_visible_to(user)) | Q(pk__in=_as_guest(user)))


def viewers_of(meeting_id: int, users: Collection[int]) -> set[int]:
    """Of ``users`` (ids), those to whom `meetings_visible_to` shows the meeting: the same rule for many at once."""
    meeting = Meeting.objects.select_related("team__school").filter(pk=meeting_id).first()
    if meeting is None:
        return set()
    school, theirs = meeting.team.school, {"staff__user_id__in": users}
    members = TeamMember.objects.active().filter(team=meeting.team_id, **theirs)
    joining = staff_where(school, "join_teams").values("user_id")
    guests = Guest.objects.filter(meeting=meeting, staff__school=school, staff__user__in=joining, **theirs)
    seeing = staff_where(school, "see_school").filter(user_id__in=users)
    return {
        *members.values_list("staff__user_id", flat=True),
        *guests.values_list("staff__user_id", flat=True),
        *seeing.values_list("user_id", flat=True),
    }


def items_visible_to(user: User) -> QuerySet[AgendaItem]:
    """Items of visible meetings and those that wait for a visible team; restricted ones for who is named.

    A restricted item is read by the people named on it and its owner, and by nobody else, whatever their role
    in the school or in the meeting: roles of a meeting are anybody's to take.
    """
    own = {"staff__user_id": user.pk}
    named = Q(pk__in=ItemReader.objects.filter(**own).values("item_id")) | Q(owner__user_id=user.pk)
    reach = Q(meeting__in=meetings_visible_to(user)) | Q(meeting=None, topic__team__in=teams_visible_to(user))
    return AgendaItem.objects.filter(reach & (~Q(visibility=Visibility.RESTRICTED) | named))


def actions_visible_to(user: User) -> QuerySet[Action]:
    """Own actions at schools where they work today, and those of visible teams; of a restricted item for its readers."""
    open_to_all = Q(item=None) | Q(item__in=items_visible_to(user))
    mine = Staff.objects.active().filter(user_id=user.pk).values("pk")
    return Action.objects.filter(Q(owner__in=mine) | (Q(team__in=teams_visible_to(user)) & open_to_all))


def questions_visible_to(user: User) -> QuerySet[Question]:
    """Questions of own teams to their leaders, and for who answers them those of the school."""
    answers = Q(item__topic__team__school_id__in=schools_where(user, "answer_questions"))
    return Question.objects.filter(Q(item__in=items_visible_to(user)) | answers)


def may_take_part(user: User, team: Team) -> bool:
    """Whether the user may contribute, decide and commit for ``team``."""
    return is_member(user, team)


def may_take_part_in(user: User, meeting: Meeting) -> bool:
    """Whether the user may contribute to ``meeting``: a member of its team, or its guest."""
    return is_member(user, meeting.team) or _as_guest(user).filter(meeting=meeting).exists()


def may_read(user: User, item: AgendaItem) -> bool:
    """Whether the user may read ``item``."""
    return items_visible_to(user).filter(pk=item.pk).exists()


def may_run(user: User, meeting: Meeting) -> bool:
    """Whether the user may start, steer and close ``meeting``: any member (stand-ins are the rule)."""
    return is_member(user, meeting.team)


def may_plan_for(user: User, team: Team) -> bool:
    """Whether the user may plan meetings of ``team``: a lead of it, or who leads all teams."""
    return is_member(user, team, lead=True)


def may_change_protocol(user: User, protocol: Protocol) -> bool:
    """Whether the user may change ``protocol``: of an own team; nobody changes a built-in one."""
    return protocol.team is not None and may_take_part(user, protocol.team)


def may_finish(user: User, action: Action) -> bool:
    """Whether the user may tick or drop ``action``: its owner, or a lead of its team."""
    own = action.owner.user_id == user.pk and can(user, "join_teams", action.team.school)
    return own or is_member(user, action.team, lead=True)


def own_observations(user: User) -> QuerySet[PeerObservation]:
    """Peer observations that the user takes part in, at schools where they work today."""
    mine = Staff.objects.active().filter(user_id=user.pk).values("pk")
    return PeerObservation.objects.filter(Q(host__in=mine) | Q(observer__in=mine))


def observations_visible_to(user: User) -> QuerySet[PeerObservation]:
    """Own ones, and those that a host shares with the teams they are in: for who is in one of these today.

    No ability opens them: for everybody else, whatever their role, they do not exist.
    """
    theirs = Team.objects.of_user(user.pk).values("pk")
    hosts = TeamMember.objects.active().filter(team__in=theirs).values("staff_id")
    shared = PeerObservation.objects.filter(shared_at__isnull=False, host__in=hosts).values("pk")
    return PeerObservation.objects.filter(Q(pk__in=own_observations(user).values("pk")) | Q(pk__in=shared))


def polls_visible_to(user: User) -> QuerySet[Poll]:
    """Polls that ask the user, that they made, or whose team they lead: for who works at the school today."""
    mine = Staff.objects.active().filter(user_id=user.pk)
    asked = PollPerson.objects.filter(staff__in=mine).values("poll_id")
    led = TeamMember.objects.active().filter(staff__user_id=user.pk, is_lead=True).values("team_id")
    return Poll.objects.filter(
        Q(pk__in=asked)
        | Q(made_by=user, team__school__in=mine.values("school_id"))
        | Q(team__in=led)
        | Q(team__school__in=schools_where(user, "lead_all_teams"))
    )


def is_in(user: User, team: Team, *, lead: bool = False) -> bool:
    """Whether the user themselves is in ``team`` today (as a lead of it); no ability stands in for that."""
    members = team.members.active().filter(staff__user_id=user.pk)
    return members.filter(is_lead=True).exists() if lead else members.exists()


def values_visible_to(user: User) -> QuerySet[Team]:
    """Teams whose meeting value the user may see: own ones, and those that share it with their leaders."""
    own = Team.objects.of_user(user.pk).values("pk")
    return teams_visible_to(user).filter(Q(pk__in=own) | Q(shares_value=True))


def _as_guest(user: User) -> QuerySet[Guest, Any]:
    """Ids of the meetings that the user is a guest of."""
    rows = Guest.objects.filter(
        staff__user_id=user.pk, staff__school_id__in=schools_where(user, "join_teams")
    )
    return rows.values("meeting_id")
