"""Sessions, phase changes and reviews of plans."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from datareview.plans.models import Plan
from teams.lib.models import PublicModel


class Session(PublicModel):
    """A session of a plan, held or not. ``client_key`` makes a double click one row.

    ``checklist`` has the steps of the strategy's checklist as they were then, each as [text, whether it was done]; it is
    empty if nobody filled it in.
    """

    class Result(models.TextChoices):
        """Held, or the reason why not."""

        HELD = "held", _("Held")
        ABSENT = "absent", _("Student absent")
        ASSEMBLY = "assembly", _("Assembly or event")
        PROVIDER_OUT = "provider_out", _("Provider out")
        REFUSED = "refused", _("Refused")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="sessions")
    held_on = models.DateField()
    result = models.CharField(max_length=14, choices=Result, default=Result.HELD)
    minutes = models.PositiveSmallIntegerField(default=0)
    fidelity = models.PositiveSmallIntegerField(null=True, blank=True)
    checklist = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=500, blank=True)
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    client_key = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("session")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "client_key"], name="session_once_a_click"),
            models.UniqueConstraint(fields=["plan", "held_on"], name="session_once_a_day"),
            models.CheckConstraint(
                condition=Q(fidelity__isnull=True) | Q(fidelity__gte=1, fidelity__lte=4),
                name="session_fidelity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.result}"

    @property
    def steps_done(self) -> int:
        """The number of steps of the checklist that were done."""
        return sum(is_done for _text, is_done in self.checklist)

    @property
    def steps_left_out(self) -> list[str]:
        """The steps of the checklist that were not done."""
        return [text for text, is_done in self.checklist if not is_done]


class PhaseChange(models.Model):
    """A change of the intervention. Decision rules use only data since the last one.

    ``paused_from`` is the day on which the plan had ended, if the change is that it was reopened. ``weekdays_before``
    are the days of delivery until then, and ``tier_before`` is the tier, if they change.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="phase_changes")
    changed_on = models.DateField()
    what = models.CharField(max_length=200)
    paused_from = models.DateField(null=True, blank=True)
    weekdays_before = models.JSONField(null=True, blank=True)
    tier_before = models.PositiveSmallIntegerField(null=True, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("phase change")
        ordering = ["changed_on"]
        constraints = [models.UniqueConstraint(fields=["plan", "changed_on"], name="phase_change_once_a_day")]

    def __str__(self) -> str:
        return self.what


class ReviewQuerySet(models.QuerySet["Review"]):
    """QuerySet methods for reviews."""

    def standing(self) -> ReviewQuerySet:
        """Reviews that were not undone."""
        return self.filter(undone_at=None)


class Review(PublicModel):
    """A decision about a plan, with the data it was based on. Rows never change, except that a review can be undone.

    A plan that ended can be reopened; its reviews stay. ``changed`` is what the review changed, to undo it: the next
    review date it set ("next", None if the plan ended), the phase line it wrote and its day ("line", "line_on"), the
    words that line had before ("line_before", None if there was none) and who had written them ("line_before_by"), and
    the ids of the memberships of groups that ended ("seats"). It is None for reviews that were not kept with it.
    """

    class Decision(models.TextChoices):
        """The decision."""

        CONTINUE = "continue", _("Continue")
        CHANGE = "change", _("Change the instruction")
        INTENSIFY = "intensify", _("Intensify")
        FADE = "fade", _("Fade")
        END = "end", _("End: goal met")
        END_NOT_MET = "not_met", _("End: goal not met")
        REFER = "refer", _("End: refer to someone else")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reviews")
    due_on = models.DateField()
    decision = models.CharField(max_length=10, choices=Decision)
    reason = models.CharField(max_length=400)
    evidence = models.JSONField(default=dict)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    changed = models.JSONField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "due_on"], condition=Q(undone_at=None), name="review_once_a_date"
            )
        ]

    def __str__(self) -> str:
        return self.decision
