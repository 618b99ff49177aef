"""The page on which a group's session is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from datareview.delivery.forms.sessions import GroupSessionForm, SessionDayForm
from datareview.delivery.http import visible_group
from datareview.delivery.permissions import may_lead
from datareview.delivery.queries.sessions import group_session
from datareview.delivery.services.sessions import log_group_session
from datareview.hand_scores.services import SecondScores
from teams.lib.http import render_form, save_form
from teams.lib.parameters import day_or_none

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.progress.models import Session
    from teams.lib.requests import SchoolRequest


def group_session_log(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Log the session of the day in the query string, today without one; a day that is logged can be corrected."""
    group = visible_group(request, uuid)
    if not may_lead(request.user, group):
        raise PermissionDenied
    session = group_session(group, day_or_none(request.GET.get("on")) or group.school.today())
    form = GroupSessionForm(request.POST or None, session=session)
    context = {"session": session, "day_form": SessionDayForm(session.day, session.today)}

    def work() -> list[Session]:
        try:
            return log_group_session(group, actor=request.user, **form.values())
        except SecondScores as error:
            form.ask(error.values)
            raise

    return save_form(
        request,
        form,
        work,
        page=lambda: render_form(request, "datareview/delivery/session.html", form, context),
        then="datareview:desk-show" if request.POST.get("from") == "desk" else group,
        done=_("The session is logged."),
        newest=lambda: {"seen": group_session(group, session.day).version},
    )
