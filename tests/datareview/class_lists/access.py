from django.core.files.base import ContentFile

from datareview.imports.models import Import
from teams.staff_files.models import StaffFile
from tests.access import Page, Post, by, one
from tests.factories.district import Side


def _started(side: Side) -> list:
    side.class_list.refresh_from_db()
    job = side.class_list.job
    return [job and job.kind]


def _as_staff(side: Side) -> None:
    row = Import.objects.get(pk=side.file.pk)
    row.name, row.state, row.guesses = "crew.csv", "uploaded", {"staff": True}
    row.file.save("crew.csv", ContentFile("email,role\nkim@lincoln.org,teacher\n"))


def _handed(side: Side) -> list:
    return list(StaffFile.objects.filter(school=side.school, name="crew.csv").values_list("state", flat=True))


PAGES = [
    Page("class-list-load", one("class_list"), by("ada")),
    Page("class-list-template", who=by("ada zac", rest=403)),
]

POSTS = [
    Post(
        "class-list-load",
        one("class_list"),
        by("ada"),
        effect=_started,
        becomes=["datareview.load_class_list"],
    ),
    Post(
        "import-staff",
        one("file"),
        by("ada"),
        given=_as_staff,
        effect=_handed,
        becomes=["checking"],
    ),
]
