"""Who may read an agenda item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from collab.agendas.models import AgendaItem, Exhibit, ItemReader, Visibility
from collab.meetings.models import Meeting
from collab.meetings.permissions import meetings_as_guest, on_visible_record
from teams.access.conditions import one_of
from teams.access.permissions import schools_where, visible_team_ids
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.access.scope import scope_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def items_visible_to(user: User) -> QuerySet[AgendaItem]:
    """Items of visible meetings, and items waiting for a visible team's meeting.

    A restricted item is visible only to its named readers and its owner, whatever other roles people have in
    the school or the meeting: anyone can take a meeting role. An agenda that is a draft is visible only to those who
    prepare it (`may_prepare`); others see their own items there.
    """
    own, teams = scope_of(user).staff_ids, visible_team_ids(user)
    named = Q(pk__in=ItemReader.objects.filter(staff__in=own).values("item_id")) | Q(owner__in=own)
    reach = (
        on_visible_record(user, path="meeting__")
        | Q(meeting__in=meetings_as_guest(user))
        | Q(meeting=None, topic__team__in=teams)
    )
    rows = AgendaItem.objects.filter(reach & (~Q(visibility=Visibility.RESTRICTED) | named))
    return rows.filter(_in_no_draft() | _of_preparer(user) | Q(topic__wanted_by=user.pk) | Q(owner__in=own))


def _in_no_draft() -> Q:
    published = Q(meeting__published_at__isnull=False) | ~Q(meeting__state=Meeting.State.PLANNED)
    return Q(meeting=None) | published


def _of_preparer(user: User) -> Q:
    """`collab.meetings.permissions.may_prepare` as a condition."""
    scope = scope_of(user)
    lead = Q(meeting__team__in=scope.prepared_team_ids) | Q(
        meeting__team__school__in=schools_where(user, "lead_all_teams")
    )
    return lead | Q(meeting__facilitator__in=[*scope.employed_ids, *sorted(scope.replaced_ids)])


def exhibits_visible_to(user: User) -> QuerySet[Exhibit]:
    """Charts on items that the user may read."""
    return Exhibit.objects.filter(one_of(items_visible_to(user), "item")).select_related(
        "item__meeting__team"
    )


def may_read(user: User, item: AgendaItem) -> bool:
    """Whether the user may read ``item``."""
    return bool(prepared_rows(_readable, reader_of(user), item.pk))


def _readable(user: User, item_id: int) -> QuerySet[AgendaItem, Any]:
    return items_visible_to(user).filter(pk=item_id).values_list("pk")
