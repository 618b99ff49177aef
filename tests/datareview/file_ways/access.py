from datareview.imports.models import Import
from tests.access import Page, Post, by, now, one
from tests.factories.district import Side


def _as_uploaded(side: Side) -> None:
    Import.objects.filter(pk=side.file.pk).update(state="uploaded")


PAGES = [Page("import-reading", one("file"), by("ada"))]

POSTS = [
    Post(
        "import-reading",
        one("file"),
        by("ada"),
        data=lambda side: {"encoding": "cp1250", "delimiter": ";", "header": "0"},
        given=_as_uploaded,
        effect=now("file", "way"),
        becomes={"encoding": "cp1250", "delimiter": ";", "header": 0},
    ),
]
