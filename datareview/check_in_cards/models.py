"""A plan's check-in card, its points and its days."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.plans.models import Plan
from teams.lib import clock

MOST_POINTS = 5


class CheckInCard(models.Model):
    """A plan's card: for each of ``periods`` (their names, in order) up to ``most`` points for the ``expectations``.

    ``version`` counts its changes.
    """

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="check_in_card")
    periods = models.JSONField(default=list)
    expectations = models.JSONField(default=list)
    most = models.PositiveSmallIntegerField(default=2)
    version = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("check-in card")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(most__gte=1, most__lte=MOST_POINTS), name="check_in_card_most"
            )
        ]

    def __str__(self) -> str:
        return str(self.plan)


class CardPoints(models.Model):
    """The points of a period on a day; ``most`` is the most there were then."""

    card = models.ForeignKey(CheckInCard, on_delete=models.CASCADE, related_name="points")
    day = models.DateField()
    period = models.CharField(max_length=40)
    points = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("points of a period")
        verbose_name_plural = _("points of periods")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["card", "day", "period"], name="card_points_once_a_period"),
            models.CheckConstraint(condition=models.Q(points__lte=models.F("most")), name="card_points_most"),
        ]

    def __str__(self) -> str:
        return f"{self.period}: {self.points}"


class CardDay(models.Model):
    """When a student was checked in and out on a day, and by whom."""

    card = models.ForeignKey(CheckInCard, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    in_at = models.DateTimeField(null=True, blank=True)
    in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    out_at = models.DateTimeField(null=True, blank=True)
    out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("day of a check-in card")
        verbose_name_plural = _("days of check-in cards")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["card", "day"], name="card_day_once")]

    def __str__(self) -> str:
        return str(self.day)
