from datareview.runs.models import TrendRun
from tests.access import OFFICE, Page, Post, by, one
from tests.factories.district import Side


def _requested(side: Side) -> list:
    rows = TrendRun.objects.filter(school=side.own.school, trigger="request")
    return list(rows.values_list("requested_by", flat=True))


PAGES = [
    Page("run-list", who=by(OFFICE, rest=403)),
    Page("run-detail", one("run"), by("cora pia ada")),
]

POSTS = [
    Post(
        "run-start",
        who=by(OFFICE, rest=403),
        effect=_requested,
        becomes=lambda side: [side.me.pk],
    ),
]
