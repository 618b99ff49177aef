"""Students, their guardians and subgroups."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, Count, Q, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School, Staff
from teams.kept.queries import read_seldom
from teams.lib.addresses import page_of
from teams.lib.hidden_names import alias_of, are_hidden
from teams.lib.models import PublicModel
from teams.lib.request_cache import current_cache
from teams.lib.seen import mark_seen
from teams.names.columns import name_key, people_order


class Student(PublicModel):
    """A student at a school. ``local_id`` is the school's own number; ``grade`` 0 is kindergarten.

    ``entered_on`` and ``left_on`` are of the current or last stay; earlier ones are each a `Stay`.
    """

    kept_fields = ("school", "first_name", "last_name", "preferred_name")

    class Status(models.TextChoices):
        """Whether the student is enrolled."""

        ACTIVE = "active", _("Enrolled")
        LEFT = "left", _("Left")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="students")
    local_id = models.CharField(_("student number"), max_length=40)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    preferred_name = models.CharField(max_length=80, blank=True)
    home_language = models.CharField(max_length=8, blank=True)
    grade = models.SmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    entered_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    strengths = models.CharField(max_length=300, blank=True)
    case_lead = models.ForeignKey(
        Staff, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases_led"
    )

    class Meta:
        verbose_name = _("student")
        ordering = [*people_order(), "local_id"]
        indexes = [models.Index(fields=["school", "status", "grade"], name="student_school_grade")]
        constraints = [models.UniqueConstraint(fields=["school", "local_id"], name="student_local_id_unique")]

    def __str__(self) -> str:
        return f"{self.name} ({number})" if (number := self.number_apart) else self.name

    @property
    def name(self) -> str:
        """The name or, while names are hidden, the alias; for tables with the number in a column of its own."""
        mark_seen(self.pk)
        return alias_of(self.pk) or self.full_name

    @property
    def full_name(self) -> str:
        """Preferred or first name and last name even while names are hidden, for stored text. Pages use ``str(student)``."""
        mark_seen(self.pk)
        return f"{self.preferred_name or self.first_name} {self.last_name}".strip() or str(
            _("Student %(id)s") % {"id": self.local_id}
        )

    @property
    def number(self) -> str:
        """The school's number of the student, or the alias while names are hidden."""
        mark_seen(self.pk)
        return alias_of(self.pk) or self.local_id

    @property
    def number_apart(self) -> str:
        """The number if another student of the school has the same name; else, and while names are hidden, ""."""
        may_ask = current_cache() is not None and not are_hidden()  # a job would ask for each name
        return self.local_id if may_ask and self.pk in namesakes(self.school_id) else ""

    @property
    def sort_key(self) -> tuple[str, ...]:
        """Sort key in Python, equal to the order of `datareview.records.queries.order.by_name`."""
        if are_hidden():
            return (str(self.uuid),)
        return name_key(self.last_name), name_key(self.first_name), self.local_id

    def get_absolute_url(self) -> str:
        return page_of("datareview:student-detail", self.uuid)


class Stay(models.Model):
    """An earlier stay of a student who left and returned, with first and last day."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="stays")
    entered_on = models.DateField(null=True, blank=True)
    left_on = models.DateField()

    class Meta:
        verbose_name = _("earlier stay")
        ordering = ["left_on"]

    def __str__(self) -> str:
        return f"{self.entered_on} {self.left_on}"


@read_seldom(Student)
def namesakes(school_id: int) -> frozenset[int]:
    """Ids of the school's students who are called like another, also of those who left; one query, or none."""
    first = Case(When(preferred_name="", then="first_name"), default="preferred_name")
    called = Concat(first, Value(" "), "last_name")
    rows = Student.objects.filter(school_id=school_id).order_by().annotate(called=called).exclude(called=" ")
    shared = rows.values("called").annotate(n=Count("pk")).filter(n__gt=1).values("called")
    return frozenset(rows.filter(called__in=shared).values_list("pk", flat=True))


class Guardian(PublicModel):
    """A student's guardian: contact details and language.

    ``custody_note`` is for those who may see all students of the school; `records.queries.families` leaves it out for
    others.
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="guardians")
    name = models.CharField(max_length=120)
    relation = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=8, default="en")
    may_contact = models.BooleanField(default=True)
    custody_note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("guardian")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Subgroup(models.Model):
    """Membership of a demographic or program group, with dates. Used by equity audits, never by a rule."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="subgroups")
    category = models.CharField(max_length=40)
    group = models.CharField(max_length=60)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("subgroup")
        constraints = [
            models.UniqueConstraint(
                fields=["student", "category"], condition=Q(ends_on__isnull=True), name="subgroup_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.group}"


class GroupName(models.Model):
    """A demographic or program group that a school records, within a category. `Subgroup` has the same words."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="group_names")
    category = models.CharField(max_length=40)
    group = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("group of students")
        verbose_name_plural = _("groups of students")
        ordering = ["category", "group"]
        constraints = [
            models.UniqueConstraint(fields=["school", "category", "group"], name="group_name_once")
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.group}"
