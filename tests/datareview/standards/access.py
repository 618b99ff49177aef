from datareview.assessments.models import EssentialStandard
from datareview.records.models import Standard
from datareview.standards.services.essentials import essential_fingerprint
from datareview.standards.services.standards import standard_fingerprint
from tests.access import READERS, STAFF, STRANGERS, TEAM, Page, Post, by, now, one

OWN = by("ana tom gil sol cora ada gus dan moe zed zoe zac", rest=403)  # each at their own school
EDIT = by("ana tom gil sol cora ada gus dan", blind=STRANGERS, rest=403)
PLAN = by(TEAM, sees="pia ada")


def _standard(side) -> dict:
    return {"code": "4.NF.B.3", "statement": "Add fractions", "seen": standard_fingerprint(side.standard)}


def _essential(side) -> dict:
    return {"code": "4.NF.B.3", "mastery": 70, "seen": essential_fingerprint(side.essential)}


PAGES = [
    Page("standard-list", who=by(STAFF)),
    Page("standard-add", who=OWN),
    Page("standard-edit", one("standard"), EDIT),
    Page("essential-list", one("team"), by(READERS)),
    Page("essential-add", one("team"), PLAN),
    Page("essential-edit", one("essential"), PLAN),
]

POSTS = [
    Post(
        "standard-add",
        who=OWN,
        data=lambda side: {"code": "X.1", "statement": "Count"},
        effect=lambda side: Standard.objects.filter(school=side.own.school, code="X.1").count(),
        becomes=1,
    ),
    Post(
        "standard-edit",
        one("standard"),
        EDIT,
        data=_standard,
        effect=now("standard", "statement"),
        becomes="Add fractions",
    ),
    Post("standard-retire", one("standard"), EDIT, effect=now("standard", "is_retired"), becomes=True),
    Post(
        "essential-add",
        one("team"),
        PLAN,
        given=lambda side: EssentialStandard.objects.filter(team=side.team).delete(),
        data=lambda side: {"code": "4.nf.b.3", "mastery": 80},
        effect=lambda side: EssentialStandard.objects.filter(team=side.team).count(),
        becomes=1,
    ),
    Post(
        "essential-edit",
        one("essential"),
        PLAN,
        data=_essential,
        effect=now("essential", "mastery"),
        becomes=0.7,
    ),
    Post("essential-remove", one("essential"), PLAN, effect=now("essential", "pk"), becomes=None),
]
