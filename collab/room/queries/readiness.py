"""Whether participants are ready to move on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.agendas.queries.predictions import awaited, is_hidden, people_here
from collab.discussion.models import Contribution
from collab.findings.queries.predictions import are_waiting, silent_on, state_of
from collab.findings.queries.results import assessment_of
from collab.followup.queries.causes import missing_for_data_item
from collab.protocols.models import Shows

if TYPE_CHECKING:
    from collab.agendas.models import AgendaItem
    from collab.meetings.models import Meeting


def blocker_of(item: AgendaItem, meeting: Meeting) -> str:
    """Why ``item`` is not finished, as a sentence; empty if the meeting can move on."""
    return (
        _predicting(item, meeting)
        or _predicting_results(item, meeting)
        or _writing(item, meeting)
        or missing_for_data_item(item)
    )


def _predicting(item: AgendaItem, meeting: Meeting) -> str:
    waiting: set[int] = set()
    for exhibit in item.exhibits.filter(predict_first=True, lifted_at=None):
        if is_hidden(exhibit, meeting):
            waiting |= awaited(exhibit, meeting)
    if not waiting:
        return ""
    return ngettext(
        "%(n)s person hasn’t predicted yet, so the chart isn’t revealed.",
        "%(n)s people haven’t predicted yet, so the chart isn’t revealed.",
        len(waiting),
    ) % {"n": len(waiting)}


def _predicting_results(item: AgendaItem, meeting: Meeting) -> str:
    """Who has not predicted the results on ``item``, or those on the agenda if it is the step that asks to."""
    about = meeting.items.filter(topic__assessment__deleted_at=None, topic__assessment__isnull=False)
    if item.shows != Shows.PREDICTIONS:
        about = about.filter(pk=item.pk)
    silent: set[int] = set()
    for one in about.select_related("topic__assessment"):
        assessment = assessment_of(one)
        if assessment and are_waiting(state_of(one), assessment, meeting):
            silent |= silent_on(one, meeting)
    if not silent:
        return ""
    return ngettext(
        "%(n)s person hasn’t predicted yet, so the results aren’t revealed.",
        "%(n)s people haven’t predicted yet, so the results aren’t revealed.",
        len(silent),
    ) % {"n": len(silent)}


def _writing(item: AgendaItem, meeting: Meeting) -> str:
    if not item.is_private:
        return ""
    here = people_here(item, meeting)
    wrote = Contribution.objects.filter(item=item, deleted_at=None, created_at__gte=item.writing_since)
    silent = here - set(wrote.values_list("author_id", flat=True))
    if not silent:
        return ""
    return _("%(n)s of %(all)s haven’t written anything yet.") % {"n": len(silent), "all": len(here)}
