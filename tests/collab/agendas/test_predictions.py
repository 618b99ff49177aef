"""Predict before the chart is revealed."""

import pytest
from django.urls import reverse

from collab.agendas.models import AgendaItem
from collab.agendas.queries.predictions import is_hidden
from collab.meetings.services import roles
from collab.room.queries.room import room_of
from collab.room.services import lifecycle, predictions
from teams.lib.errors import DomainError
from tests.factories.meetings import current, fresh


@pytest.fixture
def hidden(cast, live):
    item = current(live)
    parameters = {"student": str(cast.maya.uuid), "measure": str(cast.fluency.uuid)}
    return item.exhibits.create(
        view="student_measure", parameters=parameters, added_by=cast.ana, predict_first=True
    )


def test_no_figure_leaves_the_server_until_everyone_present_has_predicted(cast, live, hidden, as_user):
    address = f"/meetings/{live.uuid}/"
    for user in (cast.ana, cast.tom):
        page = as_user(user).get(address).content.decode()
        assert "What do you expect to see?" in page
        assert 'class="chart' not in page
        assert "<svg class" not in page.split("What do you expect to see?")[1].split("We notice")[0]
    predictions.predict(hidden, actor=cast.ana, text="Half are below")
    assert room_of(cast.tom, live).exhibits[0].chart is None
    predictions.predict(hidden, actor=cast.tom, text="A third")
    shown = room_of(cast.tom, live).exhibits[0]
    assert shown.chart is not None
    assert [row.text for row in shown.predicted] == ["Half are below", "A third"]
    with pytest.raises(DomainError, match="predictions are closed"):
        predictions.predict(hidden, actor=cast.tom, text="I knew it")


def test_the_agenda_hides_it_and_the_facilitator_can_reveal_it(cast, live, hidden, as_user):
    predictions.reveal_exhibit(hidden, actor=cast.ana)
    assert room_of(cast.tom, live).exhibits[0].chart is not None
    hidden.lifted_at = None
    hidden.save()
    live.state = "planned"
    live.save()
    assert is_hidden(hidden, live)
    page = as_user(cast.ana).get(reverse("collab:exhibit-show", args=[hidden.item.uuid, hidden.uuid]))
    assert (page.status_code, b'class="chart' in page.content) == (200, False)


def test_a_revealed_chart_stays_revealed_when_somebody_arrives_late(cast, live, hidden):
    for user in (cast.ana, cast.tom):
        predictions.predict(hidden, actor=user, text="Half")
    roles.invite_guest(live, actor=cast.ana, staff=cast.staff.sol)
    lifecycle.join_meeting(live, actor=cast.sol)
    assert room_of(cast.ana, live).exhibits[0].chart is not None


def test_an_early_arrival_must_predict_too_and_one_who_leaves_need_not(cast, live, hidden):
    roles.invite_guest(live, actor=cast.ana, staff=cast.staff.sol)
    lifecycle.join_meeting(live, actor=cast.sol)
    for user in (cast.ana, cast.tom):
        predictions.predict(hidden, actor=user, text="Half")
    waits = room_of(cast.ana, live).exhibits[0].waits_for
    assert (waits.given, waits.present) == (2, 3)
    before = live.events.count()
    lifecycle.mark_attendance(live, actor=cast.ana, staff_uuid=str(cast.staff.sol.uuid), mark="absent")
    assert room_of(cast.ana, live).exhibits[0].chart is not None
    events = live.events.order_by("revision").values_list("kind", "region")[before:]
    assert list(events) == [("attendance", "people"), ("shown", "room")]


def test_nobody_waits_for_a_guest_who_may_not_see_the_student_or_read_the_item(cast, live, hidden):
    roles.invite_guest(live, actor=cast.ana, staff=cast.staff.gil)
    lifecycle.join_meeting(live, actor=cast.gil)
    assert room_of(cast.ana, live).exhibits[0].waits_for.present == 2
    AgendaItem.objects.filter(pk=hidden.item_id).update(visibility="restricted", owner=cast.staff.ana)
    predictions.predict(fresh(hidden), actor=cast.ana, text="Half")
    assert room_of(cast.ana, live).exhibits[0].chart is not None


def test_no_response_contains_a_hidden_figure(cast, live, hidden, as_user):
    score = "68"
    item = current(live)
    AgendaItem.objects.filter(pk=item.pk).update(title="Fluency")
    pages = [f"/meetings/{live.uuid}/?region={region}" for region in ("room", "item", "agenda", "decisions")]
    for path in [f"/meetings/{live.uuid}/", *pages, "/search/?q=Fluency", "/meetings/"]:
        text = as_user(cast.tom).get(path).content.decode()
        assert f">{score}<" not in text, path
        assert 'class="chart' not in text, path
