"""How far results are, in words."""

import pytest

from datareview.looks.frames import NOTHING
from datareview.looks.queries import state_in_words, with_state
from datareview.looks.services import record_results_view
from datareview.records.models import Assessment
from tests.factories.assessments import absent, answer, make_assessment

pytestmark = pytest.mark.django_db


def words(check):
    return state_in_words(with_state(Assessment.objects.filter(pk=check.pk)).get()).split(". ", 1)[1]


def test_results_are_in_then_looked_at(cast):
    check = make_assessment(cast.team)
    absent(check, cast.ines)
    assert words(check) == "0 students are in."
    answer(check, cast.maya, "CABD")
    assert words(check) == "1 student is in, not looked at yet."
    answer(check, cast.jonas, "CABD")
    assert words(check) == "2 students are in, not looked at yet."
    record_results_view(check, reader=None, section=None, seen=NOTHING)
    assert words(check) == "2 students are in."
