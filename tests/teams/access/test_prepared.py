"""A query that is compiled once finds the rows of each call's own values."""

import datetime as dt

import pytest

from teams.access.prepared import in_prepared
from teams.directory.models import TeamMember

BUILT = []


def members(day, team_ids, staff_ids):
    BUILT.append(day)
    return TeamMember.objects.active(day).filter(team_id__in=team_ids, staff_id__in=staff_ids)


@pytest.mark.parametrize("ended", [None, 0, 1])
def test_rows_of_a_day_and_of_ids(cast, ended):
    day, tom, ana = cast.school.today(), cast.staff.tom.pk, cast.staff.ana.pk
    if ended is not None:
        cast.team.members.filter(staff=tom).update(ends_on=day - dt.timedelta(days=ended))
    for on in (day, day - dt.timedelta(days=5000)):
        for staff in ([], [tom], [ana], [tom, ana], [ana, tom], [-1]):
            for teams in ([cast.team.pk], [-1], []):
                found = members(on, teams, staff).values_list("pk", flat=True)
                condition = in_prepared(members, on, teams, staff)
                assert set(TeamMember.objects.filter(condition).values_list("pk", flat=True)) == set(found)


def test_a_query_is_built_once_for_the_same_number_of_ids(cast):
    in_prepared(members, cast.school.today(), [1, 2, 3], [4])
    BUILT.clear()
    in_prepared(members, cast.school.today(), [5, 6, 7], [8])
    assert BUILT == []
