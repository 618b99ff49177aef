"""Schools and their time: years, terms, holidays, the bell schedule."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from teams.lib import clock
from teams.lib.models import PublicModel


def validate_time_zone(name: str) -> None:
    """Refuse a name the time zone database does not know."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(_("“%(name)s” is not a known time zone."), params={"name": name}) from error


class School(PublicModel):
    """A school; dates everywhere in the product are dates in its time zone.

    ``cycle`` says how days of the bell schedule follow each other: by the week (5 days, or 10 where weeks
    A and B alternate), or turning over school days only (A/B days, six-day cycles), so that a holiday moves
    the cycle on. ``cycle_from`` is a date that has day 0; without it the school year's first day has.
    """

    class Cycle(models.TextChoices):
        """What makes the next day of the cycle: the calendar, or the next school day."""

        WEEK = "week", _("Weekly")
        TURNING = "turning", _("Rotating over school days")

    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(max_length=64, default="America/Chicago", validators=[validate_time_zone])
    language = models.CharField(max_length=8, default="en")
    lowest_grade = models.SmallIntegerField(default=0)
    highest_grade = models.SmallIntegerField(default=12)
    min_group_size = models.PositiveSmallIntegerField(default=10)
    cycle = models.CharField(_("day cycle"), max_length=8, choices=Cycle, default=Cycle.WEEK)
    cycle_days = models.PositiveSmallIntegerField(_("days in the cycle"), default=5)
    cycle_from = models.DateField(_("date of cycle day 1"), null=True, blank=True)

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
        """The date it is at the school now."""
        return clock.today(self)

    def year_start(self, day: dt.date | None = None) -> dt.date:
        """First day of the school year that ``day`` (today) is in or after; a year before where none is known."""
        day = day or self.today()
        year = self.years.filter(starts_on__lte=day).order_by("-starts_on").first()
        return year.starts_on if year else day - dt.timedelta(days=365)

    def at(self, day: dt.date, time: dt.time) -> dt.datetime:
        """The instant at which the school's clock shows ``time`` on ``day``."""
        return dt.datetime.combine(day, time, tzinfo=self.tz)


class SchoolYearQuerySet(models.QuerySet["SchoolYear"]):
    """Words for years."""

    def on(self, day: dt.date) -> SchoolYearQuerySet:
        """The years that contain ``day`` (at most one a school)."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class SchoolYear(PublicModel):
    """A school's year, "2026-27"."""

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


class Term(PublicModel):
    """A grading period inside a year."""

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
    """Days on which the school is closed, first and last included."""

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
    """A slot of the bell schedule on one day of the cycle (0 is the first day, Monday in a weekly cycle)."""

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
