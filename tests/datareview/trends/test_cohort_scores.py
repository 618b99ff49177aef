"""Groups of a team's students for decisions."""

import datetime as dt

import pytest

from datareview.records.models import Section
from datareview.trends.queries.cohort_scores import cohort_choices, team_cohort
from tests.conftest import TODAY

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def offered(team):
    return {key for key, _name in cohort_choices(team)}


def test_a_section_is_offered_with_its_students_of_today(cast):
    measure, key = cast.fluency, f"section:{cast.section.uuid}"
    assert key in offered(cast.team)
    assert set(team_cohort(cast.team, key, measure)) == {cast.maya, cast.jonas}
    cast.section.enrollments.filter(student=cast.jonas).update(ends_on=TODAY - DAY)
    assert set(team_cohort(cast.team, key, measure)) == {cast.maya}
    cast.section.teacher_links.update(ends_on=TODAY - DAY)
    assert key not in offered(cast.team)
    for unknown in ("section:", "section:x", f"section:{cast.school.uuid}"):
        assert list(team_cohort(cast.team, unknown, measure)) == []


def test_a_section_of_last_year_is_not_offered(cast):
    key = f"section:{cast.section.uuid}"
    earlier = cast.school.years.create(name="Last year", starts_on="2020-09-01", ends_on="2021-06-30")
    Section.objects.filter(pk=cast.section.pk).update(year=earlier)
    assert key not in offered(cast.team)
    assert list(team_cohort(cast.team, key, cast.fluency)) == []
