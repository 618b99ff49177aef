"""The outbox: emails are stored in the transaction they report and sent by a worker after its commit."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School
from teams.lib.models import PublicModel


class MailQuerySet(models.QuerySet["Mail"]):
    """QuerySet methods for emails."""

    def waiting(self) -> MailQuerySet:
        """Emails still to be sent."""
        return self.filter(sent_at=None, given_up_at=None)


class Mail(PublicModel):
    """An email to one person. ``dedupe_key`` prevents duplicates; ``send_after`` observes quiet hours.

    ``address`` replaces the person's own one: a new address to confirm, or the previous one. ``to`` is empty if the address
    has no account. ``school`` is the school that it is about, or None, as for most emails about accounts.
    ``is_secret``: the text has a link that lets its reader in, and is erased once sent or given up.
    ``calendar`` is an iCalendar text with its ``calendar_method`` (REQUEST, CANCEL), empty in other emails.
    ``file`` is an attached document.
    """

    class Kind(models.TextChoices):
        """The occasion of an email."""

        INVITATION = "invitation", _("Invitation")
        AGENDA = "agenda", _("Agenda")
        MINUTES = "minutes", _("Minutes")
        DIGEST = "digest", _("What is due")
        POLL = "poll", _("Poll")
        OBSERVATION = "observation", _("Peer observation")
        SURVEY = "survey", _("Survey")
        FILES = "files", _("Automatic files")
        ACCOUNT = "account", _("Account")

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail", null=True, blank=True
    )
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="mail", null=True, blank=True)
    address = models.EmailField(blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    is_secret = models.BooleanField(default=False)
    calendar = models.TextField(blank=True)
    calendar_method = models.CharField(max_length=8, blank=True)
    file = models.BinaryField(null=True, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    dedupe_key = models.CharField(max_length=120, unique=True)
    send_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("email")
        verbose_name_plural = _("emails")
        ordering = ["send_after", "pk"]
        indexes = [
            models.Index(
                fields=["send_after"], name="mail_waiting", condition=Q(sent_at=None, given_up_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_lost(self) -> bool:
        """Whether it was given up and its text erased, so that it can't be sent again."""
        return self.is_secret and self.given_up_at is not None
