"""Set the chances by which a school's plans are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.verdicts.models import VerdictCuts
from datareview.verdicts.queries.cuts import USUAL, cuts_in_words, cuts_version, percents_of
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from teams.directory.models import User

LEAST_TOGETHER = USUAL["change"]  # below it the words for a chance say "unlikely"


def problem_with_cuts(*, change: int, together: int, higher: int) -> str:
    """Why a school can't have these cut points, in percent; "" if it can."""
    if not 1 <= change < together < higher <= 99:
        return _("The three must rise, between 1 and 99.")
    if together < LEAST_TOGETHER:
        return _("“On track” cannot begin below %(least)s, where the goal is called unlikely.") % {
            "least": formats.percent(LEAST_TOGETHER)
        }
    return ""


@transaction.atomic
def set_verdict_cuts(
    school: School, *, actor: User, seen: str, change: int, together: int, higher: int
) -> bool:
    """Set the school's cut points in percent; plans are judged by them at once. Returns whether they changed.

    Raises StaleEdit if ``seen`` is not the version stored now, DomainError if they do not rise.
    """
    require_ability(actor, "edit_rules", school)
    if problem := problem_with_cuts(change=change, together=together, higher=higher):
        raise DomainError(problem)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    before = percents_of(school)
    if seen != cuts_version(before):
        raise StaleEdit(
            _(
                "Someone changed the cut points while you were working. Theirs: %(theirs)s. Saving replaces theirs."
            )
            % {"theirs": cuts_in_words(before)},
            current=cuts_in_words(before),
        )
    values = {"change": change, "together": together, "higher": higher}
    if values == before:
        return False
    if values == USUAL:
        VerdictCuts.objects.filter(school=school).delete()
    else:
        VerdictCuts.objects.update_or_create(school=school, defaults=values)
    record_event(actor, "verdict-cuts-changed", school, school=school, before=before, after=values)
    return True
