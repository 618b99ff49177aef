"""Mail: what one wants to get, and the outbox for whoever looks after the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from teams.access.permissions import require
from teams.lib.errors import DomainError
from teams.lib.pages import render_page
from teams.mail.forms import MailForm
from teams.mail.queries import mail_of, outbox_of
from teams.mail.services import choose_mail, try_again

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def mail_preferences(request: SchoolRequest) -> HttpResponse:
    """Which mail I get, and when none."""
    form = MailForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        choose_mail(form.instance, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("teams:mail-preferences")
    status = 422 if form.errors else 200
    return render_page(request, "teams/mail/preferences.html", {"form": form}, status=status)


def mail_list(request: SchoolRequest) -> HttpResponse:
    """The outbox: what waits, what went out, what was refused and why."""
    require(request.user, "see_jobs", request.school)
    context = {"box": outbox_of(request.school, request.GET.get("page", 1))}
    return render_page(request, "teams/mail/list.html", context)


@require_POST
def mail_retry(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Send a letter that was given up once more."""
    require(request.user, "see_jobs", request.school)
    mail = get_object_or_404(mail_of(request.school), uuid=uuid)
    try:
        try_again(mail, actor=request.user, school=request.school)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("teams:mail-list")
