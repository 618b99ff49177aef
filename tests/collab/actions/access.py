from collab.actions.models import Action
from tests.access import READERS, Page, Post, by, now, one
from tests.factories.district import Side


def _of_dan(side: Side) -> None:
    """The action item is one that Dan took when he was in the team."""
    Action.objects.filter(pk=side.action.pk).update(owner=getattr(side.staff, "dan", side.staff.tom))


def _of_moe(side: Side) -> None:
    """The action item belongs to Moe, who moved to the other school."""
    Action.objects.filter(pk=side.action.pk).update(owner=getattr(side.staff, "moe", side.staff.tom))


PAGES = [Page("action-detail", one("action"), by(READERS))]

DONE = {
    "name": "action-finish",
    "at": lambda side: [side.action.uuid, "done"],
    "effect": now("action", "state"),
    "becomes": "done",
}

POSTS = [
    Post(**DONE, who=by("ana cora", sees="tom pia ada")),
    Post(**DONE, who=by("ana cora dan", sees="tom pia ada"), given=_of_dan),
    Post(**DONE, who=by("ana cora", sees="tom pia ada"), given=_of_moe),
]
