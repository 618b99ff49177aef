from collab.agendas.models import Exhibit
from collab.agendas.queries.exhibits import encoded
from tests.access import TEAM, Post, by, now, one
from tests.factories.district import Side


def _charts_to_come(side: Side) -> list:
    rows = Exhibit.objects.filter(item__meeting=side.meeting).exclude(item__in=[side.item, side.next_item])
    return [(row.view, row.added_by_id) for row in rows]


PAGES: list = []

POSTS = [
    Post(
        "candidate-propose",
        one("candidate"),
        by("ana tom cora pia", sees="sol ada"),
        data=lambda side: {"team": side.team.uuid},
        effect=now("candidate", "state", "decided_by"),
        becomes=lambda side: ("on_agenda", side.me.pk),
    ),
    Post(
        "plan-propose",
        one("plan"),
        by(f"{TEAM} sol", sees="pia ada"),
        effect=lambda side: list(side.plan.topics.values_list("team", "wanted_by")),
        becomes=lambda side: [(side.team.pk, side.me.pk)],
    ),
    Post(
        "exhibit-propose",
        one("team"),
        by(TEAM, sees="pia ada"),
        data=lambda side: {
            "view": "levels",
            "team": side.team.uuid,
            "measure": side.fluency.uuid,
            "section": side.section.uuid,
        },
        effect=_charts_to_come,
        becomes=lambda side: [("levels", side.me.pk)],
    ),
    Post(
        "students-propose",
        one("team"),
        by(TEAM, sees="pia ada"),
        data=lambda side: {"of": f"team:{side.team.uuid}", "student": [side.maya.uuid]},
        effect=_charts_to_come,
        becomes=lambda side: [("explore", side.me.pk)],
    ),
    Post(
        "chart-propose",
        one("maya"),
        by(TEAM, refused="sol pia ada"),
        data=lambda side: {
            "team": side.team.uuid,
            "chart": encoded("student_measure", student=side.maya.uuid, measure=side.fluency.uuid),
        },
        effect=_charts_to_come,
        becomes=lambda side: [("student_measure", side.me.pk)],
    ),
]
