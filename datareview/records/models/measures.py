"""Measures, benchmarks and scores."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from datareview.records.models.assessments import Standard
from datareview.records.models.students import Student
from teams.directory.models import School, SchoolYear
from teams.lib import clock, formats
from teams.lib.models import PublicModel


class Domain(models.TextChoices):
    """The area of school life that a measure is about."""

    ACADEMIC = "academic", _("Academic")
    ATTENDANCE = "attendance", _("Attendance")
    BEHAVIOR = "behavior", _("Behavior")
    WELLBEING = "wellbeing", _("Well-being")
    ENGAGEMENT = "engagement", _("Engagement")
    READINESS = "readiness", _("Readiness")


LEVELS = (_("Well below"), _("Below"), _("At benchmark"), _("Above"))  # 1 to 4
AT = 3  # the first level that meets the benchmark
MOST_LEVELS = 6  # of a measure, wherever the benchmark is among them
ALL_LEVELS = range(AT - MOST_LEVELS + 1, AT + MOST_LEVELS - 1)
# The level that each cut point of a benchmark begins.
CUTS = {
    "lowest": -1, "far_below": 0, "well_below": 1, "below": 2, "at": AT,
    "above": 4, "well_above": 5, "far_above": 6, "highest": 7,
}  # fmt: skip


class BenchmarkWindow(PublicModel):
    """The dates of a benchmark window in one school year, both days included; see `datareview.records.windows`.

    ``key`` is that of benchmarks. ``name`` is empty if the school uses the usual name of the key.
    """

    is_setting = True

    year = models.ForeignKey(SchoolYear, on_delete=models.CASCADE, related_name="benchmark_windows")
    key = models.SlugField(max_length=20)
    name = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        verbose_name = _("benchmark window")
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["year", "key"], name="window_key_once_a_year"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="window_dates_ordered"),
        ]

    def __str__(self) -> str:
        return self.name or self.key


class MeasureQuerySet(models.QuerySet["Measure"]):
    """QuerySet methods for measures."""

    def in_use(self) -> MeasureQuerySet:
        """Measures that are not retired."""
        return self.filter(retired_on__isnull=True)


class MeasureManager(models.Manager["Measure"]):
    """The school's measures: not those that stand for a standard."""

    def get_queryset(self) -> MeasureQuerySet:
        """Leave out the measures of standards, on which only plans stand."""
        return MeasureQuerySet(self.model, using=self._db).filter(standard=None)

    def in_use(self) -> MeasureQuerySet:
        """Measures that are not retired."""
        return self.get_queryset().in_use()


class Measure(PublicModel):
    """A measure on which students have scores: its scale, direction and, if known, standard error.

    ``kind`` is ``probe`` for weekly progress monitoring, ``benchmark`` for three windows a year, or ``other``.
    ``sem`` is the standard error of measurement of one score, in the measure's unit. ``level_names`` are the school's
    words for its levels, the lowest first: for levels 1 to 4, for 0 to 5, or for `ALL_LEVELS`. Levels are counted from the
    benchmark, which 3 is the first to meet, and those that the school does not have are empty. An empty list stands for
    `LEVELS`. A retired measure keeps its scores, and is not offered for new rules and plans.

    A measure with a ``standard`` stands for it in plans: its values are shares of points in checks of the standard. It has
    the standard's public id. ``objects`` leaves it out, as pages about many students would compare classes by it; ``every``
    has it.
    """

    class Kind(models.TextChoices):
        """The frequency of scores, by which pages order measures."""

        PROBE = "probe", _("Progress probe")
        BENCHMARK = "benchmark", _("Benchmark")
        OTHER = "other", _("Other")

    class DerivedFrom(models.TextChoices):
        """The source of a derived measure's values: by week in trends/frames/scope.py, by check in standard_measures."""

        ATTENDANCE = "attendance", _("Daily attendance")
        INCIDENTS = "incidents", _("Incidents")
        CHECKS = "checks", _("Checks of a standard")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="measures")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    domain = models.CharField(max_length=12, choices=Domain, default=Domain.ACADEMIC)
    subject = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OTHER)
    derived_from = models.CharField(max_length=12, choices=DerivedFrom, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    scale_min = models.FloatField(default=0)
    scale_max = models.FloatField(default=100)
    higher_is_better = models.BooleanField(default=True)
    sem = models.FloatField(null=True, blank=True)
    sem_source = models.CharField(max_length=200, blank=True)
    decimals = models.PositiveSmallIntegerField(default=1)
    lowest_grade = models.SmallIntegerField(default=-1)
    highest_grade = models.SmallIntegerField(default=12)
    level_names = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=300, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    standard = models.OneToOneField(
        Standard, on_delete=models.PROTECT, null=True, blank=True, related_name="measure"
    )

    objects = MeasureManager()
    every = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        ordering = ["domain", "name"]
        constraints = [
            models.UniqueConstraint(fields=["school", "key"], name="measure_key_unique"),
            models.CheckConstraint(condition=Q(scale_min__lt=F("scale_max")), name="measure_scale_ordered"),
            models.CheckConstraint(
                condition=Q(lowest_grade__lte=F("highest_grade")), name="measure_grades_ordered"
            ),
            models.CheckConstraint(
                condition=Q(standard=None, derived_from__in=["", "attendance", "incidents"])
                | Q(standard__isnull=False, derived_from="checks"),
                name="measure_of_standard_from_checks",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("datareview:measure-detail", args=[self.uuid])

    def takes(self, grade: int | None) -> bool:
        """Whether students of ``grade`` are tested with it; one without a grade may be."""
        return grade is None or self.lowest_grade <= grade <= self.highest_grade

    @property
    def words_of_levels(self) -> dict[int, str]:
        """The name of each level that the school uses, by its number."""
        names = self.level_names or [str(name) for name in LEVELS]
        first = {len(LEVELS): 1, MOST_LEVELS: 0}.get(len(names), ALL_LEVELS.start)
        return {level: name for level, name in enumerate(names, start=first) if name}

    def level_name(self, level: int | None) -> str:
        """The name of a level, or "" without one."""
        return "" if level is None else self.words_of_levels.get(level, "")


class Benchmark(models.Model):
    """The lowest score of each level for a grade and window (the key of a `BenchmarkWindow`).

    A cut point is the lowest score of the level that it begins (`CUTS`), or the highest one if lower is better. It is None
    if the measure does not have this level, or none below it.
    """

    is_setting = True

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="benchmarks")
    grade = models.SmallIntegerField()
    window = models.CharField(max_length=20)
    lowest = models.FloatField(null=True, blank=True)
    far_below = models.FloatField(null=True, blank=True)
    well_below = models.FloatField(null=True, blank=True)
    below = models.FloatField(null=True, blank=True)
    at = models.FloatField()
    above = models.FloatField(null=True, blank=True)
    well_above = models.FloatField(null=True, blank=True)
    far_above = models.FloatField(null=True, blank=True)
    highest = models.FloatField(null=True, blank=True)
    growth_per_week = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("benchmark")
        ordering = ["measure", "grade", "window"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "grade", "window"], name="benchmark_once"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.grade} {self.window}"


class Score(models.Model):
    """A student's value on a measure on one day: any dated number except daily attendance and incidents.

    ``line`` is its row in the file that brought it, None for one by hand.
    """

    BY_HAND = "by hand"

    # The constraint and the index below begin with student and measure, so that these need none of their own.
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="scores", db_index=False)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="scores", db_index=False)
    taken_on = models.DateField()
    value = models.FloatField()
    source = models.CharField(max_length=40, default="import")
    imported_by = models.ForeignKey("datareview.Import", on_delete=models.SET_NULL, null=True, blank=True)
    line = models.PositiveIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("score")
        ordering = ["taken_on"]
        indexes = [models.Index(fields=["measure", "taken_on"], name="score_measure_date")]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "measure", "taken_on", "source"], name="score_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return formats.number(self.value)
