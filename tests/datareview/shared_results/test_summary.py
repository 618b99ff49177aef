"""The team's results that everyone may see at once, and what is kept of them."""

import json

import pytest
from django.utils import translation

from datareview.assessments.queries import response_frame
from datareview.looks.frames import NOTHING, Seen
from datareview.looks.models import ResultsView
from datareview.looks.queries import looks_at
from datareview.looks.services import record_results_view
from datareview.results.services import close_class, open_class
from datareview.shared_results.frames import summary_from_json, summary_to_json, without_classes
from datareview.shared_results.queries import own_classes, team_summary
from tests.factories.assessments import enter_class, make_assessment, make_entered_check

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(cast):
    return make_entered_check(cast)


def secure(summary):
    return [(one.standard.code, one.mastering, one.n) for one in summary.standards]


def test_the_teams_numbers_are_over_all_classes_without_a_name(cast, place):
    summary = team_summary(place.check)
    assert secure(summary) == [("4.NF.A.2", 24, 24), ("4.NF.B.3", 12, 24)]
    assert (
        summary.title == "Secure: Compare fractions. 12 of 24 are not there yet: Add and subtract fractions"
    )
    assert (summary.entered, summary.given, summary.classes_in, summary.classes_out) == (
        24,
        24,
        ("4C", "4D", "4E", "4F"),
        (),
    )
    assert summary.opened == ()
    assert "Kid" not in json.dumps(summary_to_json(summary))


def test_what_is_kept_reads_the_same_in_any_language(cast, place):
    open_class(place.check, place.sections[0], actor=cast.ana, words="With strips first")
    summary = team_summary(place.check)
    kept = summary_from_json(json.loads(json.dumps(summary_to_json(summary))))
    assert kept.title == summary.title
    assert kept.lead == summary.lead
    assert secure(kept) == secure(summary)
    assert [(one.label, one.words) for one in kept.told] == [("4C, Ana Ruiz", "With strips first")]
    assert [one.finding for one in kept.talk] == [one.finding for one in summary.talk]
    assert [[theirs.mastering for _class, theirs in opened] for _one, opened in kept.lines] == [[6], [3]]
    with translation.override("es"):
        assert kept.title == team_summary(place.check).title
    assert without_classes(kept).opened == ()
    assert without_classes(kept, but=[str(place.sections[0].uuid)]).opened == kept.opened


def test_nothing_entered_shows_nothing(cast):
    summary = team_summary(make_assessment(cast.team))
    assert (summary.is_shown, summary.hides, summary.classes_in) == (False, False, ())
    assert summary_from_json(summary_to_json(summary)) == summary


def test_a_total_of_two_classes_is_shown_to_nobody_as_each_teacher_would_know_the_other(cast):
    place = make_entered_check(cast, entered=2)
    summary = team_summary(place.check)
    assert (summary.is_shown, summary.hides, secure(summary)) == (False, True, [])
    open_class(place.check, place.sections[0], actor=cast.ana, words="")
    open_class(place.check, place.sections[1], actor=cast.tom, words="")
    assert secure(team_summary(place.check)) == [("4.NF.A.2", 12, 12), ("4.NF.B.3", 6, 12)]


def test_what_one_reader_saw_before_is_shown_to_everyone_where_more_would_give_a_class_away_to_them(
    cast, place
):
    first = [section.pk for section in place.sections[:3]]
    students = place.check.sittings.filter(section__in=first).values_list("student", flat=True)
    record_results_view(
        place.check, reader=cast.pia, section=None, seen=Seen(frozenset(first), frozenset(students))
    )
    assert (team_summary(place.check).counted, team_summary(place.check).entered) == (frozenset(first), 18)


def test_what_everyone_saw_in_a_meeting_is_shown_again_if_more_would_give_a_class_away(cast):
    place = make_entered_check(cast, entered=3)
    first = team_summary(place.check)
    assert first.counted == frozenset(section.pk for section in place.sections[:3])
    record_results_view(place.check, reader=None, section=None, seen=first.seen)
    enter_class(place.check, place.sections[3])
    again = team_summary(place.check)
    assert (again.counted, again.entered) == (first.counted, 18)


def test_only_ones_own_class_is_beside_it(cast, place):
    frame = response_frame(place.check)
    assert [str(section) for section, _own in own_classes(cast.ana, place.check, frame)] == ["4C"]
    assert own_classes(cast.pia, place.check, frame) == []
    assert own_classes(cast.zed, place.check, frame) == []


def test_a_class_that_is_closed_again_is_not_in_the_summary(cast, place):
    open_class(place.check, place.sections[0], actor=cast.ana, words="Ask me")
    close_class(place.check, place.sections[0], actor=cast.ana)
    assert team_summary(place.check).opened == ()


def test_a_look_in_a_meeting_is_everyones(cast, place):
    record_results_view(place.check, reader=None, section=None, seen=Seen(frozenset([1])))
    record_results_view(place.check, reader=None, section=None, seen=Seen(frozenset([1])))
    assert ResultsView.objects.count() == 1
    assert [(look.reader, look.section) for look in looks_at(place.check)] == [(None, None)]


@pytest.mark.sweep
def test_the_queries_do_not_grow_with_classes_or_readers(cast, place, django_assert_max_num_queries):
    for reader in (cast.ana, cast.tom, cast.pia, cast.cora):
        record_results_view(place.check, reader=reader, section=None, seen=NOTHING)
    with django_assert_max_num_queries(17):
        team_summary(place.check)
