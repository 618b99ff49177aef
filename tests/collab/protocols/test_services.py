"""Protocols: the library matches this version; copies belong to their team."""

import pytest
from django.core.exceptions import PermissionDenied

from collab.meetings.models import Meeting
from collab.protocols import services as protocols
from collab.protocols.library import BUILT_IN
from collab.protocols.models import Protocol, ProtocolStep
from teams.lib.errors import DomainError, StaleEdit

# Durations in the published protocols, in total and per step where given.
MINUTES = {
    "weekly": [2, 5, 8, 12, 8, 4, 4, 2],
    "assessment": [4, 3, 8, 10, 8, 6, 8, 3],
    "support": [3, 40, 10, 5, 2],
    "student": [3, 8, 8, 15, 5, 4, 2],
    "observation": [5, 25, 15, 5],
    "planning": [15, 15, 25, 25, 10],
    "dialogue": [8, 7, 12, 15, 8],
    "atlas": [3, 10, 10, 10, 10],
    "what-so-what": [10, 10, 10],
    "tuning": [5, 15, 5, 10, 15, 5, 5],
    "consultancy": [8, 5, 10, 15, 5, 5],
    "success": [8, 8, 5, 12, 5, 10],
}


def test_the_library_has_the_published_durations_and_an_origin_for_each():
    built = {one.key: one for one in BUILT_IN}
    assert {key: [step.minutes for step in built[key].steps] for key in MINUTES} == {
        **MINUTES,
    }
    assert all(one.source for one in BUILT_IN)
    assert sum(step.minutes for step in built["health-check"].steps) == 60


@pytest.mark.django_db
def test_every_migrated_database_has_the_library_and_installing_again_changes_nothing():
    before = list(ProtocolStep.objects.order_by("pk").values())
    protocols.ensure_built_in_protocols()
    assert Protocol.objects.filter(team=None).count() == len(BUILT_IN)
    assert list(ProtocolStep.objects.order_by("pk").values()) == before


def copied(cast):
    return protocols.copy_protocol(Protocol.objects.get(key="weekly"), actor=cast.tom, team=cast.team)


def test_a_copy_keeps_steps_and_origin_and_leaves_the_original_unchanged(cast):
    copy = copied(cast)
    assert (copy.name, copy.team) == ("Weekly team meeting (ours)", cast.team)
    assert [step.minutes for step in copy.steps.all()] == MINUTES["weekly"]
    step = {"title": "Only this", "minutes": 10, "kind": "discuss"}
    step |= {"prompt": "", "speaker": "all", "capture": "notes", "reserved_for": "", "shows": ""}
    seen = protocols.fingerprint(copy)
    protocols.change_protocol(copy, actor=cast.ana, seen=seen, name="Ours", purpose="", steps=[step])
    assert [row.title for row in copy.steps.all()] == ["Only this"]
    assert Protocol.objects.get(key="weekly").steps.count() == 8
    with pytest.raises(StaleEdit) as stale:
        protocols.change_protocol(copy, actor=cast.tom, seen=seen, name="Mine", purpose="", steps=[step])
    assert stale.value.current == "Only this 10"
    copy.refresh_from_db()
    with pytest.raises(DomainError, match="1 to 30 steps"):
        protocols.change_protocol(
            copy, actor=cast.tom, seen=protocols.fingerprint(copy), name="Mine", purpose="", steps=[]
        )


def test_nobody_edits_a_built_in_protocol_or_another_teams(cast):
    with pytest.raises(PermissionDenied):
        protocols.retire_protocol(Protocol.objects.get(key="weekly"), actor=cast.cora, retired=True)
    with pytest.raises(PermissionDenied):
        protocols.retire_protocol(copied(cast), actor=cast.zed, retired=True)
    with pytest.raises(PermissionDenied):
        protocols.copy_protocol(copied(cast), actor=cast.zed, team=cast.other_team)


def test_the_editor_adds_removes_and_reorders_steps(cast, as_user):
    copy = protocols.copy_protocol(Protocol.objects.get(key="what-so-what"), actor=cast.ana, team=cast.team)
    client = as_user(cast.ana)
    page = client.get(f"/protocols/{copy.uuid}/edit/").content.decode()
    assert page.count('name="steps-') > 20
    common = {
        "kind": "discuss",
        "prompt": "",
        "speaker": "all",
        "capture": "notes",
        "reserved_for": "",
        "shows": "",
    }
    rows = [("What", 10, 2, ""), ("So what", 10, 1, ""), ("Now what", 10, 3, "on"), ("Thanks", 2, 4, "")]
    data = {"name": "Ours", "purpose": "", "seen": protocols.fingerprint(copy)}
    data |= {"steps-TOTAL_FORMS": 4, "steps-INITIAL_FORMS": 3}
    for place, (title, minutes, order, gone) in enumerate(rows):
        fields = {"title": title, "minutes": minutes, "ORDER": order, **common} | (
            {"DELETE": gone} if gone else {}
        )
        data |= {f"steps-{place}-{name}": value for name, value in fields.items()}
    assert client.post(f"/protocols/{copy.uuid}/edit/", data).status_code == 302
    assert [(step.title, step.minutes) for step in copy.steps.all()] == [
        ("So what", 10),
        ("What", 10),
        ("Thanks", 2),
    ]
    assert not Meeting.objects.filter(protocol=copy).exists()
