from teams.directory.models import Duty
from teams.timetable.files import pack, read_timetable
from tests.access import OFFICE, STAFF, Page, Post, by
from tests.factories.district import Side


def _packed(side: Side) -> str:
    return pack(
        read_timetable(f"staff,day,period,kind,label\n{side.own.tom.email},1,1,teaching,4B".encode(), "")
    )


def _duty(side: Side) -> list:
    return list(
        Duty.objects.filter(staff=side.own.staff.tom, period=side.own.period).values_list("kind", "label")
    )


PAGES = [
    Page("timetable-show", who=by(STAFF)),
    Page("timetable-load", who=by(OFFICE, rest=403)),
    Page("timetable-template", who=by(OFFICE, rest=403)),
]

POSTS = [
    Post(
        "duty-set",
        who=by("cora pia ada", blind="zoe zia zac", rest=403),
        data=lambda side: {
            "period": side.period.pk,
            "staff": side.staff.tom.uuid,
            "kind": "duty",
            "label": "Bus",
        },
        effect=_duty,
        becomes=[("duty", "Bus")],
    ),
    Post(
        "timetable-load",
        who=by(OFFICE, rest=403),
        data=lambda side: {"content": _packed(side), "name": "timetable.csv", "apply": "yes"},
        effect=_duty,
        becomes=[("teaching", "4B")],
    ),
]
