"""Adding people: one, or many by pasted lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.views.decorators.http import require_POST

from teams.access.permissions import require_ability
from teams.invitations.services import describe_invited, invite_people
from teams.lib.http import render_page, save_form
from teams.people.forms import NewPersonForm, PasteForm
from teams.people.queries.checks import check_lines
from teams.people.services.adding import add_people, describe_added

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest
    from teams.people.queries.checks import Checked
    from teams.people.rows import NewPerson


def person_add(request: SchoolRequest) -> HttpResponse:
    """Show the forms that add people, or add one."""
    require_ability(request.user, "edit_people", request.school)
    form = NewPersonForm(request.POST or None)
    return save_form(
        request,
        form,
        lambda: _add(request, [form.person()]),
        page=lambda: _page(request, form=form),
        then="teams:person-list",
        done=str,
    )


@require_POST
def people_paste(request: SchoolRequest) -> HttpResponse:
    """Check pasted lines, or add the people of those without problems.

    While lines have problems that the page has not shown, nothing is added. Afterwards those lines are in the box again.
    """
    require_ability(request.user, "edit_people", request.school)
    paste = PasteForm(request.POST)
    if not paste.is_valid():
        return _page(request, paste=paste)
    text = paste.cleaned_data["lines"]
    checked = check_lines(request.school, text)
    is_known = paste.cleaned_data["checked"].split() == text.split()
    if "check" in request.POST or not checked.people or (checked.refused and not is_known):
        return _page(request, paste=_checked_form(text), checked=checked)

    def work() -> str:
        request.session[_left_key(request)] = checked.left
        return _add(request, checked.people)

    return save_form(
        request,
        paste,
        work,
        page=lambda: _page(request, paste=paste, checked=checked),
        then=reverse("teams:person-add") + "#several" if checked.refused else "teams:person-list",
        done=str,
    )


def _add(request: SchoolRequest, people: list[NewPerson]) -> str:
    """Add people; the button "invite" also invites them. Returns sentences about it."""
    staff = add_people(request.school, people, actor=request.user)
    if "invite" not in request.POST:
        return describe_added(staff)
    invited = invite_people(request.school, staff, actor=request.user)
    return f"{describe_added(staff)} {describe_invited(invited)}"


def _left_key(request: SchoolRequest) -> str:
    """The session key of pasted lines that could not be added at this school."""
    return f"people-left-{request.school.pk}"


def _checked_form(text: str) -> PasteForm:
    return PasteForm(initial={"lines": text, "checked": text})


def _page(
    request: SchoolRequest,
    *,
    form: NewPersonForm | None = None,
    paste: PasteForm | None = None,
    checked: Checked | None = None,
) -> HttpResponse:
    """The page with both forms. Lines that were refused before are in the box, with their problems."""
    left = request.session.get(_left_key(request), "") if request.method == "GET" else ""
    if left:
        paste, checked = _checked_form(left), check_lines(request.school, left)
    status = 422 if (form and form.errors) or (paste and paste.errors) else 200
    context = {"form": form or NewPersonForm(), "paste": paste or PasteForm(), "checked": checked}
    return render_page(request, "teams/people/add.html", context, partial="paste", status=status)
