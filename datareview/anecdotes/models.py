"""Notes of teachers about what they saw of a student, and the school's list of skills."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Student
from teams.directory.models import School, Staff, Team
from teams.lib import clock
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class Skill(PublicModel):
    """A skill or habit of the school's own list, such as "phrasing". A retired one stays on notes that have it."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="skills")
    name = models.CharField(max_length=40)
    is_retired = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("skill")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="skill_name_once")]

    def __str__(self) -> str:
        return self.name


class Anecdote(PublicModel):
    """What one person saw of a student on a day.

    Who may read it: its author alone, the members of ``team``, everyone who may see the student, or the people in
    ``readers``. One that ``is_handover`` is for the teachers of later years. ``version`` counts its changes. A removed
    note is shown to nobody and counts nowhere; its author can restore it.
    """

    class Sharing(models.TextChoices):
        """Who may read a note."""

        AUTHOR = "me", _("Only me")
        TEAM = "team", _("A team")
        SCHOOL = "school", _("Everyone who works with the student")
        NAMED = "named", _("People I name")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="anecdotes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="anecdotes")
    skill = models.ForeignKey(
        Skill, on_delete=models.PROTECT, null=True, blank=True, related_name="anecdotes"
    )
    text = models.CharField(max_length=1000)
    is_strength = models.BooleanField(default=False)
    is_handover = models.BooleanField(default=False)
    seen_on = models.DateField()
    sharing = models.CharField(max_length=6, choices=Sharing, default=Sharing.SCHOOL)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="anecdotes")
    readers = models.ManyToManyField(Staff, related_name="anecdotes_to_read", blank=True)
    version = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("note on what was seen")
        verbose_name_plural = _("notes on what was seen")
        ordering = ["-seen_on", "-pk"]
        indexes = [models.Index(fields=["student", "seen_on"], name="anecdote_student_day")]
        constraints = [
            models.CheckConstraint(condition=Q(team=None) | Q(sharing="team"), name="anecdote_team_if_shared")
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return page_of("datareview:anecdote-edit", self.uuid)


class FormerAnecdote(models.Model):
    """A note as it was before a change, kept for those who may read the note."""

    anecdote = models.ForeignKey(Anecdote, on_delete=models.CASCADE, related_name="former")
    text = models.CharField(max_length=1000)
    skill_name = models.CharField(max_length=40, blank=True)
    is_strength = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("former note")
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return self.text


class AnecdoteReading(models.Model):
    """A day on which someone whom the author named opened a note; the author sees who did."""

    anecdote = models.ForeignKey(Anecdote, on_delete=models.CASCADE, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_on = models.DateField()

    class Meta:
        verbose_name = _("reading of a note")
        ordering = ["read_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["anecdote", "reader", "read_on"], name="anecdote_reading_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} {self.read_on}"
