from collab.polls.models import Poll, PollAnswer
from tests.access import STAFF, Page, Post, by, day, now, one
from tests.factories.district import Side


def _asked(side: Side) -> list:
    rows = Poll.objects.filter(title="When in May?")
    return list(rows.values_list("team", "made_by", "people__staff"))


def _answers(side: Side) -> list:
    rows = PollAnswer.objects.filter(option=side.option)
    return list(rows.values_list("staff__user", "answer"))


def _reminded(side: Side) -> int:
    return side.poll.people.exclude(reminded_at=None).count()


def _of_moe(side: Side) -> None:
    """Created by Moe, who moved to the other school."""
    Poll.objects.filter(pk=side.poll.pk).update(made_by=getattr(side, "moe", side.tom))


PAGES = [
    Page("poll-list", who=by(STAFF)),
    Page("poll-new", who=by("ana tom cora zed zoe", rest=403)),
    Page("poll-detail", one("poll"), by("ana tom cora gil")),
]

POSTS = [
    Post(
        "poll-new",
        who=by("ana tom cora", refused="zed zoe", rest=403),
        data=lambda side: {
            "team": side.team.uuid,
            "title": "When in May?",
            "minutes": 45,
            "closes_on": day(side, 2),
            "people": [side.staff.gil.uuid],
            "time_1": f"{day(side, 10)}T10:10",
            "time_2": f"{day(side, 11)}T10:10",
        },
        effect=_asked,
        becomes=lambda side: [(side.team.pk, side.me.pk, side.staff.gil.pk)],
    ),
    Post(
        "poll-answer",
        one("poll"),
        by("tom gil", sees="ana cora"),
        data=lambda side: {"option": side.option.uuid, "answer": "maybe"},
        effect=_answers,
        becomes=lambda side: [(side.me.pk, "maybe")],
    ),
    Post("poll-remind", one("poll"), by("ana cora", sees="tom gil"), effect=_reminded, becomes=2),
    Post(
        "poll-close",
        one("poll"),
        by("ana cora", sees="tom gil"),
        data=lambda side: {"option": side.option.uuid},
        effect=now("poll", "chosen"),
        becomes=lambda side: side.option.pk,
    ),
    Post(
        "poll-close",
        one("poll"),
        by("ana cora", sees="tom gil"),
        effect=lambda side: now("poll", "closed_at")(side) is None,
        becomes=False,
    ),
    Post(
        "poll-close",
        one("poll"),
        by("ana cora", sees="tom gil"),
        given=_of_moe,
        effect=lambda side: now("poll", "closed_at")(side) is None,
        becomes=False,
    ),
]
