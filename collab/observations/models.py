"""Peer observations: private to the two until the host shares them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School, Staff
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class PeerObservation(PublicModel):
    """One visit: requested, agreed with a date and focus question, seen, debriefed, with a next step.

    It belongs to the ``host``, whose lesson it is: only the host can share it with their teams, or stop
    sharing.
    """

    class State(models.TextChoices):
        """Progress of a visit."""

        ASKED = "asked", _("Asked")
        AGREED = "agreed", _("Agreed")
        SEEN = "seen", _("Observed")
        TALKED = "talked", _("Debriefed")
        CANCELLED = "off", _("Canceled")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="observations")
    host = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="observations_hosted")
    observer = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="observations_made")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_by_host = models.BooleanField(default=True)
    message = models.CharField(max_length=300, blank=True)
    reply = models.CharField(max_length=300, blank=True)
    focus = models.CharField(_("focus question"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("when"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=80, blank=True)
    debrief = models.TextField(_("what we talked about"), max_length=4000, blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("peer observation")
        ordering = ["-starts_at", "-created_at"]
        constraints = [models.CheckConstraint(condition=~Q(host=F("observer")), name="observation_takes_two")]

    def __str__(self) -> str:
        return self.focus or f"{self.observer} → {self.host}"

    def get_absolute_url(self) -> str:
        return page_of("collab:observation-detail", self.uuid)


class Evidence(PublicModel):
    """One thing seen or heard, without judgement."""

    class Kind(models.TextChoices):
        """Seen or heard."""

        SEEN = "seen", _("Seen")
        HEARD = "heard", _("Heard")

    observation = models.ForeignKey(PeerObservation, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.SEEN)
    text = models.CharField(_("what"), max_length=500)
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
