from datareview.doubles.services.different import mark_different
from datareview.doubles.services.merging import merge_students
from datareview.records.models import DifferentStudents, Student
from tests.access import Page, Post, by, now, one
from tests.conftest import make_student

OWN = by("ada zac", rest=403)  # of the user's own school
EDITORS = by("ada")


def _two(side) -> list:
    return [side.maya.uuid, getattr(side, "double", side.maya).uuid]


def _twin(side) -> None:
    side.double = make_student(side.school, f"0{side.maya.local_id}", "Maya", side.maya.last_name, 4)


def _merged(side) -> None:
    _twin(side)
    side.merge = merge_students(side.maya, side.double, actor=side.ada, chosen={})


def _different(side) -> None:
    _twin(side)
    side.pair = mark_different(side.maya, side.double, actor=side.ada)


def _pairs(side) -> int:
    return DifferentStudents.objects.filter(second=side.double).count()


PAGES = [
    Page("merge-list", who=OWN),
    Page("merge-list", who=OWN, given=_different),
    Page("student-merge", _two, EDITORS, given=_twin),
]

POSTS = [
    Post(
        "student-merge",
        _two,
        EDITORS,
        given=_twin,
        effect=now("double", "local_id"),
        becomes=None,
    ),
    Post(
        "merge-undo",
        one("merge"),
        EDITORS,
        given=_merged,
        effect=lambda side: Student.objects.filter(uuid=side.double.uuid).count(),
        becomes=1,
    ),
    Post("different-mark", _two, EDITORS, given=_twin, effect=_pairs, becomes=1),
    Post("different-undo", one("pair"), EDITORS, given=_different, effect=_pairs, becomes=0),
]
