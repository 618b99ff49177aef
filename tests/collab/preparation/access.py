from collab.agendas.models import Topic
from collab.meetings.models import Meeting
from collab.preparation.models import Deferral
from tests.access import KEY, TEAM, Page, Post, by, day, now, one
from tests.factories import rooms
from tests.factories.district import Side

SAYS = by(f"{TEAM} gus", sees="pia ada")  # participants of the meeting
ARRANGES = by(TEAM, sees="pia ada gus")  # members only


def _with_a_question(side: Side) -> None:
    side.meeting.items.update(ask="What do you see?")


def _deferred(side: Side) -> None:
    Deferral.objects.create(
        team=side.team, key=_key(side), until=day(side, 9), reason="Next week", by=side.ana
    )


def _key(side: Side) -> str:
    return f"waiting:{side.waiting.pk}"


def _agenda(side: Side) -> list:
    return list(side.meeting.items.values_list("title", flat=True))


PAGES = [Page("item-edit", one("item"), ARRANGES)]

ITEM = {"title": "Spelling", "minutes": 7, "kind": "discuss", "capture": "notes", "visibility": "restricted"}

POSTS = [
    Post(
        "items-order",
        one("meeting"),
        by("ana cora", sees="tom pia ada gus"),
        data=lambda side: {"item": [side.next_item.uuid, side.item.uuid]},
        given=lambda side: Meeting.objects.filter(pk=side.meeting.pk).update(published_at=None),
        effect=_agenda,
        becomes=["Winter fluency", "Our action items"],
        tolerates="item",
    ),
    Post(
        "item-add",
        one("meeting"),
        SAYS,
        data=lambda side: {**ITEM, "visibility": "team"},
        effect=lambda side: list(side.meeting.items.filter(title="Spelling").values_list("visibility")),
        becomes=[("team",)],
    ),
    Post(
        "item-add",
        one("meeting"),
        by(TEAM, refused="gus pia ada"),
        data=lambda side: {**ITEM, "owner": side.staff.tom.uuid, "readers": [side.staff.ana.uuid]},
        effect=lambda side: list(side.meeting.items.filter(title="Spelling").values_list("minutes", "owner")),
        becomes=lambda side: [(7, side.staff.tom.pk)],
    ),
    Post(
        "item-edit",
        one("item"),
        ARRANGES,
        data=lambda side: {
            **ITEM,
            "owner": side.staff.tom.uuid,
            "readers": [side.staff.ana.uuid],
            "version": 0,
        },
        effect=now("item", "title", "owner", "version"),
        becomes=lambda side: ("Spelling", side.staff.tom.pk, 1),
    ),
    Post(
        "item-move",
        lambda side: [side.item.uuid, "down"],
        ARRANGES,
        effect=_agenda,
        becomes=["Winter fluency", "Our action items"],
    ),
    Post(
        "items-order",
        one("meeting"),
        ARRANGES,
        data=lambda side: {"item": [side.next_item.uuid, side.item.uuid]},
        effect=_agenda,
        becomes=["Winter fluency", "Our action items"],
        tolerates="item",
    ),
    Post("item-remove", one("next_item"), ARRANGES, effect=_agenda, becomes=["Our action items"]),
    Post(
        "item-edit",
        one("item"),
        by("ana", sees="pia"),
        data=lambda side: {**ITEM, "minutes": 9, "version": 0},
        given=rooms.kept_from_tom,
        effect=lambda side: sorted(side.item.readers.values_list("staff__user__email", flat=True)),
        becomes=lambda side: [side.ana.email],
    ),
    Post(
        "item-remove",
        one("item"),
        by("ana", sees="pia"),
        given=rooms.kept_from_tom,
        effect=_agenda,
        becomes=["Winter fluency"],
    ),
    Post(
        "item-answer",
        one("item"),
        SAYS,
        data=lambda side: {"text": "Three stalled", "client_key": KEY},
        given=_with_a_question,
        effect=lambda side: list(
            side.item.contributions.filter(is_before=True).values_list("author", "text")
        ),
        becomes=lambda side: [(side.me.pk, "Three stalled")],
    ),
    Post(
        "agenda-fill",
        one("meeting"),
        ARRANGES,
        effect=lambda side: "Reading at home" in _agenda(side),
        becomes=True,
    ),
    Post(
        "entry-take",
        one("meeting"),
        ARRANGES,
        data=lambda side: {"key": _key(side)},
        effect=_agenda,
        becomes=["Our action items", "Winter fluency", "Reading at home"],
    ),
    Post(
        "entry-defer",
        one("meeting"),
        ARRANGES,
        data=lambda side: {"key": _key(side), "until": day(side, 9), "reason": "Next week"},
        effect=lambda side: list(side.team.deferrals.values_list("key", "by")),
        becomes=lambda side: [(_key(side), side.me.pk)],
    ),
    Post(
        "entry-drop",
        one("meeting"),
        ARRANGES,
        data=lambda side: {"key": _key(side), "reason": "Settled in the hall"},
        effect=lambda side: Topic.objects.get(pk=side.waiting.topic_id).is_closed,
        becomes=True,
    ),
    Post(
        "entry-restore",
        one("meeting"),
        ARRANGES,
        data=lambda side: {"key": _key(side)},
        given=_deferred,
        effect=lambda side: side.team.deferrals.count(),
        becomes=0,
        tolerates="key",
    ),
]
