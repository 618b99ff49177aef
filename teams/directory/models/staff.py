"""Membership of a school, with a role; and what a person does in each period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.directory.models.schools import Period, School
from teams.lib import clock
from teams.lib.models import PublicModel

if TYPE_CHECKING:
    import datetime as dt


class Role(models.TextChoices):
    """What a person is at a school. Only `teams.access.permissions` asks for it."""

    TEACHER = "teacher", _("Teacher")
    SPECIALIST = "specialist", _("Specialist")
    COORDINATOR = "coordinator", _("Coordinator")
    PRINCIPAL = "principal", _("Principal")
    ADMINISTRATOR = "administrator", _("Administrator")


class StaffQuerySet(models.QuerySet["Staff"]):
    """Words for staff."""

    def active(self, day: dt.date | None = None) -> StaffQuerySet:
        """Those who work here on ``day`` (today on the server's calendar when not given)."""
        day = day or clock.server_day()
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Staff(PublicModel):
    """One user at one school in one role, from and until."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_rows")
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="staff")
    role = models.CharField(max_length=16, choices=Role)
    title = models.CharField(max_length=80, blank=True)
    starts_on = models.DateField(default=clock.server_day)
    ends_on = models.DateField(null=True, blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        ordering = ["user__last_name", "user__first_name"]
        constraints = [models.UniqueConstraint(fields=["user", "school"], name="staff_once_a_school")]

    def __str__(self) -> str:
        return str(self.user)


class Duty(models.Model):
    """What a staff member does in a period: teaching, a duty, or nothing (free)."""

    class Kind(models.TextChoices):
        """Whether a lesson would be lost or cover be needed when this person is called away."""

        TEACHING = "teaching", _("Teaching")
        DUTY = "duty", _("Duty")
        FREE = "free", _("Free")

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="duties")
    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="duties")
    kind = models.CharField(max_length=10, choices=Kind)
    label = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [models.UniqueConstraint(fields=["staff", "period"], name="duty_once_a_period")]

    def __str__(self) -> str:
        return self.label or self.get_kind_display()
