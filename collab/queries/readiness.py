"""Whether those in the room are ready to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.models.contributions import Contribution
from collab.queries.causes import missing_of
from collab.queries.predictions import awaited, is_hidden, people_here

if TYPE_CHECKING:
    from collab.models.agendas import AgendaItem
    from collab.models.meetings import Meeting


def unready(item: AgendaItem, meeting: Meeting) -> str:
    """What those present are still at on ``item``, as a sentence; empty where the meeting can go on."""
    return _predicting(item, meeting) or _writing(item, meeting) or missing_of(item)


def _predicting(item: AgendaItem, meeting: Meeting) -> str:
    waiting: set[int] = set()
    for exhibit in item.exhibits.filter(predict_first=True, lifted_at=None):
        if is_hidden(exhibit, meeting):
            waiting |= awaited(exhibit, meeting)
    if not waiting:
        return ""
    return ngettext(
        "%(n)s person has not predicted yet, so nobody has seen the chart.",
        "%(n)s people have not predicted yet, so nobody has seen the chart.",
        len(waiting),
    ) % {"n": len(waiting)}


def _writing(item: AgendaItem, meeting: Meeting) -> str:
    if not item.is_private:
        return ""
    here = people_here(item, meeting)
    wrote = Contribution.objects.filter(item=item, deleted_at=None, created_at__gte=item.writing_since)
    silent = here - set(wrote.values_list("author_id", flat=True))
    if not silent:
        return ""
    return _("%(n)s of %(all)s have written nothing yet.") % {"n": len(silent), "all": len(here)}
