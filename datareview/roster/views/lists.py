"""The list of guardians and the members of a group, with changes of several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from datareview.roster.forms.lists import (
    GuardianFilter,
    MemberFilter,
    SeveralGuardiansForm,
    SeveralMembersForm,
)
from datareview.roster.permissions import editable_group_names, editable_guardians, group_names_seen_by
from datareview.roster.queries.guardians import guardians_page, listed_guardians, rows_of_guardians
from datareview.roster.queries.members import (
    group_members,
    listed_members,
    memberships_in,
    sections_of_students,
)
from datareview.roster.services import families, groups
from datareview.sections.http import needs_names
from datareview.sections.permissions import students_overseen_by
from teams.access.permissions import can, require_ability
from teams.lib import formats
from teams.lib.csv_export import csv_response
from teams.lib.http import render_form
from teams.lists.picked import change_picked, picked_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Container, Iterable

    from django.db.models import QuerySet
    from django.http import HttpResponse, QueryDict

    from datareview.records.models import GroupName, Guardian, Student
    from teams.lib.requests import SchoolRequest


@needs_names
def guardian_list(request: SchoolRequest) -> HttpResponse:
    """List the guardians of the students whom the reader may see."""
    return _guardians_page(request, request.GET)


def _guardians_page(
    request: SchoolRequest,
    wanted: QueryDict,
    *,
    form: SeveralGuardiansForm | None = None,
    picked: Container[str] = (),
) -> HttpResponse:
    found = guardians_page(request.user, request.school, wanted.dict())
    context = {
        "list": found,
        "filters": GuardianFilter(wanted, found),
        "may_edit": can(request.user, "edit_students", request.school),
        "wanted": wanted,
        "picked": picked,
    }
    form = form or SeveralGuardiansForm(auto_id="several-%s")
    return render_form(request, "datareview/roster/guardians.html", form, context)


@require_POST
@needs_names
def guardians_change(request: SchoolRequest) -> HttpResponse:
    """Give the selected guardians a language, or whether they may be contacted."""
    require_ability(request.user, "edit_students", request.school)
    form = SeveralGuardiansForm(request.POST, auto_id="several-%s")

    def work(rows: list[Guardian]) -> str:
        do = form.cleaned_data["do"]
        changes = (
            {"language": form.cleaned_data["language"]}
            if do == form.LANGUAGE
            else {"may_contact": do == form.MAY}
        )
        changed = families.edit_guardians(rows, actor=request.user, **changes)
        words = ngettext("%(n)s guardian was changed.", "%(n)s guardians were changed.", changed)
        return words % {"n": formats.number(changed)}

    return change_picked(
        request,
        form,
        work,
        rows=editable_guardians(request.user).filter(student__school=request.school),
        listed=lambda wanted: listed_guardians(request.user, request.school, wanted),
        page=lambda wanted, picked: _guardians_page(request, wanted, form=form, picked=picked),
        back="datareview:guardian-list",
        done=str,
    )


@needs_names
def guardian_export(request: SchoolRequest) -> HttpResponse:
    """Download the guardians of the list, of all its pages, as CSV."""
    return _guardians_file(listed_guardians(request.user, request.school, request.GET.dict()))


@require_POST
@needs_names
def guardians_picked(request: SchoolRequest) -> HttpResponse:
    """Download the guardians selected in the list as CSV."""

    def listed(wanted: dict[str, str]) -> QuerySet[Guardian]:
        return listed_guardians(request.user, request.school, wanted)

    return _guardians_file(picked_rows(request, rows=listed({}), listed=listed))


def _guardians_file(guardians: Iterable[Guardian]) -> HttpResponse:
    columns = [
        _("Guardian"),
        _("Relation"),
        _("Number"),
        _("Student"),
        _("Grade"),
        _("Language"),
        _("Phone"),
        _("Email"),
        _("May be contacted"),
    ]
    lines = (
        [
            row.guardian.name,
            row.guardian.relation,
            row.guardian.student.number,
            row.guardian.student.name,
            row.guardian.student.grade,
            row.language,
            row.guardian.phone,
            row.guardian.email,
            _("yes") if row.guardian.may_contact else _("no"),
        ]
        for row in rows_of_guardians(guardians)
    )
    return csv_response("guardians.csv", columns, lines)


@needs_names
def group_detail(request: SchoolRequest, pk: int) -> HttpResponse:
    """List the students in a group, or those who are not."""
    name = get_object_or_404(group_names_seen_by(request.user), pk=pk)
    return _members_page(request, name, request.GET)


def _members_page(
    request: SchoolRequest,
    name: GroupName,
    wanted: QueryDict,
    *,
    form: SeveralMembersForm | None = None,
    picked: Container[str] = (),
) -> HttpResponse:
    page, rows = group_members(request.user, name, wanted.dict())
    sections = sections_of_students(request.user, name.school)
    context = {
        "name": name,
        "page": page,
        "rows": rows,
        "filters": MemberFilter(wanted, name.school, sections),
        "others": wanted.get("show") == "others",
        "may_edit": can(request.user, "edit_students", name.school),
        "wanted": wanted,
        "picked": picked,
    }
    form = form or SeveralMembersForm(auto_id="several-%s", initial={"on": name.school.today()})
    return render_form(request, "datareview/roster/members.html", form, context)


@require_POST
@needs_names
def group_members_change(request: SchoolRequest, pk: int) -> HttpResponse:
    """Add the selected students to a group, end their membership, or remove it."""
    name = get_object_or_404(editable_group_names(request.user), pk=pk)
    form = SeveralMembersForm(request.POST, auto_id="several-%s")

    def work(students: list[Student]) -> str:
        do, on = form.cleaned_data["do"], form.cleaned_data["on"]
        if do == form.ADD:
            new = [groups.Membership(one, name.category, name.group, on) for one in students]
            groups.add_to_groups(name.school, actor=request.user, rows=new)
        elif do == form.END:
            groups.end_groups(memberships_in(name, students), actor=request.user, ends_on=on)
        else:
            groups.remove_from_groups(memberships_in(name, students), actor=request.user)
        return _said(do, on, name, len(students))

    return change_picked(
        request,
        form,
        work,
        rows=students_overseen_by(request.user).filter(school=name.school),
        listed=lambda wanted: listed_members(request.user, name, wanted),
        page=lambda wanted, picked: _members_page(request, name, wanted, form=form, picked=picked),
        back=reverse("datareview:group-detail", args=[name.pk]),
        done=str,
    )


def _said(do: str, on: dt.date | None, name: GroupName, n: int) -> str:
    """A sentence about what was done with ``n`` students."""
    values = {"n": formats.number(n), "group": name.group}
    if do == SeveralMembersForm.ADD:
        words = ngettext(
            "%(n)s student was added to %(group)s.", "%(n)s students were added to %(group)s.", n
        )
        return words % values
    if do == SeveralMembersForm.END and on:
        words = ngettext(
            "%(n)s student is in %(group)s until %(day)s.",
            "%(n)s students are in %(group)s until %(day)s.",
            n,
        )
        return words % {**values, "day": formats.day(on)}
    words = ngettext(
        "%(n)s student was removed from %(group)s.", "%(n)s students were removed from %(group)s.", n
    )
    return words % values
