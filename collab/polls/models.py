"""Polls for meeting times, where the bell schedule does not decide."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.directory.models import Staff, Team
from teams.lib import clock
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class Poll(PublicModel):
    """A poll for a team's meeting time. Open until closed, with or without a chosen time."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="polls")
    title = models.CharField(_("title"), max_length=120)
    minutes = models.PositiveSmallIntegerField(default=45)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closes_on = models.DateField(_("answer by"))
    closed_at = models.DateTimeField(null=True, blank=True)
    chosen = models.ForeignKey(
        "PollOption", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("poll")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("collab:poll-detail", self.uuid)


class PollPerson(models.Model):
    """An invitee of a poll."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="people")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitee")
        constraints = [models.UniqueConstraint(fields=["poll", "staff"], name="poll_person_once")]

    def __str__(self) -> str:
        return str(self.staff)


class PollOption(PublicModel):
    """A proposed time."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="options")
    starts_at = models.DateTimeField()

    class Meta:
        verbose_name = _("option")
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["poll", "starts_at"], name="poll_option_once")]

    def __str__(self) -> str:
        return self.starts_at.isoformat()


class PollAnswer(models.Model):
    """One person's answer to one time. Saved with every click."""

    class Answer(models.TextChoices):
        """How well the time suits."""

        YES = "yes", _("Yes")
        MAYBE = "maybe", _("If needed")
        NO = "no", _("No")

    option = models.ForeignKey(PollOption, on_delete=models.CASCADE, related_name="answers")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("answer")
        constraints = [models.UniqueConstraint(fields=["option", "staff"], name="poll_answer_once")]

    def __str__(self) -> str:
        return self.answer
