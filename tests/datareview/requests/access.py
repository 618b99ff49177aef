from datareview.requests.models import AssistanceRequest
from datareview.requests.services import request_assistance
from tests.access import STAFF, Page, Post, by, one

SEES_MAYA = "ana tom sol cora pia ada"


def _asked(side) -> None:
    request_assistance(side.maya, actor=side.ana, domain="behavior", worry="Cries at noon")


PAGES = [
    Page("assistance-list", who=by(STAFF)),
    Page("assistance-ask", one("maya"), by(SEES_MAYA)),
]

POSTS = [
    Post(
        "assistance-ask",
        one("maya"),
        by(SEES_MAYA),
        data=lambda side: {"asker": "family", "domain": "behavior", "worry": "Does not sleep"},
        effect=lambda side: list(
            AssistanceRequest.objects.filter(student=side.maya, asker="family").values_list(
                "asked_by", "worry"
            )
        ),
        becomes=lambda side: [(side.me.pk, "Does not sleep")],
    ),
    Post(
        "assistance-withdraw",
        lambda side: [
            AssistanceRequest.objects.filter(student=side.maya).values_list("uuid", flat=True).first()
        ],
        by("ana cora pia"),
        given=_asked,
        effect=lambda side: list(
            AssistanceRequest.objects.filter(student=side.maya).values_list("withdrawn_on", flat=True)
        ),
        becomes=lambda side: [side.school.today()],
    ),
]
