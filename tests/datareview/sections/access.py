from datareview.records.models import Enrollment, Section, SectionTeacher
from datareview.sections.services.sections import section_version
from tests.access import OFFICE, Page, Post, by, day, now, one

OWN = by("ada zac", rest=403)  # of the user's own school
EDITORS = by("ada")
OVERSEERS = by("cora pia ada")


def _section(side) -> dict:
    return {"name": "Reading aloud", "local_id": "R1", "seen": section_version(side.section)}


def _link(side) -> SectionTeacher:
    return SectionTeacher.objects.get(section=side.section)


def _place(side) -> Enrollment:
    return Enrollment.objects.get(section=side.section, student=side.maya)


def _years(side) -> dict:
    next_year = side.own.school.years.get(name="Next")
    return {"source": side.own.school.years.exclude(pk=next_year.pk).get().uuid, "target": next_year.uuid}


def _next_year(side) -> None:
    side.school.years.create(name="Next", starts_on="2040-09-01", ends_on="2041-06-30")


PAGES = [
    Page("section-list", who=by(OFFICE, rest=403)),
    Page("unplaced-list", who=by(OFFICE, rest=403), given=lambda side: Enrollment.objects.all().delete()),
    Page("section-detail", one("section"), OVERSEERS),
    Page("section-add", who=OWN),
    Page("section-edit", one("section"), EDITORS),
    Page("section-roll", who=OWN),
    Page("section-enroll", one("section"), EDITORS),
]

POSTS = [
    Post(
        "unplaced-enroll",
        who=OWN,
        given=lambda side: Enrollment.objects.filter(student__school=side.school).delete(),
        data=lambda side: {
            "section": side.own.section.uuid,
            "row": side.own.maya.uuid,
            "starts_on": day(side, 0),
        },
        effect=lambda side: list(
            Enrollment.objects.filter(section=side.own.section).values_list("student", flat=True)
        ),
        becomes=lambda side: [side.own.maya.pk],
    ),
    Post(
        "sections-change",
        who=OWN,
        data=lambda side: {"do": "end", "row": side.own.section.uuid, "ends_on": day(side, 0)},
        effect=lambda side: Section.objects.get(pk=side.own.section.pk).ends_on,
        becomes=lambda side: side.school.today(),
    ),
    Post(
        "section-add",
        who=OWN,
        data=lambda side: {"name": "Reading aloud"},
        effect=lambda side: Section.objects.filter(school=side.own.school, local_id="Reading aloud").count(),
        becomes=1,
    ),
    Post(
        "section-edit",
        one("section"),
        EDITORS,
        data=_section,
        effect=now("section", "name", "local_id"),
        becomes=("Reading aloud", "R1"),
    ),
    Post(
        "section-end",
        one("section"),
        EDITORS,
        data=lambda side: {"ends_on": day(side, 0)},
        effect=now("section", "ends_on"),
        becomes=lambda side: side.school.today(),
    ),
    Post(
        "section-roll",
        who=OWN,
        given=_next_year,
        data=_years,
        effect=lambda side: Section.objects.filter(year__name="Next", year__school=side.own.school).exists(),
        becomes=True,
    ),
    Post(
        "teacher-add",
        one("section"),
        EDITORS,
        data=lambda side: {"staff": side.staff.gil.uuid, "starts_on": day(side, 0)},
        effect=lambda side: list(side.section.teacher_links.values_list("staff", "is_lead", "starts_on"))[1:],
        becomes=lambda side: [(side.staff.gil.pk, False, side.school.today())],
    ),
    Post(
        "teacher-end",
        lambda side: [_link(side).pk],
        EDITORS,
        data=lambda side: {"ends_on": day(side, 0)},
        effect=lambda side: _link(side).ends_on,
        becomes=lambda side: side.school.today(),
    ),
    Post(
        "section-enroll",
        one("section"),
        EDITORS,
        given=lambda side: side.section.enrollments.all().delete(),
        data=lambda side: {"student": [side.maya.uuid], "starts_on": day(side, 0)},
        effect=lambda side: list(side.section.enrollments.values_list("student", "starts_on")),
        becomes=lambda side: [(side.maya.pk, side.school.today())],
    ),
    Post(
        "enrollment-end",
        lambda side: [_place(side).pk],
        EDITORS,
        data=lambda side: {"ends_on": day(side, 0)},
        effect=lambda side: _place(side).ends_on,
        becomes=lambda side: side.school.today(),
    ),
]
