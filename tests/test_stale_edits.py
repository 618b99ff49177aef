"""A stale save shows the other version; saving again overwrites it."""

import re

from django.urls import reverse

from collab.discussion.models import Contribution
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
