"""One section: its page, its teachers and students; and making sections again in another year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from datareview.sections.forms import (
    EndForm,
    EnrollForm,
    KeepForm,
    RollForm,
    SectionForm,
    TeacherForm,
)
from datareview.sections.http import needs_names
from datareview.sections.permissions import (
    editable_enrollments,
    editable_sections,
    editable_teachers,
    sections_overseen_by,
    students_overseen_by,
)
from datareview.sections.queries.enrolling import check_lines
from datareview.sections.queries.sections import section_page, staff_to_choose
from datareview.sections.services import enrollments, sections
from datareview.sections.services.sections import SectionValues, Teaching, section_version
from teams.access.permissions import require_ability
from teams.directory.queries.days import year_on
from teams.lib import formats
from teams.lib.http import render_form, render_page, run_service, save_form

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.records.models import Section
    from teams.lib.requests import SchoolRequest


def section_detail(
    request: SchoolRequest, uuid: UUID, *, teacher_form: TeacherForm | None = None
) -> HttpResponse:
    """Show a section with its teachers and students; ``teacher_form`` has errors."""
    section = get_object_or_404(sections_overseen_by(request.user), uuid=uuid)
    people = staff_to_choose(section.school)
    context = {
        "page": section_page(section),
        "teacher_form": teacher_form or TeacherForm(people=people, auto_id="teacher_%s"),
        "end_form": EndForm(initial={"ends_on": section.ends_on or section.school.today()}, auto_id="end_%s"),
    }
    status = 422 if teacher_form else 200
    return render_page(request, "datareview/sections/section.html", context, status=status)


def section_add(request: SchoolRequest) -> HttpResponse:
    """Make a section in this school year."""
    require_ability(request.user, "edit_students", request.school)
    year = year_on(request.school, request.school.today())
    if year is None:
        return render_page(request, "datareview/sections/no_year.html")
    form = SectionForm(request.POST or None, school=request.school, year=year)
    return save_form(
        request,
        form,
        lambda: sections.add_section(request.school, actor=request.user, year=year, values=form.values()),
        page=lambda: render_form(request, "datareview/sections/section_edit.html", form, {"year": year}),
        then=lambda section: section,
        field="local_id",
    )


def section_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Edit a section. A concurrent edit shows the other version."""
    section = get_object_or_404(editable_sections(request.user), uuid=uuid)
    start = {**SectionValues.of(section).stored(), "seen": section_version(section)}
    start["term"] = str(section.term.uuid) if section.term else ""
    form = SectionForm(request.POST or None, initial=start, school=section.school, year=section.year)

    def newest() -> dict[str, object]:
        return {"seen": section_version(editable_sections(request.user).get(pk=section.pk))}

    context = {"section": section, "year": section.year}
    return save_form(
        request,
        form,
        lambda: sections.edit_section(
            section, actor=request.user, values=form.values(), seen=form.cleaned_data["seen"]
        ),
        page=lambda: render_form(request, "datareview/sections/section_edit.html", form, context),
        then=section,
        field="name",
        newest=newest,
    )


@require_POST
def section_end(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """End a section on a day, change that day, or reopen the section."""
    section = get_object_or_404(editable_sections(request.user), uuid=uuid)
    form = EndForm(request.POST)
    if request.POST.get("reopen"):
        return run_service(
            request,
            lambda: sections.end_section(section, actor=request.user, ends_on=None),
            back=section,
        )
    return run_service(
        request,
        lambda: sections.end_section(section, actor=request.user, **form.cleaned_data),
        back=section,
        form=form,
    )


def section_roll(request: SchoolRequest) -> HttpResponse:
    """Make the sections of one year again in another."""
    require_ability(request.user, "edit_students", request.school)
    years = list(request.school.years.order_by("-starts_on"))
    form = RollForm(request.POST or None, years=years)
    has_next = bool(years) and years[0].starts_on > request.school.today()

    def work() -> int:
        source, target = (form.years[form.cleaned_data[name]] for name in ("source", "target"))
        rows = list(source.sections.order_by("name"))
        keep = form.cleaned_data["with_teachers"]
        return len(sections.roll_sections(rows, actor=request.user, year=target, with_teachers=keep))

    return save_form(
        request,
        form,
        work,
        page=lambda: render_form(request, "datareview/sections/roll.html", form, {"has_next": has_next}),
        then="datareview:section-list",
        done=lambda made: (
            ngettext("%(n)s section was made.", "%(n)s sections were made.", made)
            % {"n": formats.number(made)}
        ),
    )


@require_POST
def teacher_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add a teacher to a section, or change the dates."""
    section = get_object_or_404(editable_sections(request.user), uuid=uuid)
    form = TeacherForm(request.POST, people=staff_to_choose(section.school), auto_id="teacher_%s")

    def work() -> object:
        data = {name: form.cleaned_data[name] for name in ("is_lead", "starts_on", "ends_on")}
        rows = [Teaching(section, form.chosen(), **data)]
        return sections.add_teachers(section.school, actor=request.user, rows=rows)

    return save_form(
        request,
        form,
        work,
        page=lambda: section_detail(request, uuid, teacher_form=form),
        then=section,
        field="staff",
    )


@require_POST
def teacher_end(request: SchoolRequest, pk: int) -> HttpResponse:
    """End a teacher's work with a section, or remove it as a mistake."""
    return _end(request, get_object_or_404(editable_teachers(request.user), pk=pk), sections.end_teaching)


@needs_names
def section_enroll(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Check pasted lines or a grade, one by one; then enroll the students who were found."""
    section = get_object_or_404(editable_sections(request.user), uuid=uuid)
    if request.method == "POST" and "student" in request.POST:
        return _enroll(request, section)
    today = max(section.school.today(), section.year.starts_on)
    form = EnrollForm(request.POST or None, school=section.school, initial={"starts_on": today})
    context: dict[str, object] = {"section": section}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        lines = check_lines(section, data["lines"], data["grade"], data["starts_on"])
        context["lines"] = lines
        chosen = [line.student for line in lines if line.student and not line.problem]
        keep = {"student": [str(one.uuid) for one in chosen], "starts_on": data["starts_on"]}
        context["keep_form"] = KeepForm(students=chosen, initial=keep, auto_id=False)
        context["many"] = len(chosen)
    return render_form(request, "datareview/sections/enroll.html", form, context)


@require_POST
@needs_names
def enrollment_end(request: SchoolRequest, pk: int) -> HttpResponse:
    """End an enrollment, or remove one that was a mistake."""
    row = get_object_or_404(editable_enrollments(request.user), pk=pk)
    return _end(request, row, enrollments.end_enrollment)


def _end(request: SchoolRequest, row: Any, end: Callable[..., object]) -> HttpResponse:
    """End a row of a section on the day of the form, or remove it as a mistake."""
    if request.POST.get("remove"):
        return run_service(request, lambda: end(row, actor=request.user, ends_on=None), back=row.section)
    form = EndForm(request.POST)
    return run_service(
        request, lambda: end(row, actor=request.user, **form.cleaned_data), back=row.section, form=form
    )


def _enroll(request: SchoolRequest, section: Section) -> HttpResponse:
    """Enroll the checked students."""
    form = KeepForm(request.POST, students=students_overseen_by(request.user).filter(school=section.school))
    return run_service(
        request,
        lambda: enrollments.enroll_in_section(
            section, actor=request.user, students=form.chosen(), starts_on=form.cleaned_data["starts_on"]
        ),
        back=reverse("datareview:section-enroll", args=[section.uuid]),
        then=section,
        done=lambda made: _enrolled(section, len(made)),
        form=form,
        typed=False,
        invalid=_("No one was chosen. Check the lines again."),
    )


def _enrolled(section: Section, many: int) -> str:
    return ngettext(
        "%(n)s student was enrolled in %(section)s.", "%(n)s students were enrolled in %(section)s.", many
    ) % {"n": formats.number(many), "section": section}
