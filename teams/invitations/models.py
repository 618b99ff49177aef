"""Invitations to sign in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.directory.models import Staff
from teams.lib import clock
from teams.lib.models import PublicModel
from teams.mail.models import Mail


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """QuerySet methods for invitations."""

    def unanswered(self) -> InvitationQuerySet:
        """Invitations that were neither accepted nor withdrawn; their time may be up."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(PublicModel):
    """An invitation of a staff member to sign in, by a link. A new one withdraws the one before.

    The link's token is a signature of ``uuid`` (`teams.invitations.queries`): none is stored. ``email`` is the
    email that carries the link, empty if the server sends none.
    """

    class State(models.TextChoices):
        """What became of an invitation."""

        OPEN = "open", _("open")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ACCEPTED = "accepted", _("accepted")

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="invitations")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="invitations_sent"
    )
    email = models.ForeignKey(Mail, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_one_unanswered",
            )
        ]

    def __str__(self) -> str:
        return str(self.staff)

    @property
    def state(self) -> State:
        """What became of it."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        return self.State.OPEN if self.expires_at > clock.now() else self.State.EXPIRED
