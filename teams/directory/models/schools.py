"""Schools and their calendars: years, terms, holidays, the bell schedule."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from teams.kept.queries import read_seldom
from teams.lib import clock
from teams.lib.models import PublicModel

# Students of the smallest group whose figures are shown: states take 5 to 30, ten most often (NCES 2011-603)
LEAST_GROUP, LEAST_GROUP_RANGE = 10, (5, 30)


def validate_time_zone(name: str) -> None:
    """Raise ValidationError if ``name`` is not in the time zone database."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(_("“%(name)s” is not a known time zone."), params={"name": name}) from error


class District(PublicModel):
    """Schools that are run together. ``administrators`` add schools and copy settings; they get no role by it."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    administrators = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="districts")

    class Meta:
        verbose_name = _("district")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class School(PublicModel):
    """A school. All dates in the product are dates in its time zone.

    ``cycle`` is the order of days in the bell schedule: weekly (5 days, or 10 for alternating weeks A and B), or
    rotating over school days only (A/B days, six-day cycles), where a holiday shifts every later day.
    ``cycle_from`` is a date that is day 0; by default it is the first day of the school year.
    """

    class Cycle(models.TextChoices):
        """Whether the day cycle follows the calendar week or counts school days."""

        WEEK = "week", _("Weekly")
        TURNING = "turning", _("Rotating over school days")

    name = models.CharField(_("name"), max_length=120)
    district = models.ForeignKey(
        District, on_delete=models.SET_NULL, null=True, blank=True, related_name="schools"
    )
    time_zone = models.CharField(max_length=64, default="America/Chicago", validators=[validate_time_zone])
    language = models.CharField(max_length=8, default="en")
    lowest_grade = models.SmallIntegerField(default=0)
    highest_grade = models.SmallIntegerField(default=12)
    min_group_size = models.PositiveSmallIntegerField(
        _("least number of students of a group"),
        default=LEAST_GROUP,
        validators=[MinValueValidator(LEAST_GROUP_RANGE[0]), MaxValueValidator(LEAST_GROUP_RANGE[1])],
    )
    cycle = models.CharField(_("day cycle"), max_length=8, choices=Cycle, default=Cycle.WEEK)
    cycle_days = models.PositiveSmallIntegerField(_("days in the cycle"), default=5)
    demands_second_factor = models.BooleanField(_("everyone signs in in two steps"), default=False)
    cycle_from = models.DateField(_("date of cycle day 1"), null=True, blank=True)
    leads_edit_members = models.BooleanField(_("leads edit the members of their own teams"), default=False)
    newcomers_read_all = models.BooleanField(_("new members read the team’s earlier record"), default=True)

    class Meta:
        verbose_name = _("school")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="school_name_unique"),
            models.CheckConstraint(
                condition=Q(lowest_grade__lte=F("highest_grade")), name="school_grades_ordered"
            ),
            models.CheckConstraint(
                condition=Q(cycle="turning", cycle_days__range=(2, 10))
                | Q(cycle="week", cycle_days__in=[5, 10]),
                name="school_cycle_length",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        """The school's time zone."""
        return ZoneInfo(self.time_zone)

    def today(self) -> dt.date:
        """The current date at the school."""
        return clock.today(self)

    def year_start(self, day: dt.date | None = None) -> dt.date:
        """First day of the latest school year that began by ``day`` (default: today), or one year before ``day``."""
        day = day or self.today()
        begun = [starts_on for _pk, starts_on, _ends_on in years_of(self.pk) if starts_on <= day]
        return begun[-1] if begun else day - dt.timedelta(days=365)

    def at(self, day: dt.date, time: dt.time) -> dt.datetime:
        """The instant at which the school's clock shows ``time`` on ``day``."""
        return dt.datetime.combine(day, time, tzinfo=self.tz)


class SchoolYearQuerySet(models.QuerySet["SchoolYear"]):
    """QuerySet methods for school years."""

    def on(self, day: dt.date) -> SchoolYearQuerySet:
        """The school years that contain ``day``, at most one per school."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def latest_on(self, day: dt.date) -> SchoolYearQuerySet:
        """The school years that began last by ``day``, one per school: a year goes on until the next begins."""
        later = SchoolYear.objects.filter(
            school=OuterRef("school"), starts_on__lte=day, starts_on__gt=OuterRef("starts_on")
        )
        return self.filter(~Exists(later), starts_on__lte=day)


class SchoolYear(PublicModel):
    """A school year such as "2026-27"."""

    is_setting = True

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="years")
    name = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects = SchoolYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("school year")
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], name="year_name_unique"),
            models.CheckConstraint(condition=Q(starts_on__lt=F("ends_on")), name="year_dates_ordered"),
        ]

    def __str__(self) -> str:
        return self.name


@read_seldom(SchoolYear)
def years_of(school_id: int) -> tuple[tuple[int, dt.date, dt.date], ...]:
    """Ids, first and last days of the school's years, earliest first."""
    rows = SchoolYear.objects.filter(school_id=school_id).order_by("starts_on")
    return tuple(rows.values_list("pk", "starts_on", "ends_on"))


class Term(PublicModel):
    """A grading period within a school year."""

    year = models.ForeignKey(SchoolYear, on_delete=models.CASCADE, related_name="terms")
    name = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        verbose_name = _("term")
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["year", "name"], name="term_name_unique"),
            models.CheckConstraint(condition=Q(starts_on__lt=F("ends_on")), name="term_dates_ordered"),
        ]

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """A range of days on which the school is closed, both ends included."""

    is_setting = True

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="holidays")
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        verbose_name = _("holiday")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="holiday_dates_ordered"),
        ]

    def __str__(self) -> str:
        return self.name


class Period(models.Model):
    """A period of the bell schedule on one day of the cycle (0 is the first day, Monday in a weekly cycle)."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="periods")
    name = models.CharField(max_length=40)
    cycle_day = models.PositiveSmallIntegerField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    is_protected = models.BooleanField(_("reserved for team meetings"), default=False)

    class Meta:
        verbose_name = _("period")
        ordering = ["cycle_day", "starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["school", "cycle_day", "name"], name="period_name_unique"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="period_times_ordered"),
        ]

    def __str__(self) -> str:
        return self.name
