"""The chances by which a school's plans are judged."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School


class VerdictCuts(models.Model):
    """A school's own cut points, in percent; a school without a row has the usual ones (`Cuts`).

    Below ``change`` a plan's chance to be on its goal line asks for a change, from there to below ``together`` people
    look together, and from ``higher`` a higher goal is proposed.
    """

    is_setting = True

    school = models.OneToOneField(School, on_delete=models.CASCADE, related_name="verdict_cuts")
    change = models.PositiveSmallIntegerField()
    together = models.PositiveSmallIntegerField()
    higher = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("cut points of verdicts")
        verbose_name_plural = _("cut points of verdicts")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    change__gte=1, change__lt=F("together"), together__lt=F("higher"), higher__lte=99
                ),
                name="verdict_cuts_ordered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.change}, {self.together}, {self.higher}"
