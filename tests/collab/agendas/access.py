from collab.agendas.queries.exhibits import encoded
from tests.access import READERS, TEAM, Page, Post, by, now, one
from tests.factories.district import Side

ARRANGES = by(TEAM, sees="pia ada gus")


def _charts(side: Side) -> list:
    return list(side.item.exhibits.values_list("view", flat=True))


PAGES = [Page("exhibit-show", one("item", "exhibit"), by(f"{READERS} gus"))]

POSTS = [
    Post(
        "exhibit-add",
        one("item"),
        ARRANGES,
        data=lambda side: {"chart": encoded("attendance_weeks", team=side.team.uuid)},
        effect=_charts,
        becomes=["student_attendance", "attendance_weeks"],
    ),
    Post(
        "exhibit-predict",
        one("item", "exhibit"),
        ARRANGES,
        data=lambda side: {"wanted": "yes"},
        effect=now("exhibit", "predict_first"),
        becomes=True,
    ),
    Post("exhibit-remove", one("item", "exhibit"), ARRANGES, effect=_charts, becomes=[]),
]
