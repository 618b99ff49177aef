from datareview.sections.models import MissingWork
from tests.access import STAFF, Page, Post, by, now, one

PAGES = [
    Page("class-list", who=by(STAFF)),
    Page("class-show", one("section"), by("ana")),
]

POSTS = [
    Post(
        "class-show",
        one("section"),
        by("ana"),
        data=lambda side: {
            "title": "Reading log",
            "due_on": side.school.today(),
            "students": [side.maya.uuid],
        },
        effect=lambda side: list(
            MissingWork.objects.filter(title="Reading log").values_list("enrollment__student", flat=True)
        ),
        becomes=lambda side: [side.maya.pk],
    ),
    Post(
        "missing-work-set",
        one("missing_work"),
        by("ana"),
        effect=now("missing_work", "handed_in_on"),
        becomes=lambda side: side.school.today(),
    ),
]
