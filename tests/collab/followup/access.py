from collab.followup.models import Action, Question, TeachingChange
from tests.access import READERS, STAFF, Page, Post, by, now, one
from tests.factories.district import Side


def _of_dan(side: Side) -> None:
    """The action item is one that Dan took when he was in the team."""
    Action.objects.filter(pk=side.action.pk).update(owner=getattr(side.staff, "dan", side.staff.tom))


def _of_moe(side: Side) -> None:
    """The action item and teaching change belong to Moe, who moved to the other school."""
    moved = getattr(side.staff, "moe", side.staff.tom)
    Action.objects.filter(pk=side.action.pk).update(owner=moved)
    TeachingChange.objects.filter(pk=side.change.pk).update(teacher=moved)


def _answer(side: Side) -> list:
    return list(Question.objects.filter(pk=side.question.pk).values_list("answer", "answered_by"))


PAGES = [
    Page("action-detail", one("action"), by(READERS)),
    Page("change-tick", one("change"), by("tom")),
    Page("ledger-show", one("team"), by(READERS)),
    Page("question-list", who=by(STAFF)),
]

DONE = {
    "name": "action-finish",
    "at": lambda side: [side.action.uuid, "done"],
    "effect": now("action", "state"),
    "becomes": "done",
}
TICKED = {
    "name": "change-tick",
    "at": one("change"),
    "data": lambda side: {"tried_on": side.school.today().isoformat(), "saw": "They talk more"},
    "effect": now("change", "tried_on", "saw"),
    "becomes": lambda side: (side.school.today(), "They talk more"),
}

POSTS = [
    Post(**DONE, who=by("ana cora", sees="tom pia ada")),
    Post(**DONE, who=by("ana cora dan", sees="tom pia ada"), given=_of_dan),
    Post(**DONE, who=by("ana cora", sees="tom pia ada"), given=_of_moe),
    Post(**TICKED, who=by("tom")),
    Post(**TICKED, who=by(""), given=_of_moe),
    Post(
        "question-answer",
        one("question"),
        by("pia", blind="zia", rest=403),
        data=lambda side: {"answer": "Yes, on Tuesdays"},
        effect=_answer,
        becomes=lambda side: [("Yes, on Tuesdays", side.me.pk)],
    ),
]
