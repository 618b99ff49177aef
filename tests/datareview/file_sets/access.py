from datareview.imports.models import Import
from tests.access import Page, Post, by, one
from tests.factories.district import Side


def _as_set(side: Side) -> None:
    Import.objects.filter(pk=side.file_set.pk).update(job=None)


def _started(side: Side) -> list:
    side.file_set.refresh_from_db()
    job = side.file_set.job
    return [job and job.kind]


PAGES = [Page("import-set", one("file_set"), by("ada"))]

POSTS = [
    Post(
        "import-set",
        one("file_set"),
        by("ada"),
        data=lambda side: {"do": "check"},
        given=_as_set,
        effect=_started,
        becomes=["datareview.check_set"],
    ),
]
