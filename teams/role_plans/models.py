"""Changes of role planned for a later day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from teams.directory.models import Role, Staff
from teams.lib import formats
from teams.lib.models import PublicModel


class RolePlan(PublicModel):
    """The role, and perhaps second role, that a person gets on ``starts_on``; a person has at most one such plan.

    ``problem`` says why the change was not possible on its day; it is tried again until it is, or is canceled.
    """

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="role_plan")
    role = models.CharField(max_length=16, choices=Role)
    also = models.CharField(max_length=16, choices=Role, blank=True, default="")
    starts_on = models.DateField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("planned change of role")
        verbose_name_plural = _("planned changes of role")
        ordering = ["starts_on", "pk"]

    def __str__(self) -> str:
        return gettext("%(roles)s from %(day)s") % {
            "roles": self.roles_in_words,
            "day": formats.day(self.starts_on),
        }

    @property
    def both(self) -> tuple[str, str]:
        """The role and the second one, perhaps empty."""
        return self.role, self.also

    @property
    def roles_in_words(self) -> str:
        """Both roles, for example "Principal, Teacher"."""
        return ", ".join(str(Role(role).label) for role in self.both if role)

    @property
    def state(self) -> str:
        """The role, second role and day, to detect concurrent edits."""
        return f"{self.role} {self.also} {self.starts_on}"
