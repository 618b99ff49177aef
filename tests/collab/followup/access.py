from collab.followup.models import Question, TeachingChange
from tests.access import STAFF, Page, Post, by, now, one
from tests.factories.district import Side


def _of_moe(side: Side) -> None:
    """The teaching change belongs to Moe, who moved to the other school."""
    TeachingChange.objects.filter(pk=side.change.pk).update(
        teacher=getattr(side.staff, "moe", side.staff.tom)
    )


def _answer(side: Side) -> list:
    return list(Question.objects.filter(pk=side.question.pk).values_list("answer", "answered_by"))


PAGES = [
    Page("change-tick", one("change"), by("tom")),
    Page("question-list", who=by(STAFF)),
]

TICKED = {
    "name": "change-tick",
    "at": one("change"),
    "data": lambda side: {"tried_on": side.school.today().isoformat(), "saw": "They talk more"},
    "effect": now("change", "tried_on", "saw"),
    "becomes": lambda side: (side.school.today(), "They talk more"),
}

POSTS = [
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
