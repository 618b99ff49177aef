"""Contributions to an item, their groups, and who agrees with or votes for them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collab.agendas.models import AgendaItem
from teams.lib import clock
from teams.lib.models import PublicModel

_VOTES_EACH = 3  # module level, so that `Vote.Meta` can use it


class Cluster(PublicModel):
    """Similar contributions, grouped under a title."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="clusters")
    title = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("group of contributions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class Contribution(PublicModel):
    """A notice, wonder, note, idea or question. ``client_key`` makes a double click create one row.

    Earlier wordings are kept (`ContributionVersion`), and a row is never deleted: ``deleted_at`` hides it.
    ``is_before`` marks an answer given before the meeting.
    """

    class Kind(models.TextChoices):
        """Kinds of contributions."""

        NOTICE = "notice", _("Notice")
        WONDER = "wonder", _("Wonder")
        NOTE = "note", _("Note")
        IDEA = "idea", _("Idea")
        QUESTION = "question", _("Question")

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="contributions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.NOTICE)
    text = models.TextField(_("text"), max_length=2000)
    is_before = models.BooleanField(default=False)
    cluster = models.ForeignKey(
        Cluster, on_delete=models.SET_NULL, null=True, blank=True, related_name="contributions"
    )
    version = models.PositiveIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True, blank=True)
    client_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("contribution")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class ContributionVersion(models.Model):
    """An earlier wording of a contribution. Append-only."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    text = models.TextField()
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("earlier wording")
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["contribution", "version"], name="wording_version")]

    def __str__(self) -> str:
        return self.text


class Agreement(models.Model):
    """One person agrees with one contribution. One row each, so that concurrent ones are not lost."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="agreements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("agreement")
        constraints = [models.UniqueConstraint(fields=["contribution", "user"], name="agreement_once")]

    def __str__(self) -> str:
        return str(self.user)


class Vote(models.Model):
    """One of a person's votes on an item, for a contribution or a group.

    A vote for a contribution goes with it into a group (``origin``), and out again.
    ``slot`` counts from 1 and is unique per person and item, so the database refuses a vote too many.
    """

    EACH = _VOTES_EACH  # votes per person on one item

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    slot = models.PositiveSmallIntegerField()
    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, null=True, blank=True, related_name="votes"
    )
    cluster = models.ForeignKey(
        Cluster, on_delete=models.CASCADE, null=True, blank=True, related_name="votes"
    )
    origin = models.ForeignKey(
        Contribution, on_delete=models.SET_NULL, null=True, blank=True, related_name="grouped_votes"
    )

    class Meta:
        verbose_name = _("vote")
        constraints = [
            models.UniqueConstraint(fields=["item", "user", "slot"], name="vote_three_an_item"),
            models.UniqueConstraint(fields=["user", "contribution"], name="vote_once_a_contribution"),
            models.UniqueConstraint(fields=["user", "cluster"], name="vote_once_a_cluster"),
            models.CheckConstraint(condition=Q(slot__range=(1, _VOTES_EACH)), name="vote_slots"),
            models.CheckConstraint(
                condition=Q(contribution=None, cluster__isnull=False)
                | Q(contribution__isnull=False, cluster=None),
                name="vote_for_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)
