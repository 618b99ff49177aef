"""Requested PDF files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.jobs.models import Job
from teams.lib.addresses import page_of
from teams.lib.models import PublicModel


class Document(PublicModel):
    """A PDF file for one person, made by a worker from ``html``, which is emptied afterwards, or by a ``maker``.

    ``maker`` is a name in `teams.documents.makers`, and ``options`` (JSON) and ``language`` are what it gets. ``digest``
    identifies what is requested: requesting it again gives the same document, unless a maker has finished it.
    ``hides_names`` means that it shows aliases instead of students' names. ``rights`` are the owner's at the school when
    they requested it, and ``seen`` is what it shows of people (`teams.lib.seen`), for the log. ``address`` requests it
    again, and ``page`` is the path of the page that lists it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="documents")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    html = models.TextField(blank=True)
    maker = models.CharField(max_length=40, blank=True)
    options = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=10, blank=True)
    content = models.BinaryField(null=True, blank=True)
    hides_names = models.BooleanField(default=False)
    rights = models.TextField(blank=True)
    seen = models.JSONField(default=dict)
    address = models.TextField(blank=True)
    page = models.CharField(max_length=200, blank=True)
    is_downloaded = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("document")
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["owner", "digest"], name="document_once_a_person")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return page_of("teams:document-detail", self.uuid)

    @property
    def file_name(self) -> str:
        """The name under which it is downloaded."""
        return f"{self.name}.pdf"
