from django.core.files.base import ContentFile

from datareview.frameworks.models import FrameworkFile
from datareview.records.models import Standard
from tests.access import Page, Post, by, now, one

OWN = by("ana tom gil sol cora ada gus dan moe zed zoe zac", rest=403)  # each at their own school
FILE = by("ana tom gil sol cora ada gus dan")
CASE = b'{"CFItems": [{"identifier": "a", "humanCodingScheme": "X.1", "fullStatement": "Count."}]}'


def _applied(side):
    FrameworkFile.objects.filter(pk=side.framework.pk).update(state="applied")


def _codes(side):
    return list(
        Standard.objects.filter(school=side.school, framework="State math").values_list("code", flat=True)
    )


PAGES = [
    Page("framework-list", who=OWN),
    Page("framework-detail", one("framework"), FILE),
]

POSTS = [
    Post(
        "framework-list",
        who=OWN,
        data=lambda side: {"file": ContentFile(CASE, "x.json")},
        effect=lambda side: FrameworkFile.objects.filter(school=side.own.school, name="x.json").count(),
        becomes=1,
    ),
    Post(
        "framework-apply",
        one("framework"),
        FILE,
        data=lambda side: {"seen": "1.0"},
        effect=_codes,
        becomes=["4.OA.1"],
    ),
    Post(
        "framework-undo",
        one("framework"),
        FILE,
        given=_applied,
        effect=now("framework", "state"),
        becomes="undone",
    ),
    Post("framework-discard", one("framework"), FILE, effect=now("framework", "name"), becomes=None),
]
