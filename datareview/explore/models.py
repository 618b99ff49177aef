"""Questions that people keep under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from teams.directory.models import School, Team
from teams.lib.models import PublicModel


class SavedView(PublicModel):
    """A question of Explore under a name, for its ``owner`` or, with a ``team``, for everyone who sees the team's data.

    ``question`` is the query string as a dict (`choices.Question.written`). Without windows it shows the newest ones.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="saved_views")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, null=True, blank=True, related_name="saved_views"
    )
    name = models.CharField(_("name"), max_length=80)
    question = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("saved view")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "owner", "name"], name="saved_view_name_once")
        ]

    def __str__(self) -> str:
        return self.name
