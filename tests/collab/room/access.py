from functools import partial

from collab.actions.models import Action
from collab.agendas.models import AgendaItem, Topic
from collab.discussion.models import Contribution, Vote
from collab.findings.models import ShownResults
from collab.meetings.models import Attendance, Meeting
from teams.lib import clock
from tests.access import KEY, LEADS, TEAM, Elsewhere, Page, Post, Value, by, day, nothing, now, one
from tests.factories import rooms
from tests.factories.district import Side

SAYS = by(f"{TEAM} gus", sees="pia ada")  # participants of the meeting
RUNS = by(TEAM, sees="pia ada gus")  # members only

At = partial(Post, given=rooms.under_way)
Then = partial(Post, given=rooms.talked_over)


def _state(name: str, becomes: str, given: Value = nothing) -> Post:
    """Change the state of the meeting."""
    return Post(name, one("meeting"), RUNS, given=given, effect=now("meeting", "state"), becomes=becomes)


def _rows(name: str, *fields: str):
    """Return a function that reads ``fields`` of rows on the first item with the walk's key."""
    return lambda side: list(getattr(side.item, name).filter(client_key=KEY).values_list(*fields))


def _parked(side: Side) -> list:
    rows = AgendaItem.objects.filter(topic__team=side.team, topic__kind="parked", meeting=None)
    return list(rows.values_list("title", "topic__wanted_by"))


def _votes(side: Side) -> list:
    return list(Vote.objects.filter(item=side.item).values_list("user", "contribution", "cluster"))


def _is_retracted(side: Side) -> bool:
    return now("contribution", "deleted_at")(side) is not None


def _retracted(side: Side) -> None:
    """Ana has retracted her contribution."""
    rooms.under_way(side)
    Contribution.objects.filter(pk=side.contribution.pk).update(deleted_at=clock.now())


def _writing(side: Side) -> None:
    """Private writing has started."""
    rooms.under_way(side)
    AgendaItem.objects.filter(pk=side.item.pk).update(writing_since=clock.now())


def _is_private(side: Side) -> bool:
    return AgendaItem.objects.get(pk=side.item.pk).is_private


def _checking(side: Side) -> None:
    """The current item checks a decision."""
    rooms.talked_over(side)
    Topic.objects.filter(pk=side.item.topic_id).update(kind="check", decision=side.decision)


def _reviewing(side: Side) -> None:
    """The current item is the review of a plan."""
    rooms.under_way(side)
    Topic.objects.filter(pk=side.item.topic_id).update(kind="review", plan=side.plan)


def _review(side: Side) -> dict:
    side.plan.refresh_from_db()
    return {
        "decision": "continue",
        "reason": "It rises",
        "next_review_on": day(side, 28),
        "due_on": side.plan.review_on.isoformat(),
    }


def _gone(name: str):
    return lambda side: type(getattr(side, name)).objects.filter(pk=getattr(side, name).pk).exists()


def _withdraw(what: str, name: str, who: dict) -> Post:
    """Withdraw a note; it is then gone."""
    return Then(
        "word-withdraw",
        lambda side: [side.meeting.uuid, what, getattr(side, name).uuid],
        who,
        effect=_gone(name),
        becomes=False,
    )


PAGES = [
    Page("contribution-menu", one("meeting", "contribution"), SAYS),
    Page("contribution-edit", one("meeting", "contribution"), by("ana")),
]

POSTS = [
    Post(
        "meeting-start",
        one("meeting"),
        by(LEADS, refused="tom", sees="pia ada gus"),  # its day is still to come
        data=lambda side: {"early": "yes"},
        effect=now("meeting", "state"),
        becomes="live",
        tolerates="early",
    ),
    Post(
        "meeting-start",
        one("meeting"),
        RUNS,
        given=lambda side: Meeting.objects.filter(pk=side.meeting.pk).update(starts_at=clock.now()),
        effect=now("meeting", "state"),
        becomes="live",
    ),
    _state("meeting-close", "closed", given=rooms.under_way),
    _state("meeting-reopen", "live", given=rooms.closed),
    _state("meeting-discard", "planned", given=rooms.under_way),
    At(
        "contribution-add",
        one("meeting", "item"),
        SAYS,
        data=lambda side: {"kind": "wonder", "text": "Since when?", "client_key": KEY},
        effect=_rows("contributions", "author", "kind", "text"),
        becomes=lambda side: [(side.me.pk, "wonder", "Since when?")],
    ),
    Post(
        "contribution-add",
        one("meeting", "item"),
        by("ana", sees="pia"),
        data=lambda side: {"kind": "wonder", "text": "Since when?", "client_key": KEY},
        given=rooms.restricted,
        effect=_rows("contributions", "author", "kind", "text"),
        becomes=lambda side: [(side.me.pk, "wonder", "Since when?")],
    ),
    Post(
        "contribution-vote",
        one("meeting", "contribution"),
        by("ana", sees="pia"),
        given=rooms.restricted,
        effect=_votes,
        becomes=lambda side: [(side.me.pk, side.contribution.pk, None)],
    ),
    Post(
        "results-predict",
        one("meeting", "item"),
        SAYS,
        data=lambda side: {"hardest": "2"},
        given=rooms.predicting_results,
        effect=lambda side: list(side.item.results_predictions.values_list("user", "hardest")),
        becomes=lambda side: [(side.me.pk, [2])],
    ),
    Post(
        "results-reveal",
        one("meeting", "item"),
        RUNS,
        given=rooms.predicting_results,
        effect=lambda side: ShownResults.objects.filter(item=side.item, lifted_at=None).exists(),
        becomes=False,
    ),
    At(
        "contribution-edit",
        one("meeting", "contribution"),
        by("ana"),
        data=lambda side: {"kind": "notice", "text": "Two stalled", "version": 0},
        effect=now("contribution", "text", "version"),
        becomes=("Two stalled", 1),
    ),
    At(
        "contribution-remove",
        one("meeting", "contribution"),
        by("ana"),
        effect=_is_retracted,
        becomes=True,
    ),
    Post(
        "contribution-remove",
        one("meeting", "contribution"),
        by("ana"),
        given=_retracted,
        effect=_is_retracted,
        becomes=False,
    ),
    At(
        "contribution-agree",
        one("meeting", "contribution"),
        by("tom cora gus", refused="ana", sees="pia ada"),
        effect=lambda side: list(side.contribution.agreements.values_list("user", flat=True)),
        becomes=lambda side: [side.me.pk],
    ),
    At(
        "contribution-vote",
        one("meeting", "contribution"),
        SAYS,
        effect=_votes,
        becomes=lambda side: [(side.me.pk, side.contribution.pk, None)],
    ),
    Then(
        "cluster-vote",
        one("meeting", "cluster"),
        SAYS,
        effect=_votes,
        becomes=lambda side: [(side.me.pk, None, side.cluster.pk)],
    ),
    Then(
        "contribution-group",
        one("meeting", "contribution"),
        SAYS,
        data=lambda side: {"onto": side.cluster.uuid},
        effect=now("contribution", "cluster"),
        becomes=lambda side: side.cluster.pk,
    ),
    At(
        "contribution-group",
        one("meeting", "contribution"),
        SAYS,
        data=lambda side: {"onto": "new", "title": "Fluency"},
        effect=now("contribution", "cluster__title"),
        becomes="Fluency",
    ),
    At(
        "item-writing",
        lambda side: [side.meeting.uuid, side.item.uuid, "private"],
        RUNS,
        effect=_is_private,
        becomes=True,
    ),
    Post(
        "item-writing",
        lambda side: [side.meeting.uuid, side.item.uuid, "reveal"],
        RUNS,
        given=_writing,
        effect=_is_private,
        becomes=False,
    ),
    Post(
        "prediction-add",
        one("meeting", "exhibit"),
        SAYS,
        data=lambda side: {"text": "A long gap in May"},
        given=rooms.predicting,
        effect=lambda side: list(side.exhibit.predictions.values_list("user", "text")),
        becomes=lambda side: [(side.me.pk, "A long gap in May")],
    ),
    Post(
        "exhibit-lift",
        one("meeting", "exhibit"),
        RUNS,
        given=rooms.predicting,
        effect=lambda side: now("exhibit", "lifted_at")(side) is None,
        becomes=False,
    ),
    At(
        "cause-add",
        one("meeting", "item"),
        SAYS,
        data=lambda side: {"kind": "instruction", "text": "Too little practice", "client_key": KEY},
        effect=_rows("causes", "author", "kind", "text"),
        becomes=lambda side: [(side.me.pk, "instruction", "Too little practice")],
    ),
    At(
        "teaching-add",
        one("meeting", "item"),
        SAYS,
        data=lambda side: {"text": "Pairs, ten minutes", "client_key": KEY},
        effect=_rows("changes", "teacher__user", "text"),
        becomes=lambda side: [(side.me.pk, "Pairs, ten minutes")],
    ),
    At(
        "question-ask",
        one("meeting", "item"),
        SAYS,
        data=lambda side: {"text": "Who covers?", "client_key": KEY},
        effect=_rows("questions", "asked_by", "text"),
        becomes=lambda side: [(side.me.pk, "Who covers?")],
    ),
    At(
        "item-park",
        one("meeting", "item"),
        SAYS,
        data=lambda side: {"text": "The spring show"},
        effect=_parked,
        becomes=lambda side: [("The spring show", side.me.pk)],
    ),
    At(
        "decision-add",
        one("meeting", "item"),
        SAYS,
        data=lambda side: {
            "text": "Pairs in both classes",
            "check_on": day(side, 30),
            "measure": side.fluency.uuid,
            "cohort": f"section:{side.section.uuid}",
            "target": 90,
            "client_key": KEY,
        },
        effect=_rows("decisions", "decided_by", "text", "measure", "cohort"),
        becomes=lambda side: [(side.me.pk, "Pairs in both classes", side.fluency.pk, "4A")],
    ),
    At(
        "action-move",
        one("meeting", "action"),
        by("ana cora", sees="tom pia ada"),
        effect=now("action", "version"),
        becomes=1,
    ),
    At(
        "review-decide",
        one("meeting", "item"),
        by("cora", sees="ana tom pia ada gus"),
        given=_reviewing,
        data=_review,
        effect=lambda side: list(side.plan.reviews.values_list("decision", "decided_by")),
        becomes=lambda side: [("continue", side.me.pk)],
    ),
    Then(
        "decision-check",
        one("meeting", "decision"),
        by(TEAM, sees="gus pia ada"),
        data=lambda side: {"done_as": "partly"},
        effect=now("decision", "done_as"),
        becomes="partly",
    ),
    Post(
        "decision-keep",
        one("meeting", "item"),
        SAYS,
        given=_checking,
        data=lambda side: {"check_on": day(side, 21), "client_key": KEY},
        effect=_rows("decisions", "decided_by", "text"),
        becomes=lambda side: [(side.me.pk, side.decision.text)],
    ),
    Then(
        "decision-vote",
        lambda side: [side.meeting.uuid, side.decision.uuid, 4],
        SAYS,
        effect=lambda side: list(side.decision.votes.values_list("user", "fingers")),
        becomes=lambda side: [(side.me.pk, 4)],
    ),
    At(
        "action-add",
        one("meeting", "item"),
        SAYS,
        data=lambda side: {
            "text": "Copy the passages",
            "owner": side.staff.tom.uuid,
            "due_on": day(side, 7),
            "client_key": KEY,
        },
        effect=lambda side: list(Action.objects.filter(client_key=KEY).values_list("made_by", "owner")),
        becomes=lambda side: [(side.me.pk, side.staff.tom.pk)],
    ),
    _withdraw("decision", "decision", RUNS),
    _withdraw("cause", "cause", by("tom", sees="ana cora pia ada gus")),
    _withdraw("change", "change", by("tom", sees="ana cora pia ada gus")),
    _withdraw("question", "question", by("ana", sees="tom cora pia ada gus")),
    At(
        "item-go",
        one("meeting", "next_item"),
        RUNS,
        data=lambda side: {"current": side.item.uuid},
        effect=now("next_item", "state"),
        becomes="current",
        tolerates="current argument-0",
    ),
    At("clock-add", one("meeting"), RUNS, effect=now("item", "minutes"), becomes=12),
    Post(
        "clock-add",
        one("meeting"),
        by("ana", sees="tom cora pia ada gus"),
        given=rooms.restricted,
        effect=now("item", "minutes"),
        becomes=12,
    ),
    At(
        "attendance-mark",
        lambda side: [side.meeting.uuid, side.staff.tom.uuid, "remote"],
        SAYS,
        effect=lambda side: Attendance.objects.get(meeting=side.meeting, staff=side.staff.tom).mark,
        becomes="remote",
    ),
    At(
        "role-set",
        lambda side: [side.meeting.uuid, "recorder"],
        RUNS,
        data=lambda side: {"staff": side.staff.tom.uuid},
        effect=now("meeting", "recorder"),
        becomes=lambda side: side.staff.tom.pk,
    ),
    At(
        "pulse-add",
        one("meeting"),
        SAYS,
        data=lambda side: {"time": "yes", "track": "no"},
        effect=lambda side: sorted(side.meeting.pulse.values_list("question", "answer", "count")),
        becomes=[("time", "yes", 1), ("track", "no", 1)],
    ),
]

ELSEWHERE = [Elsewhere("meeting-stream", "answers as long as one listens; tests/collab/room/test_stream.py")]
