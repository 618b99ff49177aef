"""Meetings as iCalendar (RFC 5545) and as invitations (RFC 5546). They never contain a student's name."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

PRODUCT = "-//Collab//Collab//EN"
DAY, DAY_MINUTES = dt.timedelta(days=1), 24 * 60
RULE_YEARS = 12  # enough to distinguish the last Sunday of a month from the fourth
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class CalendarPerson:
    """An attendee or organizer."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One meeting in a calendar. ``uid`` never changes; ``sequence`` rises with every change."""

    uid: str
    sequence: int
    summary: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    changed_at: dt.datetime
    url: str
    place: str = ""
    is_cancelled: bool = False
    organizer: CalendarPerson | None = None
    attendees: Sequence[CalendarPerson] = field(default_factory=tuple)


def calendar_of(
    entries: Sequence[CalendarEntry], *, zone: ZoneInfo, name: str = "", method: str = "PUBLISH"
) -> str:
    """Serialize ``entries`` with their time zone: a named feed, or an invitation (REQUEST, CANCEL)."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("x-published-ttl", "PT1H")
        calendar.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    if entries:
        calendar.add_component(_timezone(zone, min(entry.starts_at for entry in entries).year - 1))
    for entry in entries:
        calendar.add_component(_event(entry, zone))
    return calendar.to_ical().decode()


def _event(entry: CalendarEntry, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", entry.summary)
    event.add("url", entry.url)
    event.add("description", entry.url)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    if entry.place:
        event.add("location", entry.place)
    if entry.organizer:
        event["organizer"] = _address(entry.organizer)
    for person in entry.attendees:
        attendee = _address(person)
        # replies by email are not read, so none is requested
        attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"})
        event.add("attendee", attendee, encode=False)
    return event


def _address(person: CalendarPerson) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    address.params["CN"] = vText(person.name)
    return address


@lru_cache(maxsize=64)
def _timezone(zone: ZoneInfo, year: int) -> Timezone:
    """``zone`` from ``year`` on, by recurrence rules ("the second Sunday of March").

    Where its changes follow no rule (Ramadan, a law for one year), each change of the next years is listed.
    """
    found = Timezone()
    found.add("tzid", zone.key)
    changes = _changes(zone, year)
    rules = [_rule(starts) for starts in changes.values()]
    is_regular = bool(rules) and all(rules)
    if not is_regular:
        first = dt.datetime(year, 1, 1, tzinfo=zone)
        offset = first.utcoffset() or dt.timedelta()
        found.add_component(_observance(offset, offset, first.tzname() or "", first))
    for ((before, after, name), starts), rule in zip(changes.items(), rules, strict=True):
        part = _observance(before, after, name, starts[0])
        if is_regular:
            part.add("rrule", rule)
        elif starts[1:]:
            part.add("rdate", starts[1:])
        found.add_component(part)
    return found


def _rule(starts: list[dt.datetime]) -> dict[str, int | str] | None:
    """The yearly recurrence rule of ``starts``; None if they follow none."""
    first = starts[0]
    weeks = {(start.day - 1) // 7 + 1 for start in starts}
    if all((start + 7 * DAY).month != start.month for start in starts):
        weeks = {-1}
    days = {(start.month, start.weekday(), start.time()) for start in starts}
    if len(starts) != RULE_YEARS or len(days) > 1 or len(weeks) > 1:
        return None
    day = f"{weeks.pop()}{WEEKDAYS[first.weekday()]}"
    return {"freq": "yearly", "bymonth": first.month, "byday": day}


def _changes(zone: ZoneInfo, year: int) -> dict[tuple[dt.timedelta, dt.timedelta, str], list[dt.datetime]]:
    """Clock changes by (offset before, offset after, name), in local time before the change."""

    def offset(moment: dt.datetime) -> dt.timedelta:
        return moment.astimezone(zone).utcoffset() or dt.timedelta()

    found = defaultdict(list)
    day, end = (dt.datetime(one, 1, 1, tzinfo=dt.UTC) for one in (year, year + RULE_YEARS))
    while day < end:
        before, after = offset(day), offset(day + DAY)
        if before != after:
            minutes = range(DAY_MINUTES)
            at = bisect_left(minutes, 1, key=lambda one: offset(day + dt.timedelta(minutes=one)) != before)
            moment = day + dt.timedelta(minutes=at)
            name = moment.astimezone(zone).tzname() or ""
            found[before, after, name].append((moment + before).replace(tzinfo=None))
        day += DAY
    return found


def _observance(
    before: dt.timedelta, after: dt.timedelta, name: str, start: dt.datetime
) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if after > before else TimezoneStandard()
    part.add("dtstart", start.replace(tzinfo=None))
    part.add("tzname", name)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    return part
