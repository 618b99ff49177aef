"""A school's rules for cases."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School


class CaseRules(models.Model):
    """A school's own rules; a school without a row has the usual ones (`queries.USUAL`).

    With ``asks_family``, no tier changes without a contact with the family or the reason why there was none. What waits
    at the desk for more than ``unseen_days`` comes first there and is counted.
    """

    is_setting = True

    school = models.OneToOneField(School, on_delete=models.CASCADE, related_name="case_rules")
    asks_family = models.BooleanField(default=False)
    unseen_days = models.PositiveSmallIntegerField(default=14)

    class Meta:
        verbose_name = _("rules for cases")
        verbose_name_plural = _("rules for cases")
        constraints = [
            models.CheckConstraint(
                condition=Q(unseen_days__gte=1, unseen_days__lte=90), name="case_rules_days"
            )
        ]

    def __str__(self) -> str:
        return f"{self.asks_family}, {self.unseen_days}"
