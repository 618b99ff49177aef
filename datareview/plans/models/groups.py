"""Groups that meet for an intervention, and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from datareview.plans.models.plans import Plan
from datareview.records.models import Measure
from datareview.strategies.models import Strategy
from teams.directory.models import School, Staff
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import OuterRef


class PlanGroup(PublicModel):
    """A group that meets for one strategy: who leads it, when and where. Each member has a plan of their own.

    Members' plans share strategy, measure and schedule. ``weekdays`` is a list (Monday is 0), ``time`` when a session
    begins (None: not set), ``seats`` the most members (None: no limit). ``version`` counts changes of the schedule.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="plan_groups")
    name = models.CharField(max_length=80)
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="groups")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="plan_groups")
    provider = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="groups_led")
    tier = models.PositiveSmallIntegerField(default=2)
    weekdays = models.JSONField(default=list)
    time = models.TimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=20)
    place = models.CharField(max_length=60, blank=True)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_on = models.DateField()
    goal_on = models.DateField()
    review_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("group")
        ordering = ["time", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lt=F("goal_on")), name="plan_group_dates_ordered"),
            models.CheckConstraint(condition=Q(tier__gte=1, tier__lte=3), name="plan_group_tier_1_to_3"),
            models.UniqueConstraint(
                fields=["school", "name"], condition=Q(ended_on=None), name="plan_group_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("datareview:plan-group-detail", self.uuid)

    @property
    def days(self) -> str:
        """The weekdays in words: "Tue, Thu"."""
        return ", ".join(str(WEEKDAYS_ABBR[day]) for day in sorted(self.weekdays))


class MemberQuerySet(models.QuerySet["GroupMember"]):
    """QuerySet methods for members of groups."""

    def on(self, day: dt.date | OuterRef) -> MemberQuerySet:
        """Members on ``day``, or on the day of an outer query."""
        return self.filter(Q(left_on=None) | Q(left_on__gt=day), joined_on__lte=day)

    def leave(self, day: dt.date) -> None:
        """Let those who are in a group leave it on ``day``, so that their seats are free."""
        self.filter(left_on=None).update(left_on=Greatest(F("joined_on"), Value(day)))


class GroupMember(models.Model):
    """A student's time in a group, through their plan; ``left_on`` is the first day without it."""

    group = models.ForeignKey(PlanGroup, on_delete=models.CASCADE, related_name="members")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="memberships")
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of groups")
        ordering = ["joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(left_on=None), name="group_member_once"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="group_member_dates_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.plan.student}"
