"""Teams, their members, and the students they are responsible for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.directory.models.schools import School
from teams.directory.models.staff import Staff
from teams.lib import clock
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel
from teams.names.columns import people_order

if TYPE_CHECKING:
    import datetime as dt


class TeamQuerySet(models.QuerySet["Team"]):
    """QuerySet methods for teams."""

    def of_user(self, user_id: int, day: dt.date | None = None) -> TeamQuerySet:
        """Teams of which the user is a member on ``day``."""
        members = TeamMember.objects.active(day).filter(staff__user_id=user_id)
        return self.filter(pk__in=members.values("team_id"))


class Team(PublicModel):
    """A professional learning community, or another team that meets about students.

    ``cohort`` defines which students the team is responsible for: every student of its grades, or those in
    sections of its ``subject`` taught by its members. ``meets_every_days`` and ``usual_protocol`` are what is expected
    of its meetings. ``ends_on`` is its last day, after which it is archived (not ``is_active``).
    """

    is_setting = True

    class Kind(models.TextChoices):
        """The purpose of a team."""

        GRADE = "grade", _("Grade team")
        COURSE = "course", _("Course team")
        VERTICAL = "vertical", _("Vertical team")
        INTERVENTION = "intervention", _("Intervention team")
        LEADERSHIP = "leadership", _("Leadership team")

    class Cohort(models.TextChoices):
        """The rule that selects a team's students."""

        GRADES = "grades", _("All students of its grades")
        SECTIONS = "sections", _("Students in its members' sections")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.GRADE)
    cohort = models.CharField(max_length=10, choices=Cohort, default=Cohort.GRADES)
    subject = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=300, blank=True)
    meets_every_days = models.PositiveSmallIntegerField(default=7)
    usual_protocol = models.ForeignKey(
        "collab.Protocol", on_delete=models.SET_NULL, null=True, blank=True, related_name="usual_for"
    )
    norms_adopted_on = models.DateField(_("norms adopted on"), null=True, blank=True)
    norms_review_on = models.DateField(_("norms reviewed on"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    is_active = models.BooleanField(default=True)
    shares_value = models.BooleanField(_("leaders can see meeting effectiveness"), default=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="team_name_unique")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("collab:team-detail", self.uuid)


class TeamGrade(models.Model):
    """A grade of a team (0 is kindergarten)."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="grades")
    grade = models.SmallIntegerField()

    class Meta:
        ordering = ["grade"]
        constraints = [models.UniqueConstraint(fields=["team", "grade"], name="team_grade_once")]

    def __str__(self) -> str:
        return str(self.grade)


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    """QuerySet methods for memberships."""

    def active(self, day: dt.date | None = None) -> TeamMemberQuerySet:
        """Memberships in force on ``day`` whose staff member works at the school on that day."""
        day = day or clock.server_day()
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            Q(staff__ends_on__isnull=True) | Q(staff__ends_on__gte=day),
            starts_on__lte=day,
            staff__starts_on__lte=day,
        )


class TeamMember(PublicModel):
    """A staff member's membership of a team, with first and last day. A lead plans its meetings."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="memberships")
    is_lead = models.BooleanField(default=False)
    starts_on = models.DateField(default=clock.server_day)
    ends_on = models.DateField(null=True, blank=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("team member")
        ordering = people_order("staff__user__")
        constraints = [models.UniqueConstraint(fields=["team", "staff"], name="member_once_a_team")]

    def __str__(self) -> str:
        return f"{self.staff}, {self.team}"


class Norm(models.Model):
    """One norm that a team agreed on."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="norms")
    text = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("norm")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text
