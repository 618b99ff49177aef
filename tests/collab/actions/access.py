from collab.actions.models import Action
from tests.access import KEY, READERS, STAFF, TEAM, Page, Post, by, now, one
from tests.factories.district import Side


def _of_dan(side: Side) -> None:
    """The action item is one that Dan took when he was in the team."""
    Action.objects.filter(pk=side.action.pk).update(owner=getattr(side.staff, "dan", side.staff.tom))


def _of_moe(side: Side) -> None:
    """The action item belongs to Moe, who moved to the other school."""
    Action.objects.filter(pk=side.action.pk).update(owner=getattr(side.staff, "moe", side.staff.tom))


PAGES = [
    Page("action-list", who=by(STAFF)),
    Page("action-list", who=by(STAFF), query=lambda side: {"whose": side.team.uuid, "state": "all"}),
    Page("action-detail", one("action"), by(READERS)),
    Page("action-edit", one("action"), by("ana cora", sees="tom pia ada")),
    Page("action-create", one("team"), by(TEAM, sees="pia ada")),
    Page(
        "action-create",
        one("team"),
        by(TEAM, sees="pia ada"),
        query=lambda side: {"student": side.maya.uuid},
    ),
    Page("action-create", one("team"), by(TEAM, sees="pia ada"), query=lambda side: {"plan": side.plan.uuid}),
]

DONE = {
    "name": "action-finish",
    "at": lambda side: [side.action.uuid, "done"],
    "effect": now("action", "state"),
    "becomes": "done",
}


def _edited(side: Side) -> dict:
    return {
        "text": "Two passages",
        "owner": side.staff.tom.uuid,
        "due_on": side.school.today().isoformat(),
        "version": 0,
    }


def _added(side: Side) -> dict:
    return {
        "text": "Call home",
        "owner": side.staff.tom.uuid,
        "due_on": side.school.today().isoformat(),
        "client_key": KEY,
    }


def _made(side: Side) -> list:
    return list(Action.objects.filter(team=side.team, item=None).values_list("text", "owner", "made_by"))


POSTS = [
    Post(
        "action-edit",
        one("action"),
        by("ana cora", sees="tom pia ada"),
        data=_edited,
        effect=now("action", "text", "owner"),
        becomes=lambda side: ("Two passages", side.staff.tom.pk),
    ),
    Post(
        "action-create",
        one("team"),
        by(TEAM, sees="pia ada"),
        data=_added,
        effect=_made,
        becomes=lambda side: [("Call home", side.staff.tom.pk, side.me.pk)],
    ),
    Post(
        "action-progress",
        one("action"),
        by("ana cora", sees="tom pia ada"),
        data=lambda side: {"note": "Half of it"},
        effect=now("action", "note"),
        becomes="Half of it",
    ),
    Post(
        "action-carry",
        one("action"),
        by("ana cora", sees="tom pia ada"),
        effect=now("action", "version"),
        becomes=1,
    ),
    Post(**DONE, who=by("ana cora", sees="tom pia ada")),
    Post(**DONE, who=by("ana cora dan", sees="tom pia ada"), given=_of_dan),
    Post(**DONE, who=by("ana cora", sees="tom pia ada"), given=_of_moe),
]
