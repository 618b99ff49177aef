"""Who may see a peer observation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from collab.observations.models import PeerObservation
from teams.access.scope import scope_of
from teams.directory.models import TeamMember

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def own_observations(user: User) -> QuerySet[PeerObservation]:
    """Peer observations the user takes part in, at schools where they work today."""
    mine = scope_of(user).employed_ids
    return PeerObservation.objects.filter(Q(host__in=mine) | Q(observer__in=mine))


def observations_visible_to(user: User) -> QuerySet[PeerObservation]:
    """The user's own, and those shared by hosts who are in one of the user's teams today.

    No role or ability reveals any others.
    """
    hosts = TeamMember.objects.active().filter(team__in=scope_of(user).team_ids).values("staff_id")
    mine = scope_of(user).employed_ids
    return PeerObservation.objects.filter(
        Q(host__in=mine) | Q(observer__in=mine) | Q(shared_at__isnull=False, host__in=hosts)
    )
