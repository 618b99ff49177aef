"""Record that a teaching change was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from collab.followup.forms import TriedForm
from collab.followup.permissions import own_teaching_changes
from collab.followup.services.causes import record_trial
from teams.lib.http import render_form, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def change_tick(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Record when one's own teaching change was tried and what happened; others get 404."""
    change = get_object_or_404(own_teaching_changes(request.user), uuid=uuid)
    start = {"tried_on": change.tried_on or change.teacher.school.today(), "saw": change.saw}
    form = TriedForm(request.POST or None, initial=start)
    return save_form(
        request,
        form,
        lambda: record_trial(change, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(
            request, "collab/followup/teaching_changes/tick.html", form, {"change": change}
        ),
        then="collab:home-show",
        done=_("Saved. The team sees it with the decision it came from."),
        field="tried_on",
    )
