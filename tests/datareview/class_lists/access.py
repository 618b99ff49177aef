from tests.access import Page, Post, by, one
from tests.factories.district import Side


def _started(side: Side) -> list:
    side.class_list.refresh_from_db()
    job = side.class_list.job
    return [job and job.kind]


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
]
