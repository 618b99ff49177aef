"""Private calendar feeds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.directory.models import Team
from teams.lib.models import PublicModel


class CalendarFeed(PublicModel):
    """A private address where a calendar program reads a user's meetings, or those of one team.

    Anybody with the ``token`` can read it, so it can be revoked. It stops working when the user leaves.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    token = models.CharField(max_length=64, unique=True)
    read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("calendar link")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "team"], condition=Q(revoked_at=None), name="feed_one_a_user_and_team"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at=None, team=None), name="feed_one_a_user"
            ),
        ]

    def __str__(self) -> str:
        return str(self.team or self.user)
