"""Meeting feedback: anonymous counts, shown from four answers up."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from collab.meetings.models import Meeting


class PulseQuestion(models.TextChoices):
    """The four feedback questions, after the team-initiated problem solving model (TIPS)."""

    TIME = "time", _("Was it a good use of our time?")
    TRACK = "track", _("Do we keep track of our action items?")
    DONE = "done", _("Do we complete them?")
    EFFECT = "effect", _("Do they have the effect we wanted?")


class PulseAnswer(models.TextChoices):
    """The three answers."""

    YES = "yes", _("Yes")
    SO_SO = "so-so", _("So-so")
    NO = "no", _("No")


class PulseVoter(models.Model):
    """Marks that a user has answered, without their answers."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="pulse_voters")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("who answered")
        constraints = [models.UniqueConstraint(fields=["meeting", "user"], name="pulse_once")]

    def __str__(self) -> str:
        return str(self.meeting)


class Pulse(models.Model):
    """Number of times a question got an answer. Counts, so that no row belongs to a person."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="pulse")
    question = models.CharField(max_length=8, choices=PulseQuestion)
    answer = models.CharField(max_length=8, choices=PulseAnswer)
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("meeting feedback")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "question", "answer"], name="pulse_one_count")
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.answer}: {self.count}"
