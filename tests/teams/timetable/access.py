from django.core.files.base import ContentFile

from teams.directory.models import Duty
from teams.timetable.models import TimetableFile
from tests.access import OFFICE, STAFF, Page, Post, by, now, one
from tests.factories.district import Side


def _uploaded(side: Side) -> list:
    rows = TimetableFile.objects.filter(school=side.own.school, name="periods.csv")
    return list(rows.values_list("uploaded_by", "state"))


def _duty(side: Side) -> list:
    return list(
        Duty.objects.filter(staff=side.own.staff.tom, period=side.own.period).values_list("kind", "label")
    )


def _applied(side: Side) -> None:
    """Apply the side's file, which changed nothing."""
    TimetableFile.objects.filter(pk=side.timetable_file.pk).update(state="applied", before={"cells": []})


PAGES = [
    Page("timetable-show", who=by(STAFF)),
    Page("timetable-load", who=by(OFFICE, rest=403)),
    Page("timetable-file", one("timetable_file"), by("cora pia ada")),
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
        data=lambda side: {"file": ContentFile(b"staff,day,period\n", "periods.csv")},
        effect=_uploaded,
        becomes=lambda side: [(side.me.pk, "checking")],
    ),
    Post(
        "timetable-apply",
        one("timetable_file"),
        by("cora pia ada"),
        effect=now("timetable_file", "state"),
        becomes="applying",
    ),
    Post(
        "timetable-undo",
        one("timetable_file"),
        by("cora pia ada"),
        given=_applied,
        effect=now("timetable_file", "state"),
        becomes="undoing",
    ),
]
