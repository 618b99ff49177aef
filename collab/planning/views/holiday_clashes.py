"""Cancel series meetings that fall on a holiday."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from collab.meetings.permissions import meetings_visible_to
from collab.planning.services.holiday_clashes import cancel_holiday_clashes
from teams.lib.http import run_service
from teams.lib.parameters import public_id

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


@require_POST
def holiday_clashes_cancel(request: SchoolRequest) -> HttpResponse:
    """Cancel the selected holiday clashes. Meetings changed meanwhile stay, with a warning."""
    ticked = {public_id(text) for text in request.POST.getlist("meeting")}
    rows = meetings_visible_to(request.user).filter(uuid__in=ticked).select_related("team__school")

    def cancel() -> None:
        count = cancel_holiday_clashes(request.school, actor=request.user, meetings=rows)
        message = ngettext("%(n)s meeting was canceled.", "%(n)s meetings were canceled.", count)
        messages.success(request, message % {"n": count})
        if count < len(ticked):
            messages.warning(
                request, _("The others have changed in the meantime, so they were left as they are.")
            )

    return run_service(request, cancel, back="teams:calendar-show")
