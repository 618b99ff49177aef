from datareview.explore.models import SavedView
from tests.access import STAFF, TEAM, Elsewhere, Page, Post, by
from tests.factories.district import Side

PAGES = [
    Page("explore-show", who=by(STAFF)),
    Page("explore-export", who=by("ana tom sol cora pia ada zac zoe zed zia")),
]


def _team_view(side: Side) -> None:
    owner = side.staff.ana.user
    question = {"of": f"team:{side.team.uuid}"}
    side.view = SavedView.objects.create(
        school=side.school, owner=owner, team=side.team, name="Growth", question=question
    )


def _names(side: Side) -> list[str]:
    return sorted(SavedView.objects.filter(school=side.school).values_list("name", flat=True))


POSTS = [
    Post(
        "view-save",
        who=by("ana tom sol cora pia ada"),
        data=lambda side: {"name": "Movement", "of": f"group:{side.plan_group.uuid}", "kind": "movement"},
        effect=_names,
        becomes=["Movement"],
    ),
    Post(
        "view-remove",
        lambda side: [side.view.uuid],
        by(TEAM, sees="pia ada"),
        given=_team_view,
        effect=_names,
        becomes=[],
    ),
]

ELSEWHERE = [
    Elsewhere("picked-group", "It writes nothing: it opens the form of a group for those selected."),
]
