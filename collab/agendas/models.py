"""Topics that a team works on, and agenda items, which bring a topic to a meeting."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collab.meetings.models import Meeting
from collab.protocols.models import Capture, ReservedFor, Shows, Speaker, StepKind
from datareview.flags.models import Candidate
from datareview.plans.models import Plan
from datareview.records.models import Assessment
from teams.directory.models import Staff, Team
from teams.lib import clock
from teams.lib.models import PublicModel


class Topic(PublicModel):
    """Something a team works on for as long as needed, across meetings.

    A topic closes once it is marked done, has no open action items and is not standing. What is about one student is
    one topic: ``joined`` are the candidates of other domains that are discussed with its ``candidate``.
    """

    class Kind(models.TextChoices):
        """The origin of a topic, which also decides what is shown with it."""

        STEP = "step", _("Protocol step")
        CANDIDATE = "candidate", _("Student to discuss")
        REVIEW = "review", _("Plan review")
        DATA = "data", _("Data")
        CHECK = "check", _("Decision check")
        ANSWER = "answer", _("Answer to the team’s question")
        NORMS = "norms", _("Review of the team’s norms")
        PARKED = "parked", _("Parked in a meeting")
        OTHER = "other", _("Other")

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="topics")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OTHER)
    is_standing = models.BooleanField(default=False)
    is_closed = models.BooleanField(default=False)
    why = models.CharField(max_length=400, blank=True)
    wanted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    candidate = models.ForeignKey(
        Candidate, on_delete=models.SET_NULL, null=True, blank=True, related_name="topics"
    )
    joined = models.ManyToManyField(Candidate, blank=True, related_name="joined_topics")
    plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="topics")
    decision = models.ForeignKey(
        "collab.Decision", on_delete=models.SET_NULL, null=True, blank=True, related_name="check_topics"
    )
    assessment = models.ForeignKey(
        Assessment, on_delete=models.SET_NULL, null=True, blank=True, related_name="topics"
    )
    question = models.ForeignKey(
        "collab.Question", on_delete=models.SET_NULL, null=True, blank=True, related_name="topics"
    )
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("topic")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "candidate"], condition=Q(is_closed=False), name="topic_one_a_candidate"
            ),
            models.UniqueConstraint(
                fields=["team", "plan", "due_on"], condition=Q(is_closed=False), name="topic_one_a_review"
            ),
            models.UniqueConstraint(
                fields=["team", "decision"], condition=Q(is_closed=False), name="topic_one_a_check"
            ),
            models.UniqueConstraint(
                fields=["team", "assessment"], condition=Q(is_closed=False), name="topic_one_an_assessment"
            ),
            models.UniqueConstraint(
                fields=["team", "question"], condition=Q(is_closed=False), name="topic_one_an_answer"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def candidates(self) -> list[Candidate]:
        """All candidates that it is about; empty if it is not about a candidate."""
        return [self.candidate, *self.joined.all()] if self.candidate else []


class Visibility(models.TextChoices):
    """Who may read an item's content, in the meeting and in every copy of the minutes."""

    STAFF = "staff", _("All school staff")
    TEAM = "team", _("The team and its leaders")
    RESTRICTED = "restricted", _("Named people only")


class AgendaItem(PublicModel):
    """A topic on the agenda of one meeting, or waiting for one (``meeting`` is None).

    While ``writing_since`` is set and ``revealed_at`` is empty, people see only their own contributions.
    ``ask`` is a question for members to answer before the meeting. ``minutes_planned`` are those of the agenda, once
    the meeting has added some to ``minutes``; ``minutes_reserved`` those of a step before items took some of them.
    ``placed_at`` is when it came on the agenda, unless with the protocol, and ``changed_at`` when people last edited it.
    """

    class State(models.TextChoices):
        """Progress of an item in its meeting."""

        WAITING = "waiting", _("Waiting")
        CURRENT = "current", _("Now")
        DONE = "done", _("Done")
        MOVED = "moved", _("Moved on")

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="agenda_items")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, null=True, blank=True, related_name="items"
    )
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    prompt = models.CharField(max_length=400, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    ask = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=8, choices=StepKind, default=StepKind.DISCUSS)
    speaker = models.CharField(max_length=10, choices=Speaker, default=Speaker.ALL)
    capture = models.CharField(max_length=10, choices=Capture, default=Capture.NOTES)
    reserved_for = models.CharField(
        max_length=10, choices=ReservedFor, default=ReservedFor.NOTHING, blank=True
    )
    shows = models.CharField(max_length=8, choices=Shows, default=Shows.NOTHING, blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.TEAM)
    minutes = models.PositiveSmallIntegerField(default=5)
    minutes_planned = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes_reserved = models.PositiveSmallIntegerField(null=True, blank=True)
    owner = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    started_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seconds_used = models.PositiveIntegerField(default=0)
    writing_since = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    placed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("agenda item")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state="current"), name="item_one_current_a_meeting"
            ),
            models.UniqueConstraint(fields=["topic", "meeting"], name="item_one_visit_a_meeting"),
            models.UniqueConstraint(
                fields=["topic"], condition=Q(meeting__isnull=True), name="item_one_waiting_a_topic"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="item_takes_time"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def agenda_meeting(self) -> Meeting:
        """The item's meeting. Raises LookupError if the item is waiting for one."""
        if self.meeting is None:
            raise LookupError(f"Agenda item {self.pk} waits for a meeting.")
        return self.meeting

    @property
    def is_private(self) -> bool:
        """Whether people are writing privately, before contributions are revealed."""
        return self.writing_since is not None and self.revealed_at is None

    @property
    def minutes_used(self) -> int:
        """Minutes used, rounded."""
        return round(self.seconds_used / 60)


class ItemReader(models.Model):
    """A person who may read a restricted item."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="readers")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("reader")
        constraints = [models.UniqueConstraint(fields=["item", "staff"], name="reader_once_an_item")]

    def __str__(self) -> str:
        return str(self.staff)


class Exhibit(PublicModel):
    """A chart on an agenda item: live until the meeting closes, then frozen.

    ``view`` names an exhibit of `datareview.dashboards.queries.exhibits`; ``parameters`` are its arguments.
    ``frozen`` holds the chart as it was when the meeting closed (`charts.spec.Chart.to_json`). With
    ``predict_first`` it is sent to nobody until everyone present has predicted or it was revealed
    (``lifted_at``).
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="exhibits")
    view = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    frozen = models.JSONField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    predict_first = models.BooleanField(_("predict before it is revealed"), default=False)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("exhibit")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.view


class Prediction(models.Model):
    """What one person expects an exhibit to show, written before it is revealed."""

    exhibit = models.ForeignKey(Exhibit, on_delete=models.CASCADE, related_name="predictions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("I expect"), max_length=300)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("prediction")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["exhibit", "user"], name="prediction_once")]

    def __str__(self) -> str:
        return self.text
