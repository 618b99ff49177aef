"""Pieces of students' work on an agenda item, their pages, and the scores that people give them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collab.agendas.models import AgendaItem
from datareview.records.models import Student
from teams.jobs.models import Job
from teams.lib import clock
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class StudentWork(PublicModel):
    """A piece of work: uploaded, converted by the worker, covered by the person who uploaded it, and then shown.

    ``file`` is what was uploaded, until the piece is converted. ``student`` is only for erasing it with the student.
    ``lacks_names`` says that its uploader saw no name on it.
    """

    class State(models.TextChoices):
        """Before it is shown, only its uploader sees a piece. While converting and finishing a job is running."""

        CONVERTING = "converting", _("Being converted")
        COVERING = "covering", _("Names to be covered")
        FINISHING = "finishing", _("Being covered")
        SHOWN = "shown", _("Shown")
        FAILED = "failed", _("Could not be read")

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="student_work")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    student = models.ForeignKey(
        Student, on_delete=models.SET_NULL, null=True, blank=True, related_name="pieces_of_work"
    )
    title = models.CharField(max_length=80)
    file = models.FileField(upload_to="work/%Y/%m/", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.CONVERTING)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    error = models.CharField(max_length=300, blank=True)
    lacks_names = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("student work")
        verbose_name_plural = _("student work")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return page_of("collab:work-detail", self.uuid)

    @property
    def standing(self) -> str:
        """The state, or the one to go on from if its job failed."""
        states = self.State
        before: dict[str, str] = {states.CONVERTING: states.FAILED, states.FINISHING: states.COVERING}
        has_failed = self.job is not None and self.job.state == Job.State.FAILED
        return before.get(self.state, self.state) if has_failed else self.state


class WorkPage(models.Model):
    """One page of a piece, as a picture without metadata.

    ``covers`` are rectangles in percent of the page: x, y, width and height of each. Once they are drawn into the
    picture there are none, and what was under them is gone.
    """

    work = models.ForeignKey(StudentWork, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to="work/%Y/%m/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    covers = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("page of student work")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["work", "number"], name="work_page_once")]

    def __str__(self) -> str:
        return str(self.number)


class WorkScoring(models.Model):
    """How a team scores the work on an item: its rubric, the highest level, and since when everyone sees all scores."""

    MOST: ClassVar[int] = 6

    item = models.OneToOneField(AgendaItem, on_delete=models.CASCADE, related_name="work_scoring")
    rubric = models.TextField(max_length=2000)
    highest = models.PositiveSmallIntegerField(default=4)
    revealed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("scoring of student work")
        constraints = [
            models.CheckConstraint(condition=Q(highest__gte=1, highest__lte=6), name="work_scoring_levels")
        ]

    def __str__(self) -> str:
        return str(self.item)


class WorkScore(models.Model):
    """The level that one person gives a piece, which nobody else sees before all scores are revealed."""

    work = models.ForeignKey(StudentWork, on_delete=models.CASCADE, related_name="scores")
    scorer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("score of student work")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["work", "scorer"], name="work_score_once")]

    def __str__(self) -> str:
        return str(self.level)
