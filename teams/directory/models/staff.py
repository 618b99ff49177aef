"""Staff of a school with their roles, and their duties in each period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from teams.directory.models.schools import Period, School
from teams.lib import clock
from teams.lib.models import PublicModel
from teams.names.columns import people_order

if TYPE_CHECKING:
    import datetime as dt


class Role(models.TextChoices):
    """A person's role at a school. Only `teams.access.permissions` reads it."""

    TEACHER = "teacher", _("Teacher")
    SPECIALIST = "specialist", _("Specialist")
    COORDINATOR = "coordinator", _("Coordinator")
    PRINCIPAL = "principal", _("Principal")
    ADMINISTRATOR = "administrator", _("Administrator")


# Who holds one of these may also work in another role at the same school, other than one that runs the school.
WITH_SECOND_ROLE = (Role.PRINCIPAL, Role.ADMINISTRATOR)
SECOND_ROLES = tuple(role for role in Role if role != Role.ADMINISTRATOR)


class StaffQuerySet(models.QuerySet["Staff"]):
    """QuerySet methods for staff."""

    def active(self, day: dt.date | None = None) -> StaffQuerySet:
        """Staff employed on ``day`` (default: today in the server's time zone)."""
        day = day or clock.server_day()
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Staff(PublicModel):
    """One user at one school in one role, with first and last day. ``local_id`` is the school's own staff number.

    ``also`` is a second role that adds its abilities, empty for most people (`WITH_SECOND_ROLE`, `SECOND_ROLES`).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_rows")
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="staff")
    role = models.CharField(max_length=16, choices=Role)
    also = models.CharField(max_length=16, choices=Role, blank=True, default="")
    title = models.CharField(_("title"), max_length=80, blank=True)
    local_id = models.CharField(_("staff id"), max_length=40, blank=True)
    starts_on = models.DateField(default=clock.server_day)
    ends_on = models.DateField(null=True, blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        ordering = people_order("user__")
        constraints = [
            models.UniqueConstraint(fields=["user", "school"], name="staff_once_a_school"),
            models.UniqueConstraint(
                fields=["school", "local_id"], condition=~Q(local_id=""), name="staff_local_id_unique"
            ),
            models.CheckConstraint(
                condition=Q(also="")
                | Q(role__in=WITH_SECOND_ROLE, also__in=SECOND_ROLES) & ~Q(also=models.F("role")),
                name="staff_second_role",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def roles(self) -> frozenset[Role]:
        """The roles in which this person works here."""
        return frozenset(Role(role) for role in (self.role, self.also) if role)

    @property
    def roles_in_words(self) -> str:
        """The names of the roles, like "Administrator, Coordinator"."""
        return ", ".join(str(Role(role).label) for role in (self.role, self.also) if role)

    def works_on(self, day: dt.date) -> bool:
        """Whether ``day`` is within the employment: `StaffQuerySet.active` for a row that is loaded."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    """QuerySet methods for substitutions."""

    def active(self, day: dt.date | None = None) -> SubstitutionQuerySet:
        """Substitutions in force on ``day`` (default: today in the server's time zone), of people who both work then."""
        day = day or clock.server_day()
        return self.filter(
            Q(replaced__ends_on=None) | Q(replaced__ends_on__gte=day),
            Q(substitute__ends_on=None) | Q(substitute__ends_on__gte=day),
            starts_on__lte=day,
            ends_on__gte=day,
            replaced__starts_on__lte=day,
            substitute__starts_on__lte=day,
        )


class Substitution(PublicModel):
    """Someone who stands in for a colleague of the school, with first and last day, after which it ends by itself.

    The substitute sees the sections, teams and plans of the person ``replaced`` (`teams.access.scope`), but nothing that is
    addressed to that person by name.
    """

    replaced = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="replacements")
    substitute = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="substitutions")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("substitution")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="substitution_dates_ordered"
            ),
            models.CheckConstraint(condition=~Q(replaced=F("substitute")), name="substitution_of_another"),
        ]

    def __str__(self) -> str:
        return gettext("%(who)s, substitute for %(whom)s") % {"who": self.substitute, "whom": self.replaced}


class Duty(models.Model):
    """A staff member's assignment in a period: teaching, on duty, or free."""

    class Kind(models.TextChoices):
        """The cost of calling this person away: a lesson is lost, cover is needed, or none."""

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
