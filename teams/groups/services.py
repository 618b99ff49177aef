"""Change the norms of a team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import is_member
from teams.audit.services import record_event
from teams.directory.models import Norm, Team
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of

if TYPE_CHECKING:
    import datetime as dt

    from teams.directory.models import User

MOST = 12
LONGEST = 200


@transaction.atomic
def set_norms(
    team: Team,
    *,
    actor: User,
    lines: list[str],
    adopted_on: dt.date | None = None,
    review_on: dt.date | None = None,
    seen: str | None = None,
) -> list[Norm]:
    """Replace the norms of a team by ``lines``, in order, with the dates of their adoption and next review.

    Any member may do so. ``seen`` is the `norms_fingerprint` that the actor started from; a different one raises
    `StaleEdit`. None overwrites whatever is there.
    """
    team = Team.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=team.pk)
    if not is_member(actor, team):
        raise PermissionDenied
    if seen is not None and seen != norms_fingerprint(team):
        now = " / ".join(team.norms.values_list("text", flat=True))
        raise StaleEdit(_("Someone changed the norms while you were writing."), current=now)
    wanted = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if len(wanted) > MOST:
        raise DomainError(_("Keep it to %(most)s norms or fewer.") % {"most": MOST})
    if any(len(line) > LONGEST for line in wanted):
        raise DomainError(_("Keep each norm to %(most)s characters or fewer.") % {"most": LONGEST})
    if adopted_on and review_on and review_on <= adopted_on:
        raise DomainError(_("Choose a review date after the day of adoption."))
    if review_on and not wanted:
        raise DomainError(_("Write down the norms that are to be reviewed."))
    team.norms.all().delete()
    made = Norm.objects.bulk_create(
        Norm(team=team, text=line, position=place) for place, line in enumerate(wanted)
    )
    team.norms_adopted_on, team.norms_review_on = adopted_on, review_on
    team.save(update_fields=["norms_adopted_on", "norms_review_on"])
    dates: dict[str, Any] = {"adopted_on": str(adopted_on or ""), "review_on": str(review_on or "")}
    record_event(actor, "agreed-norms", team, school=team.school, norms=len(made), **dates)
    return made


def norms_fingerprint(team: Team) -> str:
    """A short hash of a team's norms and their dates, to detect concurrent edits."""
    texts = list(team.norms.values_list("text", flat=True))
    return version_of(texts, team.norms_adopted_on, team.norms_review_on)
