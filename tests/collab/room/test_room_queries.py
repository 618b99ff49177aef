"""The room and the minutes as each member of the cast sees them."""

import re
from pathlib import Path

from collab.decisions.services.decisions import decide
from collab.minutes.queries.minutes import minutes_of
from collab.room.queries.room import room_of
from collab.room.services import lifecycle
from tests.factories.meetings import say


def test_a_chart_also_when_frozen_is_shown_only_to_people_who_may_see_the_student(cast):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    item = live.items.get(state="current")
    parameters = {"student": str(cast.leak.uuid), "measure": str(cast.fluency.uuid)}
    item.exhibits.create(view="student_measure", parameters=parameters, added_by=cast.ana)
    assert room_of(cast.ana, live).exhibits[0].chart is None
    lifecycle.close_meeting(live, actor=cast.ana)
    live.refresh_from_db()
    (part,) = minutes_of(cast.ana, room_of(cast.ana, live)).parts
    assert part.exhibits[0].chart is None


def test_query_count_of_the_room_does_not_grow(cast, django_assert_max_num_queries):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    for _n in range(3):
        say(live.items.get(state="current"), cast.tom)
    with django_assert_max_num_queries(16):
        room_of(cast.ana, live)


def test_a_meeting_closes_even_if_a_charts_subject_is_gone(cast):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    item = live.items.get(state="current")
    parameters = {"student": str(cast.maya.uuid), "measure": str(cast.strategy.uuid)}
    item.exhibits.create(view="student_measure", parameters=parameters, added_by=cast.ana)
    lifecycle.close_meeting(live, actor=cast.ana)
    live.refresh_from_db()
    (part,) = minutes_of(cast.ana, room_of(cast.ana, live)).parts
    assert part.exhibits[0].chart is None
    assert part.exhibits[0].sentence == "The data for this chart no longer existed when the meeting closed."


def test_retracting_a_decision_asks_first(cast, as_user):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    decide(live.items.get(state="current"), actor=cast.ana, text="Pairs", check_on=None, client_key=live.uuid)
    page = as_user(cast.ana).get(live.get_absolute_url()).content.decode()
    (asked,) = re.findall(
        r'<details id="retract-[^"]*" class="discard">(?:(?!</details>).)*/decision/.*?</details>',
        page,
        re.DOTALL,
    )
    assert "The decision is removed for everyone, with its votes." in asked
    assert page.count("/decision/") == asked.count("/decision/")


def test_every_foldable_part_of_the_room_has_an_id_by_which_it_stays_open():
    tags = [
        tag
        for path in Path("templates/collab/room").glob("*.html")
        for tag in re.findall("<details[^>]*>", path.read_text())
    ]
    assert (len(tags) > 0, [tag for tag in tags if " id=" not in tag]) == (True, [])
