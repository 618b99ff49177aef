from datareview.records.models import Guardian, Student, Subgroup
from datareview.roster.services.families import guardian_version
from datareview.roster.services.students import student_version
from tests.access import OFFICE, STAFF, Elsewhere, Page, Post, by, day, now, one

OWN = by("ada zac", rest=403)  # of the user's own school
EDITORS = by("ada")
OVERSEERS = by("cora pia ada")
SETTLERS = by("cora ada", sees="pia")


def _left(side) -> None:
    Student.objects.filter(pk=side.maya.pk).update(status="left", left_on=side.school.today())
    side.maya.refresh_from_db()


def _student(side) -> dict:
    return {"local_id": "1001", "first_name": "May Lou", "grade": 5, "seen": student_version(side.maya)}


def _guardian(side) -> dict:
    return {"name": "Rosa Bright", "language": "es", "seen": guardian_version(side.guardian)}


def _groups(side) -> list:
    return list(side.own.school.group_names.values_list("category", "group"))


def _memberships(side) -> list:
    return list(Subgroup.objects.filter(student=side.maya).values_list("group", "ends_on"))


PAGES = [
    Page("student-add", who=OWN),
    Page("student-edit", one("maya"), EDITORS),
    Page("student-edit", one("maya"), EDITORS, given=_left),
    Page("guardian-edit", one("guardian"), EDITORS),
    Page("guardian-list", who=by(STAFF, rest=403)),
    Page("guardian-export", who=by(STAFF, rest=403)),
    Page("group-list", who=by(OFFICE, rest=403)),
    Page("group-detail", lambda side: [side.group_name.pk], OVERSEERS),
    Page("group-edit", lambda side: [side.group_name.pk], EDITORS),
    Page("leaver-list", who=by(OFFICE, rest=403), given=_left),
    Page("student-matters", one("maya"), OVERSEERS, given=_left),
]

ELSEWHERE = [
    Elsewhere("guardians-picked", "It writes nothing: a file of those selected; test_families.py reads it.")
]

POSTS = [
    Post(
        "student-add",
        who=OWN,
        data=lambda side: {"local_id": "0042", "first_name": "Nia", "grade": 4},
        effect=lambda side: Student.objects.filter(school=side.own.school, local_id="0042").count(),
        becomes=1,
    ),
    Post("student-edit", one("maya"), EDITORS, data=_student, effect=now("maya", "grade"), becomes=5),
    Post(
        "student-leave",
        one("maya"),
        EDITORS,
        data=lambda side: {"left_on": day(side, -1)},
        effect=now("maya", "status"),
        becomes="left",
    ),
    Post(
        "student-stay",
        one("maya"),
        EDITORS,
        given=_left,
        effect=now("maya", "status"),
        becomes="active",
    ),
    Post(
        "student-return",
        one("maya"),
        EDITORS,
        given=_left,
        data=lambda side: {"entered_on": day(side, 3)},
        effect=now("maya", "status"),
        becomes="active",
    ),
    Post(
        "plan-settle",
        one("maya", "plan"),
        SETTLERS,
        given=_left,
        data=lambda side: {"end": "yes"},
        effect=now("plan", "state", "outcome"),
        becomes=("ended", "moved"),
    ),
    Post(
        "guardian-add",
        one("maya"),
        EDITORS,
        data=lambda side: {"name": "Ada Bright", "language": "en"},
        effect=lambda side: Guardian.objects.filter(student=side.maya).count(),
        becomes=2,
    ),
    Post(
        "guardian-edit",
        one("guardian"),
        EDITORS,
        data=_guardian,
        effect=now("guardian", "language"),
        becomes="es",
    ),
    Post(
        "guardians-change",
        who=OWN,
        data=lambda side: {"do": "never", "row": side.own.guardian.uuid},
        effect=lambda side: Guardian.objects.get(pk=side.own.guardian.pk).may_contact,
        becomes=False,
    ),
    Post(
        "group-members-change",
        lambda side: [side.group_name.pk],
        EDITORS,
        data=lambda side: {"do": "remove", "row": side.maya.uuid},
        effect=_memberships,
        becomes=[],
    ),
    Post(
        "membership-add",
        one("maya"),
        EDITORS,
        given=lambda side: side.maya.subgroups.all().delete(),
        data=lambda side: {"group": side.group_name.pk},
        effect=_memberships,
        becomes=[("Band", None)],
    ),
    Post(
        "membership-end",
        lambda side: [side.membership.pk],
        EDITORS,
        data=lambda side: {"ends_on": day(side, 0)},
        effect=lambda side: [group for group, ended in _memberships(side) if ended is None],
        becomes=[],
    ),
    Post(
        "group-add",
        who=OWN,
        data=lambda side: {"category": "Program", "group": "Choir"},
        effect=_groups,
        becomes=[("Program", "Band"), ("Program", "Choir")],
    ),
    Post(
        "group-edit",
        lambda side: [side.group_name.pk],
        EDITORS,
        data=lambda side: {"category": "Program", "group": "Choir"},
        effect=_memberships,
        becomes=[("Choir", None)],
    ),
]
