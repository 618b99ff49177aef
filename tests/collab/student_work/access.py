from functools import partial

from collab.student_work.models import StudentWork, WorkScore, WorkScoring
from tests.access import READERS, TEAM, Page, Post, by, one
from tests.factories import rooms
from tests.factories.district import Side
from tests.factories.work import make_scoring, picture, uploaded

SAYS = by(f"{TEAM} gus", sees="pia ada")
SEES = by(f"{READERS} gus")  # a picture is sent in parts, so its outcome is the status
RUNS = by(TEAM, sees="pia ada gus")


def scored(side: Side) -> None:
    """The meeting is live, with a piece of work and a rubric."""
    rooms.under_way(side)
    make_scoring(side.item)


def covering(side: Side) -> None:
    """Names on a piece of Ana's are to be covered."""
    StudentWork.objects.filter(pk=side.work.pk).update(state="covering")


def _pieces(side: Side) -> list:
    return list(StudentWork.objects.filter(item=side.item).values_list("title", "state"))


def _page(side: Side) -> list:
    return [side.work.uuid, 1]


At = partial(Post, given=scored)

PAGES = [
    Page("work-list", one("item"), SEES),
    Page("work-detail", one("work"), SEES),
    Page("work-page", _page, {who: 200 if found == "does" else found for who, found in SEES.items()}),
]

POSTS = [
    Post(
        "work-list",
        one("item"),
        SAYS,
        data=lambda side: {"title": "B", "file": uploaded(picture())},
        effect=_pieces,
        becomes=[("A", "shown"), ("B", "converting")],
    ),
    Post(
        "work-cover",
        one("work"),
        by("ana"),
        data=lambda side: {"lacks_names": "on"},
        given=covering,
        effect=_pieces,
        becomes=[("A", "finishing")],
    ),
    At(
        "work-score",
        one("work"),
        SAYS,
        data=lambda side: {"level": 2},
        effect=lambda side: list(WorkScore.objects.filter(work=side.work).values_list("scorer", "level")),
        becomes=lambda side: [(side.me.pk, 2)],
    ),
    At("work-delete", one("work"), RUNS, effect=_pieces, becomes=[]),
    Post(
        "rubric-set",
        one("item"),
        SAYS,
        data=lambda side: {"rubric": "4: all", "highest": 4, "version": 0},
        effect=lambda side: list(WorkScoring.objects.filter(item=side.item).values_list("rubric", flat=True)),
        becomes=["4: all"],
    ),
    At(
        "scores-reveal",
        one("item"),
        RUNS,
        effect=lambda side: WorkScoring.objects.filter(item=side.item, revealed_at=None).exists(),
        becomes=False,
    ),
]
