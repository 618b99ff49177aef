from datareview.imports.models import Import
from tests.access import Page, Post, by, now, one
from tests.factories.district import Side


def applied(side: Side) -> None:
    Import.objects.filter(pk=side.file.pk).update(state="applied")


PAGES = [Page("import-undo", one("file"), by("ada"), given=applied)]

POSTS = [
    Post(
        "import-undo",
        one("file"),
        by("ada"),
        given=applied,
        effect=now("file", "state"),
        becomes="undoing",
    ),
]
