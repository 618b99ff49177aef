from django.core.files.base import ContentFile

from teams.staff_files.models import StaffFile
from tests.access import Page, Post, by, now, one
from tests.factories.district import Side


def _uploaded(side: Side) -> list:
    rows = StaffFile.objects.filter(school=side.own.school, name="more.csv")
    return list(rows.values_list("uploaded_by", "state"))


def _applied(side: Side) -> None:
    """Apply the side's file, which changed nobody."""
    before = {"added": [], "changed": [], "joined": []}
    StaffFile.objects.filter(pk=side.staff_file.pk).update(state="applied", before=before)


PAGES = [
    Page("staff-file-load", who=by("ada zac", rest=403)),
    Page("staff-file-template", who=by("ada zac", rest=403)),
    Page("staff-file", one("staff_file"), by("ada")),
]

POSTS = [
    Post(
        "staff-file-load",
        who=by("ada zac", rest=403),
        data=lambda side: {"file": ContentFile(b"name,email\n", "more.csv")},
        effect=_uploaded,
        becomes=lambda side: [(side.me.pk, "checking")],
    ),
    Post(
        "staff-file-apply",
        one("staff_file"),
        by("ada"),
        effect=now("staff_file", "state"),
        becomes="applying",
    ),
    Post(
        "staff-file-undo",
        one("staff_file"),
        by("ada"),
        given=_applied,
        effect=now("staff_file", "state"),
        becomes="undoing",
    ),
]
