"""Add and edit a student; leaving and returning."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.roster.forms.students import (
    GuardianForm,
    JoinGroupForm,
    LeaveForm,
    LeaverFilter,
    ReturnForm,
    SettleForm,
    StudentForm,
)
from datareview.roster.permissions import editable_students
from datareview.roster.queries.students import group_choices, leavers_of, open_matters_of, student_record
from datareview.roster.services import students as roster
from datareview.roster.services.leaving import may_settle, settle_plan
from datareview.roster.services.students import StudentValues, student_version
from datareview.sections.http import needs_names
from datareview.sections.permissions import students_overseen_by
from teams.access.permissions import require_ability
from teams.lib.http import render_form, render_page, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.records.models import Student
    from teams.lib.requests import SchoolRequest


@needs_names
def student_add(request: SchoolRequest) -> HttpResponse:
    """Add a student."""
    require_ability(request.user, "edit_students", request.school)
    form = StudentForm(
        request.POST or None, school=request.school, initial={"entered_on": request.school.today()}
    )
    return save_form(
        request,
        form,
        lambda: roster.add_student(request.school, actor=request.user, values=form.values()),
        page=lambda: render_form(request, "datareview/roster/student_add.html", form),
        then=edit_address,
        done=lambda student: _("%(student)s was added.") % {"student": student},
        field="local_id",
    )


@needs_names
def student_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Edit a student. A concurrent edit shows the other version."""
    student = get_object_or_404(editable_students(request.user), uuid=uuid)
    start = {**asdict(StudentValues.of(student)), "seen": student_version(student)}
    form = StudentForm(
        request.POST or None, initial=start, school=student.school, language=student.home_language
    )

    def newest() -> dict[str, object]:
        student.refresh_from_db()
        return {"seen": student_version(student)}

    return save_form(
        request,
        form,
        lambda: roster.edit_student(
            student, actor=request.user, values=form.values(), seen=form.cleaned_data["seen"]
        ),
        page=lambda: edit_page(request, student, form=form),
        then=lambda _student: edit_address(student),
        done=_("Saved."),
        field="local_id",
        newest=newest,
    )


@require_POST
@needs_names
def student_leave(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Record that a student left, or correct the day."""
    student = get_object_or_404(editable_students(request.user), uuid=uuid)
    form = LeaveForm(request.POST)
    return run_service(
        request,
        lambda: roster.mark_left(student, actor=request.user, **form.cleaned_data),
        back=edit_address(student),
        then=reverse("datareview:student-matters", args=[student.uuid]),
        form=form,
    )


@require_POST
@needs_names
def student_stay(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Undo a wrong record that a student left."""
    student = get_object_or_404(editable_students(request.user), uuid=uuid)
    return run_service(
        request, lambda: roster.undo_leaving(student, actor=request.user), back=edit_address(student)
    )


@require_POST
@needs_names
def student_return(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Record that a student who had left returned."""
    student = get_object_or_404(editable_students(request.user), uuid=uuid)
    form = ReturnForm(request.POST, school=student.school)
    return run_service(
        request,
        lambda: roster.mark_returned(student, actor=request.user, **form.cleaned_data),
        back=edit_address(student),
        form=form,
    )


def leaver_list(request: SchoolRequest) -> HttpResponse:
    """List students who left, with what is still open."""
    require_ability(request.user, "see_all_students", request.school)
    context = {
        "page": leavers_of(request.user, request.school, request.GET.dict()),
        "filters": LeaverFilter(request.GET),
    }
    return render_page(request, "datareview/roster/leavers.html", context)


def student_matters(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show what needs a decision about a student who left."""
    student = get_object_or_404(students_overseen_by(request.user), uuid=uuid)
    context = {
        "student": student,
        "matters": open_matters_of(student),
        "may_settle": may_settle(request.user, student.school),
        "form": SettleForm(auto_id=False),
    }
    return render_page(request, "datareview/roster/matters.html", context)


@require_POST
def plan_settle(request: SchoolRequest, uuid: UUID, plan: UUID) -> HttpResponse:
    """End a plan of a student who left, or keep it until a day."""
    student = get_object_or_404(students_overseen_by(request.user), uuid=uuid)
    row = get_object_or_404(student.plans, uuid=plan)
    back = reverse("datareview:student-matters", args=[student.uuid])
    if request.POST.get("end"):
        return run_service(request, lambda: settle_plan(row, actor=request.user, keep_until=None), back=back)
    form = SettleForm(request.POST)
    return run_service(
        request,
        lambda: settle_plan(row, actor=request.user, keep_until=form.cleaned_data["keep_until"]),
        back=back,
        form=form,
        done=_("The plan is kept and will be reviewed on that day."),
    )


def edit_page(
    request: SchoolRequest,
    student: Student,
    *,
    form: StudentForm | None = None,
    guardian_form: GuardianForm | None = None,
    group_form: JoinGroupForm | None = None,
) -> HttpResponse:
    """The page on which a student is edited; a form that is given has errors or what was typed."""
    start = {**asdict(StudentValues.of(student)), "seen": student_version(student)}
    groups = list(group_choices(student.school))
    today = {"left_on": request.school.today(), "entered_on": request.school.today()}
    context = {
        "student": student,
        "today": request.school.today(),
        "record": student_record(student),
        "guardian_form": guardian_form or GuardianForm(auto_id="guardian_%s"),
        "group_form": group_form or (JoinGroupForm(groups=groups, auto_id="group_%s") if groups else None),
        "leave_form": LeaveForm(initial=today, auto_id="leave_%s"),
        "return_form": ReturnForm(
            initial={**today, "grade": student.grade}, school=student.school, auto_id="return_%s"
        ),
    }
    form = form or StudentForm(initial=start, school=student.school, language=student.home_language)
    refused = any(one is not None and one.errors for one in (form, guardian_form, group_form))
    context["form"] = form
    return render_page(request, "datareview/roster/student.html", context, status=422 if refused else 200)


def edit_address(student: Student) -> str:
    """The address of the page on which ``student`` is edited."""
    return reverse("datareview:student-edit", args=[student.uuid])
