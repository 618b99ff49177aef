"""Groups that a team forms by what students can do on one standard, for a few lessons."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Assessment, Standard, Student
from teams.directory.models import Staff
from teams.lib import clock
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class MasteryBand(models.TextChoices):
    """What students can do on a standard so far (`analysis.mastery.BANDS`), from those who need most."""

    MORE_TIME = "more_time", _("Needs more time")
    DEVELOPING = "developing", _("Developing")
    CLOSE = "close", _("Close")
    SECURE = "secure", _("Secure")


class Regrouping(PublicModel):
    """The groups formed after an assessment on one standard (None: on the whole assessment).

    ``version`` counts the changes of the groups and of who is in them. ``is_changed_late``: somebody was moved out of or
    into no group after a check again was entered.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="regroupings")
    standard = models.ForeignKey(
        Standard, on_delete=models.PROTECT, null=True, blank=True, related_name="regroupings"
    )
    check_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=0)
    is_changed_late = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("set of groups")
        verbose_name_plural = _("sets of groups")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "standard"], name="regrouping_once_a_standard"),
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(standard=None), name="regrouping_once_for_the_whole"
            ),
        ]

    def __str__(self) -> str:
        return str(self.standard or self.assessment)

    def get_absolute_url(self) -> str:
        return page_of("datareview:regrouping-detail", self.uuid)


class RegroupedGroup(models.Model):
    """One group: its band, who teaches it, when and where, what is taught, and what the teacher tried and saw.

    ``weekdays`` is a list (Monday is 0); ``seats`` is the most students it takes, None without a limit.
    ``is_changed_late``: somebody was moved after a check again was entered, so that its means would tell of whom.
    """

    regrouping = models.ForeignKey(Regrouping, on_delete=models.CASCADE, related_name="groups")
    band = models.CharField(max_length=12, choices=MasteryBand)
    teacher = models.ForeignKey(
        Staff, on_delete=models.SET_NULL, null=True, blank=True, related_name="regrouped_groups"
    )
    place = models.CharField(max_length=60, blank=True)
    weekdays = models.JSONField(default=list, blank=True)
    time = models.TimeField(null=True, blank=True)
    teaches = models.CharField(max_length=300, blank=True)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    tried = models.CharField(max_length=500, blank=True)
    saw = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_changed_late = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("group")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.get_band_display())

    @property
    def level(self) -> int:
        """The band's level, from 1 (needs more time) to 4 (secure)."""
        return MasteryBand.values.index(self.band) + 1

    @property
    def days(self) -> str:
        """The weekdays in words: "Tue, Thu"."""
        return ", ".join(str(WEEKDAYS_ABBR[day]) for day in sorted(self.weekdays))


class GroupedStudent(models.Model):
    """A student's place in one of the groups."""

    regrouping = models.ForeignKey(Regrouping, on_delete=models.CASCADE, related_name="places")
    group = models.ForeignKey(RegroupedGroup, on_delete=models.CASCADE, related_name="places")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="regrouped")

    class Meta:
        verbose_name = _("student in a group")
        verbose_name_plural = _("students in groups")
        constraints = [models.UniqueConstraint(fields=["regrouping", "student"], name="grouped_once")]

    def __str__(self) -> str:
        return str(self.student)
