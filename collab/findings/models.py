"""The results of an assessment on an agenda item: what people predict, and what they were when its meeting closed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from collab.agendas.models import AgendaItem
from teams.lib import clock


class ShownResults(models.Model):
    """The results on an item whose topic is an assessment: live until the meeting closes, then frozen.

    With ``predict_first`` they are sent to nobody until everyone present has predicted or they were revealed
    (``lifted_at``). If it is None, the protocol decides: results wait if one of the meeting's steps asks for predictions.
    ``frozen`` holds them as they were (`datareview.shared_results.frames`); None if the assessment no longer existed.
    """

    item = models.OneToOneField(AgendaItem, on_delete=models.CASCADE, related_name="shown_results")
    predict_first = models.BooleanField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    frozen = models.JSONField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("results on an item")
        verbose_name_plural = _("results on items")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.item)


class ResultsPrediction(models.Model):
    """What one person expects of the results on an item, written before they are revealed.

    ``shares`` maps codes of standards to the percent of students who are secure; ``hardest`` are numbers of items.
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="results_predictions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shares = models.JSONField(default=dict, blank=True)
    hardest = models.JSONField(default=list, blank=True)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("prediction of results")
        verbose_name_plural = _("predictions of results")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="results_prediction_once")]

    def __str__(self) -> str:
        return str(self.user)
