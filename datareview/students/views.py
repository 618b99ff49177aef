"""The student list, the page of a student, and the charts of all their measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from datareview.photos.queries import with_photo_day
from datareview.records.permissions import students_visible_to
from datareview.students.forms import StudentFilter
from datareview.students.queries.conference import conference_sheet
from datareview.students.queries.student_list import students_of, students_to_export
from datareview.students.queries.student_page import measure_views, student_page
from datareview.students.queries.years import years_of_student
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.lib.csv_export import csv_response
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from datareview.records.models import Student
    from teams.directory.models import User
    from teams.lib.requests import SchoolRequest


def student_list(request: SchoolRequest) -> HttpResponse:
    """Show students, filtered and sorted by the query string."""
    students = students_of(request.user, request.school, request.GET.dict())
    context = {"list": students, "filters": StudentFilter(request.GET, students)}
    return render_page(request, "datareview/students/list.html", context, partial="students")


def student_export(request: SchoolRequest) -> HttpResponse:
    """Download the selected students, or all of the list, with their last values, flags and plans as CSV."""
    wanted = request.GET.dict()
    measures, rows = students_to_export(request.user, request.school, wanted, request.GET.getlist("student"))
    columns = [
        _("Number"),
        _("Student"),
        _("Grade"),
        *map(str, measures),
        _("Not handed in"),
        _("Flags"),
        _("Plan"),
    ]
    lines = (
        [
            row.student.number,
            row.student.name,
            row.student.grade,
            *(spark.last for spark in row.sparks),
            row.missing,
            "; ".join(flag.said for flag in row.flags),
            str(row.plan.strategy) if row.plan else "",
        ]
        for row in rows
    )
    return csv_response("students.csv", columns, lines)


def student_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a student. The address of a record that was merged leads to the record that was kept."""
    found = prepared_rows(_student, reader_of(request.user), uuid)
    if not found:
        visible = students_visible_to(request.user).select_related("school")
        kept = visible.filter(merges__gone_uuid=uuid, merges__undone_at=None).distinct()
        student = get_object_or_404(kept)
        messages.info(request, _("This student had two records. This is the one that was kept."))
        return redirect(student)
    context = {"page": student_page(request.user, found[0])}
    return render_page(request, "datareview/students/detail.html", context)


def _student(user: User, uuid: UUID) -> QuerySet[Student]:
    rows = students_visible_to(user).filter(uuid=uuid).select_related("school", "case_lead__user")
    return with_photo_day(rows)


def student_measures(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the charts of all measures of a student."""
    student = get_object_or_404(students_visible_to(request.user).select_related("school"), uuid=uuid)
    context = {"student": student, "charts": measure_views(student)}
    return render_page(request, "datareview/students/measures.html", context)


def student_conference(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the sheet for a conference that the student leads, to print."""
    student = get_object_or_404(students_visible_to(request.user).select_related("school"), uuid=uuid)
    context = {"sheet": conference_sheet(student), "today": student.school.today()}
    return render_page(request, "datareview/students/conference.html", context)


def student_years(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a student's school years."""
    student = get_object_or_404(students_visible_to(request.user).select_related("school"), uuid=uuid)
    context = {"student": student, "years": years_of_student(request.user, student)}
    return render_page(request, "datareview/students/years.html", context)
