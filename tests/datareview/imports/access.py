from django.core.files.base import ContentFile

from datareview.imports.models import Import
from tests.access import TEAM, Page, Post, by, now, one
from tests.factories.district import Side

ADMIN = by("ada zac", rest=403)


def _state(state: str):
    def given(side: Side) -> None:
        Import.objects.filter(pk=side.file.pk).update(state=state)

    return given


def _uploaded(side: Side) -> list:
    rows = Import.objects.filter(school=side.own.school, name="marks.csv")
    return list(rows.values_list("uploaded_by", "state", "columns"))


PAGES = [
    Page("import-list", who=ADMIN),
    Page("import-template", lambda side: ["scores"], ADMIN),
    Page("import-answers", one("team"), by(TEAM, sees="pia ada")),
    Page("import-detail", one("file"), by("ada")),
    Page("import-problems", one("file"), by("ada")),
]

POSTS = [
    Post(
        "import-list",
        who=ADMIN,
        data=lambda side: {"file": ContentFile("student_id,score\n1001,7\n", "marks.csv")},
        effect=_uploaded,
        becomes=lambda side: [(side.me.pk, "reading", [])],
    ),
    Post(
        "import-answers",
        one("team"),
        by(TEAM, sees="pia ada"),
        data=lambda side: {"file": ContentFile("student_id,1,2,3\n1001,A,B,C\n", "check.csv")},
        effect=lambda side: list(
            Import.objects.filter(name="check.csv").values_list("team", "state", "columns")
        ),
        becomes=lambda side: [(side.team.pk, "reading", [])],
    ),
    Post(
        "import-check",
        one("file"),
        by("ada"),
        data=lambda side: {
            "kind": "scores",
            "column_student": "student_id",
            "column_day": "date",
            "column_value": "score",
            "new_measure": "Spelling",
            "domain": "academic",
        },
        effect=now("file", "state"),
        becomes="checking",
    ),
    Post(
        "import-apply",
        one("file"),
        by("ada"),
        given=_state("checked"),
        effect=now("file", "state"),
        becomes="applying",
    ),
    Post(
        "import-discard",
        one("file"),
        by("ada"),
        given=_state("uploaded"),
        effect=now("file", "name"),
        becomes=None,
    ),
]
