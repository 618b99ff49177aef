"""People predict results by standard and item before they see them; what they expected is beside what it was."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from collab.agendas.models import AgendaItem, Topic
from collab.agendas.services.items import add_item
from collab.findings.forms import PredictResultsForm
from collab.findings.models import ResultsPrediction, ShownResults
from collab.findings.queries.results import results_on
from collab.findings.services.predictions import (
    ask_to_predict_results,
    predict_results,
    reveal_results,
)
from collab.minutes.queries.minutes import minutes_of
from collab.planning.services.meetings import plan_meeting
from collab.protocols.models import Protocol
from collab.room.queries.room import room_of
from collab.room.services import lifecycle
from datareview.looks.models import ResultsView
from datareview.regrouping.services import form_groups
from datareview.results.services import open_class
from teams.lib.errors import DomainError
from tests.factories.assessments import make_assessment

pytestmark = pytest.mark.django_db

ADD, COMPARE = "4.NF.B.3", "4.NF.A.2"
FACT = "12 of 24 are not there yet"


@pytest.fixture
def asked(cast, place, live):
    ask_to_predict_results(place.item, actor=cast.ana, wanted=True)
    return place.item


def predict(item, user, shares=None, hardest=()):
    return predict_results(item, actor=user, shares=shares or {ADD: 60}, hardest=list(hardest))


def page(as_user, user, address, **query):
    return as_user(user).get(address, query).content.decode()


def test_results_that_wait_reach_nobody(cast, place, live, asked, as_user):
    html = page(as_user, cast.tom, live.get_absolute_url())
    assert "What do you expect to see?" in html
    assert FACT not in html
    address = reverse("collab:item-results", args=[asked.uuid])
    html = page(as_user, cast.tom, address)
    assert "The results are revealed in the meeting, once everyone has predicted." in html
    assert FACT not in html
    assert results_on(cast.ana, asked, live).summary is None
    assert not ResultsView.objects.exists()


def test_the_last_of_those_present_reveals_them_with_what_was_expected(cast, place, live, asked, as_user):
    predict(asked, cast.ana, {ADD: 80, COMPARE: 90}, [8, 2])
    assert results_on(cast.tom, asked, live).waits_for.given == 1
    with pytest.raises(DomainError, match="at least one number"):
        predict_results(asked, actor=cast.tom, shares={}, hardest=[])
    predict(asked, cast.tom, {ADD: 55}, [8])
    assert ShownResults.objects.get().lifted_at
    html = page(as_user, cast.tom, live.get_absolute_url())
    assert FACT in html
    assert "we expected 55%–80%" in html
    assert "you 55%" in html
    assert "2 of 2 expected item 8 to be among the hardest" in html
    with pytest.raises(DomainError, match="predictions are closed"):
        predict(asked, cast.ana, {ADD: 10})
    latecomer = place.uma
    lifecycle.join_meeting(live, actor=latecomer)
    assert results_on(latecomer, asked, live).summary.is_shown


def test_the_guesses_and_their_places_among_the_hardest(cast, place, live, asked):
    predict(asked, cast.ana, {ADD: 80}, [1])
    predict(asked, cast.tom, {ADD: 80}, [5])
    guesses = results_on(cast.ana, asked, live).guesses
    (guess,) = guesses.standards
    assert (guess.expected, guess.mine_in_words, guess.result.percent, guess.marks) == (
        "80%",
        "80%",
        "50%",
        ["80%", "80%"],
    )
    assert [(one.number, one.people, one.place) for one in guesses.items] == [(1, 1, 4), (5, 1, 1)]
    assert guesses.hardest == (5, 6, 7)


def test_the_facilitator_reveals_them_and_only_the_team_may(cast, place, live, asked):
    with pytest.raises(PermissionDenied):
        reveal_results(asked, actor=cast.pia)
    reveal_results(asked, actor=cast.tom)
    assert results_on(cast.ana, asked, live).summary.is_shown


def test_moving_on_says_who_has_not_predicted_and_leaving_reveals(cast, place, live, asked):
    assert room_of(cast.ana, live).waits_for == (
        "2 people haven’t predicted yet, so the results aren’t revealed."
    )
    predict(asked, cast.ana)
    lifecycle.mark_attendance(live, actor=cast.ana, staff_uuid=str(cast.staff.tom.uuid), mark="absent")
    assert ShownResults.objects.get().lifted_at


def test_nobody_waits_for_a_guest_or_for_results_of_which_nothing_is_entered(cast, place, live, asked):
    live.guests.create(staff=cast.staff.gil, invited_by=cast.ana)
    lifecycle.join_meeting(live, actor=cast.gil)
    assert results_on(cast.ana, asked, live).waits_for.present == 2
    empty = add_item(
        live, actor=cast.ana, title="Unit 4", minutes=5, assessment=make_assessment(cast.team, title="Unit 4")
    )
    ask_to_predict_results(empty, actor=cast.ana, wanted=True)
    assert results_on(cast.ana, empty, live).waits_for is None


def test_the_protocol_decides_unless_the_team_does(cast, place, as_user):
    protocol = Protocol.objects.get(key="assessment")
    meeting = plan_meeting(
        cast.team,
        actor=cast.ana,
        title="Results",
        starts_at=cast.meeting.starts_at + (cast.meeting.ends_at - cast.meeting.starts_at) * 40,
        minutes=50,
        protocol=protocol,
    )
    Topic.objects.filter(assessment=place.check).update(is_closed=True)
    item = add_item(meeting, actor=cast.ana, title="Unit 3", minutes=5, assessment=place.check)
    assert results_on(cast.ana, item, meeting).waits_for
    assert "revealed after predicting" in page(as_user, cast.ana, meeting.get_absolute_url())
    ask_to_predict_results(item, actor=cast.ana, wanted=False)
    assert results_on(cast.ana, item, meeting).summary.is_shown
    assert list(meeting.items.exclude(shows="").order_by("position").values_list("shows", flat=True)) == [
        "predict",
        "results",
        "items",
        "classes",
        "groups",
    ]


def test_results_that_were_not_reached_are_still_predicted_first(cast, place, live):
    check = make_assessment(cast.team, title="Unit 4")
    later = add_item(live, actor=cast.ana, title="Unit 4", minutes=5, assessment=check)
    ask_to_predict_results(later, actor=cast.ana, wanted=True)
    lifecycle.close_meeting(live, actor=cast.ana)
    assert later.topic.agenda_items.get(meeting=None).shown_results.predict_first


@pytest.mark.parametrize(
    ("shows", "seen", "unseen"),
    [
        ("results", "12 of 24 are secure: 50%", "Most chosen wrong answer"),
        ("items", "Most chosen wrong answer", "12 of 24 are secure: 50%"),
        ("classes", "With strips first", "Most chosen wrong answer"),
        ("groups", "Make groups", "12 of 24 are secure: 50%"),
    ],
)
def test_a_step_shows_its_part_of_the_results_on_the_agenda(cast, place, live, as_user, shows, seen, unseen):
    open_class(place.check, place.sections[0], actor=cast.ana, words="With strips first")
    form_groups(place.check, place.standards[1], actor=cast.ana)
    AgendaItem.objects.filter(pk=place.item.pk).update(state="done")
    topic = Topic.objects.create(team=cast.team, title="A step", kind="step")
    AgendaItem.objects.create(
        topic=topic, meeting=live, title="A step", shows=shows, state="current", started_at=live.started_at
    )
    html = page(as_user, cast.tom, live.get_absolute_url())
    assert seen in html
    assert unseen not in html
    assert "4D, Tom" not in html


def test_a_step_says_what_it_needs_when_no_results_are_on_the_agenda(cast, as_user):
    item = cast.meeting.items.first()
    AgendaItem.objects.filter(pk=item.pk).update(shows="predict")
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    html = page(as_user, cast.ana, live.get_absolute_url())
    assert "once an item of this agenda is about one" in html


def test_no_class_is_named_unless_its_teacher_opened_it(cast, place, live):
    open_class(place.check, place.sections[2], actor=place.uma, words="Number lines")
    open_class(place.check, place.sections[0], actor=cast.ana, words="")
    opened = results_on(cast.tom, place.item, live).summary.opened
    assert [one.label for one in opened] == ["4C, Ana Ruiz", "4E, Uma Lee"]


def test_a_prediction_is_typed_in_the_room(cast, place, live, asked, as_user):
    address = reverse("collab:results-predict", args=[live.uuid, asked.uuid])
    assert as_user(cast.tom).post(address, {"standard-2": 60, "hardest": "5, 7"}).status_code == 302
    row = ResultsPrediction.objects.get()
    assert (row.user, row.shares, row.hardest) == (cast.tom, {ADD: 60}, [5, 7])
    html = page(as_user, cast.tom, live.get_absolute_url(), region="item")
    assert 'value="60"' in html
    assert 'value="5, 7"' in html
    as_user(cast.tom).post(address, {"standard-1": 10, "hardest": ""})
    row.refresh_from_db()
    assert (row.shares, row.hardest) == ({COMPARE: 10}, [])
    place.check.deleted_at = place.check.created_at
    place.check.save()
    assert as_user(cast.tom).post(address, {"standard-1": 10}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"hardest": "9"}, "There is no item 9."),
        ({"hardest": "the long one"}, "There is no item the long one."),
        ({"hardest": "1,2,3,4,5,6"}, "Name up to 5 items."),
        ({"standard-1": 101}, "less than or equal to 100"),
        ({"standard-1": "much"}, "whole number"),
    ],
)
def test_what_cannot_be_a_prediction_is_refused(cast, place, typed, error):
    form = PredictResultsForm(typed, assessment=place.check)
    assert not form.is_valid()
    assert error in " ".join(str(one) for errors in form.errors.values() for one in errors)


def test_the_minutes_keep_what_was_expected_beside_what_it_was(cast, place, live, asked, as_user):
    predict(asked, cast.ana, {ADD: 80}, [8])
    predict(asked, cast.tom, {ADD: 70})
    lifecycle.close_meeting(live, actor=cast.ana)
    live.refresh_from_db()
    html = page(as_user, cast.tom, live.get_absolute_url())
    assert "We expected" in html
    assert "70%–80%" in html
    (part,) = minutes_of(cast.ana, room_of(cast.ana, live)).parts
    assert part.results.guesses.on(ADD).guesses == (70, 80)
