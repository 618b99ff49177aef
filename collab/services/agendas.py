"""What comes on an agenda: by hand, from the data, and by itself because it is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collab.models import (
    AgendaItem,
    Capture,
    Exhibit,
    Holds,
    ItemReader,
    Meeting,
    StepKind,
    Topic,
    Visibility,
)
from collab.permissions import may_read, may_take_part, may_take_part_in
from collab.queries.about import is_about_student
from collab.queries.meetings import next_meeting_of
from collab.queries.queue import MINUTES
from collab.services.events import announce, enter_item, lock_meeting
from datareview.models import Candidate, Flag, Plan
from datareview.permissions import candidates_visible_to, plans_visible_to, teams_of_student
from datareview.queries.exhibits import may_see
from datareview.services.candidates import mark_on_agenda
from teams.lib.errors import DomainError, StaleEdit
from teams.permissions import can, own_staff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.models import Staff, Team, User

DATA_MINUTES = 8
EDITABLE = ("title", "prompt", "outcome", "ask", "kind", "capture", "minutes", "owner", "visibility")


@transaction.atomic
def propose_candidate(
    candidate: Candidate, *, actor: User, team: Team, meeting: Meeting | None = None
) -> AgendaItem:
    """Put a candidate, with the chart of what raised it, on the next agenda of a team that answers for them."""
    if not candidates_visible_to(actor).filter(pk=candidate.pk).exists():
        raise PermissionDenied
    if not (can(actor, "triage", team.school) or may_take_part(actor, team)):
        raise PermissionDenied
    if not teams_of_student(candidate.student).filter(pk=team.pk).exists():
        raise DomainError(_("That team does not work with this student. Choose one that does."))
    mark_on_agenda(candidate, actor=actor)
    topic, _new = Topic.objects.get_or_create(
        team=team,
        candidate=candidate,
        is_closed=False,
        defaults={
            "title": str(candidate.student),
            "kind": Topic.Kind.CANDIDATE,
            "why": candidate.reason,
            "wanted_by": actor,
        },
    )
    item = _visit(
        topic,
        meeting,
        holds=Holds.STUDENTS,
        kind=StepKind.DISCUSS,
        minutes=MINUTES["candidate"],
        prompt=candidate.reason,
        outcome=_("A plan, watch until a date, or no action"),
    )
    for view, parameters in exhibits_of(candidate):
        Exhibit.objects.get_or_create(
            item=item, view=view, parameters=parameters, defaults={"added_by": actor}
        )
    return item


def exhibits_of(candidate: Candidate) -> list[tuple[str, dict[str, str]]]:
    """The views that show what raised a candidate, the strongest first, at most two."""
    student = str(candidate.student.uuid)
    views: list[tuple[str, dict[str, str]]] = []
    for flag in (
        candidate.flags.filter(state=Flag.State.OPEN).select_related("rule__measure").order_by("-severity")
    ):
        if flag.rule.measure:
            views.append(("student_measure", {"student": student, "measure": str(flag.rule.measure.uuid)}))
        elif flag.domain == "attendance":
            views.append(("student_attendance", {"student": student}))
    return views[:2]


@transaction.atomic
def propose_exhibit(
    team: Team, *, actor: User, view: str, parameters: dict[str, str], title: str
) -> AgendaItem:
    """Put a view of the data on the next agenda of ``team``, as an item of its own."""
    if not may_take_part(actor, team) or not may_see(actor, view, parameters):
        raise PermissionDenied
    topic = Topic.objects.create(team=team, title=title[:200], kind=Topic.Kind.DATA, wanted_by=actor)
    item = _visit(
        topic,
        holds=Holds.RESULTS,
        kind=StepKind.EXPLORE,
        capture=Capture.CAUSE,
        minutes=DATA_MINUTES,
        prompt=_("What do we see? Facts first."),
    )
    Exhibit.objects.create(item=item, view=view, parameters=parameters, added_by=actor)
    return item


@transaction.atomic
def propose_review(
    plan: Plan, *, actor: User | None, team: Team, meeting: Meeting | None = None
) -> AgendaItem:
    """Put the review of a plan on the next agenda of a team that answers for the student, once for each due date.

    ``actor`` None is the night: it brings what is due.
    """
    if actor and not plans_visible_to(actor).filter(pk=plan.pk).exists():
        raise PermissionDenied
    if actor and not (can(actor, "review_plan", team.school) or may_take_part(actor, team)):
        raise PermissionDenied
    if team.pk != plan.team_id and not teams_of_student(plan.student).filter(pk=team.pk).exists():
        raise DomainError(_("That team does not work with this student. Choose one that does."))
    if not Plan.objects.running().filter(pk=plan.pk).exists():
        raise DomainError(_("This plan has ended; there is nothing to review."))
    topic, _new = Topic.objects.get_or_create(
        team=team,
        plan=plan,
        due_on=plan.review_on,
        is_closed=False,
        defaults={
            "title": str(plan),
            "kind": Topic.Kind.REVIEW,
            "wanted_by": actor,
            "why": _("The review was set for %(day)s.") % {"day": date_format(plan.review_on, "D j M")},
        },
    )
    item = _visit(
        topic,
        meeting,
        holds=Holds.REVIEWS,
        kind=StepKind.DECIDE,
        minutes=MINUTES["review"],
        prompt=_("Did it work? Delivery first, then the line."),
        outcome=_("Continue, change, intensify, fade or end"),
    )
    author = actor or plan.started_by
    Exhibit.objects.get_or_create(
        item=item, view="plan_progress", parameters={"plan": str(plan.uuid)}, defaults={"added_by": author}
    )
    return item


@transaction.atomic
def add_item(meeting: Meeting, *, actor: User, readers: Iterable[Staff] = (), **fields: Any) -> AgendaItem:
    """Add an item of one's own to an agenda that is not minutes yet; ``fields`` are those of `EDITABLE`."""
    meeting = _changeable(meeting, actor)
    topic = Topic.objects.create(team=meeting.team, title=fields["title"], wanted_by=actor)
    item = AgendaItem(topic=topic, **{name: value for name, value in fields.items() if name in EDITABLE})
    _check_visibility(item)
    place_item(item, meeting)
    _set_readers(item, readers, actor)
    announce(meeting, actor=actor, kind="item-added", region="agenda")
    return item


@transaction.atomic
def edit_item(
    item: AgendaItem, *, actor: User, version: int, readers: Iterable[Staff] = (), **fields: Any
) -> AgendaItem:
    """Change an item; ``version`` is the one the actor started from, so that nobody's words are overwritten."""
    if item.meeting is None:
        raise DomainError(_("This item waits for a meeting. Put it on an agenda first."))
    meeting = _changeable(item.meeting, actor)
    item = AgendaItem.objects.select_related("topic", "meeting").get(pk=item.pk)
    if not may_read(actor, item):
        raise PermissionDenied
    if item.version != version:
        now = " · ".join(str(part) for part in (item.title, item.minutes, item.outcome) if part)
        raise StaleEdit(_("Somebody changed this item while you were writing."), current=now)
    for name in EDITABLE:
        if name in fields:
            setattr(item, name, fields[name])
    _check_visibility(item)
    item.version += 1
    item.save()
    _set_readers(item, readers, actor)
    # who may not read what is on the table any more must not keep it on their screen
    region = "room" if item.state == AgendaItem.State.CURRENT else "agenda"
    announce(meeting, actor=actor, kind="item-edited", region=region)
    return item


def _check_visibility(item: AgendaItem) -> None:
    if item.visibility == Visibility.STAFF and is_about_student(item):
        raise DomainError(
            _("An item about a student cannot be open to all staff. Choose the team, or named people.")
        )


def _set_readers(item: AgendaItem, readers: Iterable[Staff], actor: User) -> None:
    """Name who reads a restricted item: among them whoever restricts it, and who facilitates then."""
    item.readers.all().delete()
    if item.visibility != Visibility.RESTRICTED:
        return
    meeting = item.meeting
    named = {staff.pk for staff in readers}
    own = own_staff(actor, meeting.team.school) if meeting else None
    named |= {pk for pk in (own.pk if own else None, meeting.facilitator_id if meeting else None) if pk}
    ItemReader.objects.bulk_create(ItemReader(item=item, staff_id=pk) for pk in sorted(named))


@transaction.atomic
def park(item: AgendaItem, *, actor: User, title: str) -> AgendaItem:
    """Put something that came up aside: it waits in the team's queue, once, and says where it came from."""
    meeting = enter_item(item, actor)
    if not title.strip():
        raise DomainError(_("Say in a few words what is parked."))
    known = AgendaItem.objects.filter(
        topic__team=meeting.team,
        topic__kind=Topic.Kind.PARKED,
        meeting=None,
        title=title.strip()[:200],
        visibility=item.visibility,
    ).first()
    if known and may_read(actor, known):
        return known
    topic = Topic.objects.create(
        team=meeting.team,
        title=title.strip()[:200],
        kind=Topic.Kind.PARKED,
        wanted_by=actor,
        why=_("Parked on %(day)s while talking about: %(item)s")
        % {
            "day": date_format(meeting.starts_at.astimezone(meeting.team.school.tz), "j M"),
            "item": item.title,
        },
    )
    parked = AgendaItem.objects.create(topic=topic, title=topic.title, visibility=item.visibility)
    copy_readers(item, parked)
    announce(meeting, actor=actor, kind="parked", region="decisions", item=str(item.uuid))
    return parked


def copy_readers(before: AgendaItem, item: AgendaItem) -> None:
    """Who read ``before`` reads ``item``, which comes from it: the people named, and who led it."""
    named = {*before.readers.values_list("staff_id", flat=True), before.owner_id} - {None, item.owner_id}
    known = set(item.readers.values_list("staff_id", flat=True))
    ItemReader.objects.bulk_create(ItemReader(item=item, staff_id=pk) for pk in sorted(named - known))


@transaction.atomic
def ask_to_predict(exhibit: Exhibit, *, actor: User, wanted: bool) -> Exhibit:
    """Keep a chart back until those present have written what they expect."""
    meeting = _changeable(exhibit.item.meeting, actor)
    exhibit.predict_first, exhibit.lifted_at = wanted, None
    exhibit.save(update_fields=["predict_first", "lifted_at"])
    announce(meeting, actor=actor, kind="exhibit", region="room")
    return exhibit


@transaction.atomic
def order_items(meeting: Meeting, *, actor: User, order: list[str]) -> None:
    """Put the items in the order of ``order`` (public ids); items that are not named keep their place at the end."""
    meeting = _changeable(meeting, actor)
    places = {uuid: place for place, uuid in enumerate(order)}
    rows = list(meeting.items.order_by("position", "pk"))
    _renumber(sorted(rows, key=lambda item: places.get(str(item.uuid), len(places))))
    announce(meeting, actor=actor, kind="items-moved", region="agenda")


@transaction.atomic
def move_item(item: AgendaItem, *, actor: User, by: int) -> None:
    """Move an item ``by`` places down (or up, when negative)."""
    meeting = _changeable(item.meeting, actor)
    order = list(meeting.items.order_by("position", "pk"))
    index = next((place for place, other in enumerate(order) if other.pk == item.pk), None)
    if index is None:
        return  # somebody took it off meanwhile
    order.insert(max(0, min(len(order) - 1, index + by)), order.pop(index))
    _renumber(order)
    announce(meeting, actor=actor, kind="items-moved", region="agenda")


@transaction.atomic
def remove_item(item: AgendaItem, *, actor: User) -> None:
    """Take an item off an agenda: its topic waits for the next meeting; a protocol's step is simply gone."""
    if item.meeting is None:
        return
    meeting = _changeable(item.meeting, actor)
    # read again under the lock: meanwhile it may have been begun, or taken off
    found = meeting.items.select_related("topic", "meeting").filter(pk=item.pk).first()
    if found is None:
        return
    item = found
    if item.state != AgendaItem.State.WAITING:
        raise DomainError(_("An item that was begun stays in the minutes."))
    if item.topic.kind == Topic.Kind.STEP:
        if item.contributions.exists():
            raise DomainError(_("People have written on this step already. It stays on the agenda."))
        item.delete()
    else:
        give_minutes_back(item)
        item.meeting, item.holds = None, ""
        item.save(update_fields=["meeting", "holds"])
    announce(meeting, actor=actor, kind="item-removed", region="agenda")


def _changeable(meeting: Meeting, actor: User) -> Meeting:
    meeting = lock_meeting(meeting)
    if not may_take_part_in(actor, meeting):
        raise PermissionDenied
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        raise DomainError(_("These are minutes now; they do not change."))
    return meeting


def _visit(topic: Topic, meeting: Meeting | None = None, *, holds: str = "", **fields: Any) -> AgendaItem:
    """The open visit of ``topic``; made on ``meeting``'s or the next agenda, or waiting when there is none.

    What the meeting under way has done already waits for the one after it.
    """
    meeting = meeting or next_meeting_of(topic.team)
    visits = AgendaItem.objects.filter(topic=topic, meeting=meeting)
    if meeting and visits.exclude(state__in=["waiting", "current"]).exists():
        meeting = None
    known = AgendaItem.objects.filter(topic=topic, state__in=["waiting", "current"])
    item = (known.filter(meeting=meeting) | known.filter(meeting=None)).first()
    item = item or AgendaItem(topic=topic, title=topic.title, **fields)
    if meeting and item.meeting_id != meeting.pk:
        meeting = lock_meeting(meeting)
        place_item(item, meeting, holds=holds)
        announce(meeting, actor=None, kind="item-added", region="agenda")
    elif not item.pk:
        item.save()
    return item


def place_item(item: AgendaItem, meeting: Meeting, *, holds: str = "") -> None:
    """Put ``item`` on the agenda of a locked ``meeting``: after the step that keeps minutes for its kind.

    Its minutes are taken from that step, so that the agenda still fits the slot; without one it stands before
    the closing steps.
    """
    order = list(meeting.items.select_related("topic").order_by("position", "pk"))
    host = next((step for step in order if holds and step.holds == holds and _is_step(step)), None)
    closing = next(
        (step for step in order if step.kind in (StepKind.PLAN, StepKind.REFLECT) and _is_step(step)), None
    )
    item.meeting = meeting
    item.position = (meeting.items.aggregate(last=Max("position"))["last"] or 0) + 10
    item.save()
    if host:
        order.insert(_end_of(order, host, holds), item)
        item.holds = holds
        item.save(update_fields=["holds"])
        _take_minutes(host, item.minutes)
    elif closing:
        order.insert(order.index(closing), item)
    else:
        return
    _renumber(order)


def _is_step(item: AgendaItem) -> bool:
    return item.topic.kind == Topic.Kind.STEP and item.state == AgendaItem.State.WAITING


def _end_of(order: list[AgendaItem], host: AgendaItem, holds: str) -> int:
    """The place after ``host`` and after what has taken minutes from it already."""
    place = order.index(host) + 1
    while place < len(order) and order[place].holds == holds and not _is_step(order[place]):
        place += 1
    return place


def _take_minutes(host: AgendaItem, minutes: int) -> None:
    """A step gives its minutes away and keeps one, in which the group comes to it."""
    if host.minutes_planned is None:
        host.minutes_planned = host.minutes
    host.minutes = max(1, host.minutes - minutes)
    host.save(update_fields=["minutes", "minutes_planned"])


def give_minutes_back(item: AgendaItem) -> None:
    """The step that gave its minutes to ``item`` has them again, at most what it had at first."""
    host = AgendaItem.objects.filter(
        meeting=item.meeting, holds=item.holds, topic__kind=Topic.Kind.STEP, minutes_planned__isnull=False
    ).exclude(holds="").first()  # fmt: skip
    if host:
        host.minutes = min(host.minutes_planned or 0, host.minutes + item.minutes)
        host.save(update_fields=["minutes"])


def _renumber(order: Iterable[AgendaItem]) -> None:
    for place, item in enumerate(order, start=1):
        if item.position != place * 10:
            item.position = place * 10
            item.save(update_fields=["position"])
