"""The list of sections, and of students who are in none; changes of several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from datareview.sections.forms import SectionFilter, SeveralSectionsForm, UnplacedFilter, UnplacedForm
from datareview.sections.http import needs_names
from datareview.sections.permissions import editable_sections, students_overseen_by
from datareview.sections.queries.sections import (
    listed_sections,
    listed_unplaced,
    sections_of,
    staff_to_choose,
    unplaced_students,
)
from datareview.sections.services import enrollments, sections
from datareview.sections.services.sections import Teaching
from teams.access.permissions import can, require_ability
from teams.lib import formats
from teams.lib.http import render_form
from teams.lists.picked import change_picked

if TYPE_CHECKING:
    from collections.abc import Container

    from django.http import HttpResponse, QueryDict

    from datareview.records.models import Section, Student
    from teams.lib.requests import SchoolRequest


def section_list(request: SchoolRequest) -> HttpResponse:
    """List sections of a school year, filtered and sorted by the query string."""
    require_ability(request.user, "see_all_students", request.school)
    return _list_page(request, request.GET)


def _list_page(
    request: SchoolRequest,
    wanted: QueryDict,
    *,
    form: SeveralSectionsForm | None = None,
    picked: Container[str] = (),
) -> HttpResponse:
    found = sections_of(request.user, request.school, wanted.dict())
    may_edit = can(request.user, "edit_students", request.school)
    people = staff_to_choose(request.school) if may_edit else ()
    context = {
        "list": found,
        "filters": SectionFilter(wanted, found),
        "may_edit": may_edit,
        "wanted": wanted,
        "picked": picked,
    }
    form = form or SeveralSectionsForm(people=people, auto_id="several-%s")
    return render_form(request, "datareview/sections/sections.html", form, context)


@require_POST
def sections_change(request: SchoolRequest) -> HttpResponse:
    """Give the selected sections a teacher, or end them on a day."""
    require_ability(request.user, "edit_students", request.school)
    form = SeveralSectionsForm(request.POST, people=staff_to_choose(request.school), auto_id="several-%s")

    def work(rows: list[Section]) -> str:
        if form.cleaned_data["do"] == form.END:
            ends_on = form.cleaned_data["ends_on"]
            sections.end_sections(rows, actor=request.user, ends_on=ends_on)
            words = ngettext("%(n)s section ends on %(day)s.", "%(n)s sections end on %(day)s.", len(rows))
            return words % {"n": formats.number(len(rows)), "day": formats.day(ends_on)}
        staff = form.people[form.cleaned_data["staff"]]
        teaching = [Teaching(section, staff) for section in rows]
        sections.add_teachers(request.school, actor=request.user, rows=teaching)
        words = ngettext("%(who)s teaches %(n)s section.", "%(who)s teaches %(n)s sections.", len(rows))
        return words % {"n": formats.number(len(rows)), "who": staff}

    return change_picked(
        request,
        form,
        work,
        rows=editable_sections(request.user).filter(school=request.school),
        listed=lambda wanted: listed_sections(request.user, request.school, wanted),
        page=lambda wanted, picked: _list_page(request, wanted, form=form, picked=picked),
        back="datareview:section-list",
        done=str,
    )


def unplaced_list(request: SchoolRequest) -> HttpResponse:
    """List students who are in no section, and who sees them."""
    require_ability(request.user, "see_all_students", request.school)
    return _unplaced_page(request, request.GET)


def _unplaced_page(
    request: SchoolRequest,
    wanted: QueryDict,
    *,
    form: UnplacedForm | None = None,
    picked: Container[str] = (),
) -> HttpResponse:
    page, rows = unplaced_students(request.user, request.school, wanted.dict())
    may_edit = can(request.user, "edit_students", request.school)
    context = {
        "page": page,
        "rows": rows,
        "filters": UnplacedFilter(wanted, request.school),
        "may_edit": may_edit,
        "wanted": wanted,
        "picked": picked,
    }
    choices = listed_sections(request.user, request.school, {}) if may_edit and not form else ()
    form = form or UnplacedForm(
        sections=choices, auto_id="several-%s", initial={"starts_on": request.school.today()}
    )
    return render_form(request, "datareview/sections/unplaced.html", form, context)


@require_POST
@needs_names
def unplaced_enroll(request: SchoolRequest) -> HttpResponse:
    """Enroll the selected students, who are in no section, in one."""
    require_ability(request.user, "edit_students", request.school)
    form = UnplacedForm(
        request.POST, sections=listed_sections(request.user, request.school, {}), auto_id="several-%s"
    )

    def work(rows: list[Student]) -> str:
        section, starts_on = form.chosen(), form.cleaned_data["starts_on"]
        enrollments.enroll_in_section(section, actor=request.user, students=rows, starts_on=starts_on)
        words = ngettext(
            "%(n)s student was enrolled in %(section)s.",
            "%(n)s students were enrolled in %(section)s.",
            len(rows),
        )
        return words % {"n": formats.number(len(rows)), "section": section}

    return change_picked(
        request,
        form,
        work,
        rows=students_overseen_by(request.user).filter(school=request.school),
        listed=lambda wanted: listed_unplaced(request.user, request.school, wanted),
        page=lambda wanted, picked: _unplaced_page(request, wanted, form=form, picked=picked),
        back="datareview:unplaced-list",
        done=str,
    )
