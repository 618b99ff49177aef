"""Common assessments with items, sittings and answers."""

from types import SimpleNamespace

from datareview.records.models import Assessment, AssessmentItem, ItemResponse, Sitting, Standard, Student
from teams.directory.models import Role, TeamMember
from tests import conftest


def make_standard(school, code="4.NF.B.3", statement="Add and subtract fractions."):
    return Standard.objects.create(school=school, framework="Common Core", code=code, statement=statement)


def make_assessment(team, keys="CABD", *, title="Unit 3 check", given_on=None, sections=(), standard=None):
    """An assessment of ``team``, given today, with a choice item for each letter of ``keys``."""
    assessment = Assessment.objects.create(
        team=team, title=title, given_on=given_on or team.school.today(), made_by=None
    )
    assessment.sections.set(sections)
    AssessmentItem.objects.bulk_create(
        AssessmentItem(assessment=assessment, number=number, key=key, standard=standard)
        for number, key in enumerate(keys, start=1)
    )
    return assessment


def answer(assessment, student, choices, *, section=None):
    """``student`` sat it and chose these letters, one per item: " " is a blank, "." has not been entered."""
    Sitting.objects.create(assessment=assessment, student=student, section=section)
    ItemResponse.objects.bulk_create(
        ItemResponse(item=item, student=student, choice=choice.strip(), points=float(choice == item.key))
        for item, choice in zip(assessment.items.order_by("number"), choices, strict=True)
        if choice != "."
    )


def absent(assessment, student, *, section=None):
    """``student`` did not sit it."""
    Sitting.objects.create(assessment=assessment, student=student, section=section, is_absent=True)


def make_entered_check(cast, *, size=6, entered=4):
    """A check of two standards, four items each, in four classes: of Ana, Tom, Uma and Vic; the first ``entered`` are in.

    Of each class half have everything right; the others miss the standard on adding.
    """
    uma, vic = (conftest.make_staff(name, "Lee", cast.school, Role.TEACHER) for name in ("Uma", "Vic"))
    for staff in (uma, vic):
        TeamMember.objects.create(staff=staff, team=cast.team, starts_on=conftest.START)
    standards = [
        make_standard(cast.school, "4.NF.A.2", "Compare fractions."),
        make_standard(cast.school, "4.NF.B.3", "Add and subtract fractions."),
    ]
    sections = []
    for name, teacher in zip("CDEF", [cast.staff.ana, cast.staff.tom, uma, vic], strict=True):
        students = Student.objects.bulk_create(
            conftest.student_of(cast.school, f"{name}{one}", f"Kid{one}", f"Of{name}", 4)
            for one in range(size)
        )
        sections.append(conftest.make_section(teacher, f"4{name}", students))
    check = make_assessment(cast.team, "ABCDABCD", sections=sections)
    check.items.filter(number__lte=4).update(standard=standards[0])
    check.items.filter(number__gt=4).update(standard=standards[1])
    for section in sections[:entered]:
        enter_class(check, section)
    return SimpleNamespace(check=check, sections=sections, standards=standards, uma=uma.user, vic=vic.user)


def enter_class(check, section):
    """Every other student of ``section`` has all of `make_entered_check` right, the others miss the second standard."""
    items = list(check.items.order_by("number"))
    ids = section.enrollments.order_by("pk").values_list("student_id", flat=True)
    answers = {pk: "ABCDABCD" if number % 2 else "ABCDDDDD" for number, pk in enumerate(ids)}
    Sitting.objects.bulk_create(Sitting(assessment=check, student_id=pk, section=section) for pk in answers)
    ItemResponse.objects.bulk_create(
        ItemResponse(item=item, student_id=pk, choice=choice, points=float(choice == item.key))
        for pk, choices in answers.items()
        for item, choice in zip(items, choices, strict=True)
    )
