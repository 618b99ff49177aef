"""Who may see a peer observation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from collab.observations.models import PeerObservation
from teams.directory.models import Staff, Team, TeamMember

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def own_observations(user: User) -> QuerySet[PeerObservation]:
    """Peer observations the user takes part in, at schools where they work today."""
    mine = Staff.objects.active().filter(user_id=user.pk).values("pk")
    return PeerObservation.objects.filter(Q(host__in=mine) | Q(observer__in=mine))


def observations_visible_to(user: User) -> QuerySet[PeerObservation]:
    """The user's own, and those shared by hosts who are in one of the user's teams today.

    No role or ability reveals any others.
    """
    theirs = Team.objects.of_user(user.pk).values("pk")
    hosts = TeamMember.objects.active().filter(team__in=theirs).values("staff_id")
    shared = PeerObservation.objects.filter(shared_at__isnull=False, host__in=hosts).values("pk")
    return PeerObservation.objects.filter(Q(pk__in=own_observations(user).values("pk")) | Q(pk__in=shared))
