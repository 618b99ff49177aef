"""Email preferences, and the outbox for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from teams.access.permissions import require_ability
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.requests import school_not_required
from teams.mail.forms import MailForm, OutboxFilter
from teams.mail.queries import mail_of, outbox_of
from teams.mail.services.outbox import choose_mail, send_test_mail, try_again

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest, UserRequest


@school_not_required
def mail_preferences(request: UserRequest) -> HttpResponse:
    """Show or save the user's email preferences."""
    form = MailForm(request.POST or None, instance=request.user)
    return save_form(
        request,
        form,
        lambda: choose_mail(form.instance, **form.cleaned_data),
        page=lambda: render_form(request, "teams/mail/preferences.html", form),
        then="teams:mail-preferences",
        done=_("Saved."),
    )


def mail_list(request: SchoolRequest) -> HttpResponse:
    """Show whether mail works, and the outbox: emails waiting, sent, and rejected with the reason."""
    require_ability(request.user, "see_jobs", request.school)
    page, state = request.GET.get("page", 1), request.GET.get("state", "")
    context = {"box": outbox_of(request.school, page, state), "filters": OutboxFilter(request.GET)}
    return render_page(request, "teams/mail/list.html", context)


@require_POST
def mail_test(request: SchoolRequest) -> HttpResponse:
    """Send a test email to the user."""
    require_ability(request.user, "see_jobs", request.school)
    return run_service(
        request,
        lambda: send_test_mail(actor=request.user, school=request.school),
        back="teams:mail-list",
        done=_("A test email to %(address)s is on its way.") % {"address": request.user.email},
    )


@require_POST
def mail_retry(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Retry an email that could not be sent."""
    require_ability(request.user, "see_jobs", request.school)
    mail = get_object_or_404(mail_of(request.school), uuid=uuid)
    return run_service(
        request,
        lambda: try_again(mail, actor=request.user, school=request.school),
        back="teams:mail-list",
    )
