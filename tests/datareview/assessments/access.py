from datareview.assessments.services.assessments import delete_assessment
from datareview.records.models import Assessment
from tests.access import READERS, STAFF, TEAM, Page, Post, by, day, now, one

EDIT = by(TEAM, sees="pia ada")


def _form(side, title, **more):
    """The form of an assessment with one item."""
    return {
        "title": title,
        "given_on": day(side, 3),
        "mastery": 80,
        "seen": 0,
        "items-TOTAL_FORMS": 1,
        "items-INITIAL_FORMS": 0,
        "items-0-number": 1,
        "items-0-kind": "choice",
        "items-0-key": "B",
        "items-0-points": "1",
        **more,
    }


def _edited(side):
    items = {}
    for place, item in enumerate(side.assessment.items.all()):
        row = {"pk": item.pk, "number": item.number, "kind": "choice", "key": item.key, "points": "1"}
        items |= {f"items-{place}-{name}": value for name, value in row.items()}
    return _form(side, "Unit 3, version B") | items | {"items-TOTAL_FORMS": 4, "items-INITIAL_FORMS": 4}


def _deleted(side):
    delete_assessment(side.assessment, actor=side.ana)


PAGES = [
    Page("assessment-all", who=by(STAFF)),
    Page("assessment-list", one("team"), by(READERS)),
    Page("assessment-new", one("team"), EDIT),
    Page("assessment-edit", one("assessment"), EDIT),
]

POSTS = [
    Post(
        "assessment-new",
        one("team"),
        EDIT,
        data=lambda side: _form(side, "Exit ticket"),
        effect=lambda side: Assessment.objects.filter(team=side.team, title="Exit ticket").count(),
        becomes=1,
    ),
    Post(
        "assessment-edit",
        one("assessment"),
        EDIT,
        data=_edited,
        effect=now("assessment", "title"),
        becomes="Unit 3, version B",
    ),
    Post(
        "assessment-delete",
        one("assessment"),
        EDIT,
        effect=lambda side: Assessment.objects.filter(pk=side.assessment.pk, deleted_at=None).exists(),
        becomes=False,
    ),
    Post(
        "assessment-restore",
        one("assessment"),
        by(TEAM),
        given=_deleted,
        effect=now("assessment", "deleted_at"),
        becomes=None,
    ),
]
