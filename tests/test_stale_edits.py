"""A stale save shows the other version; saving again overwrites it."""

import datetime as dt
import re

from django.urls import reverse

from collab.discussion.models import Contribution
from collab.meetings.models import Meeting
from collab.protocols.models import Protocol
from collab.protocols.services import copy_protocol
from collab.room.services import lifecycle
from tests.factories.meetings import current, say


def hidden(answer, name):
    (found,) = re.findall(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    return found


def test_a_contribution_can_be_saved_after_a_stale_save(cast, as_user):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    row = say(current(live), cast.ana)
    address = reverse("collab:contribution-edit", args=[cast.meeting.uuid, row.uuid])
    ana = as_user(cast.ana)
    version = hidden(ana.get(address), "version")
    ana.post(address, {"kind": row.kind, "text": "From one window", "version": version})
    stale = ana.post(address, {"kind": row.kind, "text": "From the other", "version": version})
    assert stale.status_code == 422
    assert ("From one window" in stale.content.decode(), hidden(stale, "version") == version) == (True, False)
    ana.post(address, {"kind": row.kind, "text": "Of both", "version": hidden(stale, "version")})
    assert Contribution.objects.get(pk=row.pk).text == "Of both"


def test_a_protocol_can_be_saved_after_a_stale_save(cast, as_user):
    source = Protocol.objects.filter(team=None).first()
    copy = copy_protocol(source, actor=cast.ana, team=cast.team)
    address = reverse("collab:protocol-edit", args=[copy.uuid])
    ana = as_user(cast.ana)
    page = ana.get(address)
    data = {
        name: field.value() or ""
        for form in page.context["steps"]
        for field in form
        for name in [field.html_name]
    }
    data |= {field.html_name: field.value() for field in page.context["steps"].management_form}
    data |= {"purpose": copy.purpose, "seen": hidden(page, "seen")}
    assert ana.post(address, data | {"name": "Of one"}).status_code == 302
    stale = ana.post(address, data | {"name": "Of the other"})
    assert stale.status_code == 422
    assert ana.post(address, data | {"name": "Of both", "seen": hidden(stale, "seen")}).status_code == 302
    assert Protocol.objects.get(pk=copy.pk).name == "Of both"


def test_a_moved_meeting_is_not_moved_back_by_a_form_that_changed_only_its_minutes(cast, as_user, morning):
    meeting = cast.meeting
    address = reverse("collab:meeting-move", args=[meeting.uuid])
    ana = as_user(cast.ana)
    first = ana.get(address)
    opened = {name: first.context["form"][name].value() for name in ("day", "minutes", "place", "seen")}
    opened |= {"day": opened["day"].isoformat(), "time": opened["seen"].split("|")[1]}
    later = (meeting.starts_at + dt.timedelta(days=7)).date().isoformat()
    assert ana.post(address, {**opened, "day": later}).status_code == 302  # somebody moves it
    stale = ana.post(address, {**opened, "minutes": 30})  # somebody else changes the minutes
    assert (stale.status_code, "Someone moved this meeting" in stale.content.decode()) == (422, True)
    shown = stale.context["form"]
    assert (shown["day"].value(), shown["minutes"].value()) == (later, "30")
    again = {name: shown[name].value() for name in ("day", "time", "minutes", "place", "seen")}
    assert ana.post(address, again).status_code == 302
    moved = Meeting.objects.get(pk=meeting.pk)
    assert (moved.starts_at.date().isoformat(), moved.ends_at - moved.starts_at) == (
        later,
        dt.timedelta(minutes=30),
    )


def test_a_form_that_names_no_time_it_was_opened_at_is_refused(cast, as_user, morning):
    address = reverse("collab:meeting-move", args=[cast.meeting.uuid])
    ana = as_user(cast.ana)
    form = ana.get(address).context["form"]
    was = form["seen"].value()
    day, time, minutes, place = was.split("|", 3)
    refused = ana.post(address, {"day": day, "time": time, "minutes": minutes, "place": place, "seen": "x"})
    assert (refused.status_code, refused.context["form"]["seen"].value()) == (422, was)
