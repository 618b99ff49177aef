"""Values that are computed from a student's answers in assessments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.assessments.permissions import assessments_visible_to, classes_open_to
from datareview.imports.models import Import, ImportChange
from datareview.provenance.queries.named import NamedValue, SourcedValue, numbered_day
from datareview.provenance.queries.origins import Origin
from datareview.records.models import Assessment, Enrollment, ItemResponse, Standard
from datareview.records.queries.mastery import checks_of_standards
from datareview.results.queries.students import latest_on_standards
from teams.lib import formats
from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    from datareview.provenance.queries.origins import Origins
    from datareview.records.models import Student
    from teams.directory.models import User


def latest_of_standard(user: User, student: Student, origins: Origins, rest: str) -> NamedValue | None:
    """The latest result on a standard that is named by its number."""
    pk = int_or_none(rest)
    latest = [one for one in latest_on_standards(user, student) if one.standard.pk == pk]
    if not latest:
        return NamedValue(_("Standard"), None, []) if pk else None
    (one,) = latest
    return NamedValue(
        one.name,
        one.assessment.given_on,
        [_of_answers(student, origins, one.standard.pk, one.assessment)],
        _("The points on this standard’s items in the latest assessment that has it: %(assessment)s.")
        % {"assessment": one.assessment},
        url=one.assessment.get_absolute_url() if one.may_open else "",
        url_text=_("Open the assessment"),
    )


def checks_of_day(user: User, student: Student, origins: Origins, rest: str) -> NamedValue | None:
    """The checks of a standard on a day, which are a value of the measure that stands for it."""
    pk, day = numbered_day(rest)
    standard = Standard.objects.filter(pk=pk, school=student.school_id).first()
    if standard is None or day is None:
        return None
    rows = checks_of_standards({student.pk}, (day, day)).filter(item__standard=standard)
    checks = Assessment.objects.in_bulk([row["item__assessment_id"] for row in rows])
    visible = assessments_visible_to(user).filter(pk__in=checks).first()
    return NamedValue(
        str(standard),
        day,
        [_of_answers(student, origins, standard.pk, one) for one in checks.values()],
        _("The percentage of points on this standard’s items: %(assessments)s. It changes with the answers.")
        % {"assessments": ", ".join(str(one) for one in checks.values())},
        url=visible.get_absolute_url() if visible else "",
        url_text=_("Open the assessment"),
    )


def _of_answers(student: Student, origins: Origins, standard_id: int, assessment: Assessment) -> SourcedValue:
    """The points on a standard in one assessment, with who entered the last answer, or the file that brought them."""
    rows = ItemResponse.objects.filter(
        student=student, item__assessment=assessment, item__standard=standard_id, item__is_dropped=False
    )
    files = Import.objects.filter(
        assessment=assessment, changes__table="itemresponse", changes__row_id__in=rows.values("pk")
    )
    file = files.select_related("uploaded_by").order_by("-applied_at").first()
    answers = list(rows.select_related("entered_by", "item").order_by("-entered_at"))
    last = answers[0] if answers else None
    origin = Origin(
        who=last.entered_by.short_name if last and last.entered_by else "",
        at=last.entered_at if last else None,
    )
    if file and file.applied_at and last and last.entered_at <= file.applied_at:
        origin = origins.of_file(file, None)
    text = _("%(got)s of %(possible)s") % {
        "got": formats.number(sum(one.points for one in answers), 1),
        "possible": formats.number(sum(one.item.max_points for one in answers), 1),
    }
    return SourcedValue(text, origin, assessment.given_on)


def check_result_of(user: User, student: Student, origins: Origins, rest: str) -> NamedValue | None:
    """The answers in an assessment that the user may open by student, put together by where they come from."""
    found = assessments_visible_to(user).filter(pk=int_or_none(rest) or 0).first()
    if found is None:
        return None
    open_ = classes_open_to(user, found).values("pk")
    if not Enrollment.objects.filter(student=student, section__in=open_).exists():
        return None
    rows = ItemResponse.objects.filter(student=student, item__assessment=found)
    rows = rows.select_related("item", "entered_by").order_by("item__number")
    changes = ImportChange.objects.filter(table="itemresponse", row_id__in=[row.pk for row in rows])
    files = {
        one.row_id: one
        for one in changes.select_related("of_import__uploaded_by").order_by("of_import__applied_at", "pk")
    }
    told: dict[Origin, list[str]] = {}
    for row in rows:
        change, who = files.get(row.pk), row.entered_by.short_name if row.entered_by else ""
        origin = Origin(who=who, at=row.entered_at.replace(second=0, microsecond=0))
        if change and change.of_import.applied_at and row.entered_at <= change.of_import.applied_at:
            origin = origins.of_file(change.of_import, change.line)
        answer = row.choice or formats.number(row.points, 1)
        told.setdefault(origin, []).append(f"{formats.number(row.item.number)}: {answer}")
    values = [SourcedValue(" · ".join(answers), origin, found.given_on) for origin, answers in told.items()]
    note, url = _("The answers of this assessment, item by item."), found.get_absolute_url()
    return NamedValue(found.title, found.given_on, values, note, url=url, url_text=_("Open the assessment"))
