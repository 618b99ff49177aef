"""A contact with a family, or why there was none."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Student
from teams.lib.models import PublicModel


class FamilyStep(PublicModel):
    """What was said to a student's family on a day, or why nothing was; with the plan it was about, if there is one.

    A removed one is shown to its author only, who can restore it.
    """

    class How(models.TextChoices):
        """The way of a contact."""

        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")
        MESSAGE = "message", _("Message")
        LETTER = "letter", _("On paper")
        NONE = "none", _("Not contacted")

    class Occasion(models.TextChoices):
        """What came after it."""

        START = "start", _("Start of the plan")
        INTENSIFY = "intensify", _("Intensified")
        TIER = "tier", _("Change of tier")
        EXIT = "exit", _("End of the plan")
        OTHER = "other", _("In between")

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="family_steps")
    plan = models.ForeignKey(
        "datareview.Plan", on_delete=models.CASCADE, null=True, blank=True, related_name="family_steps"
    )
    occasion = models.CharField(max_length=9, choices=Occasion, default=Occasion.OTHER)
    how = models.CharField(max_length=7, choices=How)
    said = models.CharField(max_length=400)
    made_on = models.DateField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("family step")
        verbose_name_plural = _("family steps")
        ordering = ["-made_on", "-pk"]

    def __str__(self) -> str:
        return self.said
