"""Requests for assistance."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.flags.models import Candidate, ReopenedDecision
from datareview.records.models import Domain, Student
from teams.lib.models import PublicModel


class AssistanceRequest(PublicModel):
    """Someone asks for help with a student: what worries them, since when, what was tried, what the student does well.

    It puts the student on the triage list as ``candidate``, and is answered by the decision about it, on ``answer_by``
    at the latest. ``watch_ended`` is the decision to watch that it took back.
    """

    class Asker(models.TextChoices):
        """Who worries: the person who enters it, or for whom it is entered."""

        STAFF = "staff", _("I do")
        FAMILY = "family", _("The family")
        STUDENT = "student", _("The student")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="assistance_requests")
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="requests")
    domain = models.CharField(max_length=12, choices=Domain)
    asker = models.CharField(max_length=8, choices=Asker, default=Asker.STAFF)
    worry = models.CharField(max_length=400)
    since = models.CharField(max_length=120, blank=True)
    tried = models.CharField(max_length=600, blank=True)
    strengths = models.CharField(max_length=400, blank=True)
    watch_ended = models.ForeignKey(
        ReopenedDecision, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    answer_by = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("request for assistance")
        verbose_name_plural = _("requests for assistance")
        ordering = ["answer_by", "pk"]

    def __str__(self) -> str:
        return f"{self.student}: {self.worry}"
