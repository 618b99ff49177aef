"""Goals of students in their own words."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Student
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class OwnGoal(PublicModel):
    """What a student wants to reach: ``words`` are the student's, ``step`` is what they will do for it.

    ``look_on`` is the day on which the student and a teacher look at it together. ``said`` is what the student says of it
    then. ``version`` counts its changes.
    """

    class State(models.TextChoices):
        """Open until the student looks back at it."""

        OPEN = "open", _("Working on it")
        MET = "met", _("Reached")
        PARTLY = "partly", _("On the way")
        ASIDE = "aside", _("Another goal now")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="own_goals")
    words = models.CharField(max_length=300)
    step = models.CharField(max_length=300, blank=True)
    helper = models.CharField(max_length=200, blank=True)
    set_on = models.DateField()
    look_on = models.DateField()
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    said = models.CharField(max_length=400, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("student’s own goal")
        verbose_name_plural = _("students’ own goals")
        ordering = ["-set_on", "-pk"]
        indexes = [models.Index(fields=["student", "state"], name="own_goal_student_state")]

    def __str__(self) -> str:
        return self.words

    def get_absolute_url(self) -> str:
        return page_of("datareview:own-goal-edit", self.uuid)

    @property
    def is_open(self) -> bool:
        """Whether the student still works on it."""
        return self.state == self.State.OPEN
