"""A query that is compiled once finds the rows of each call's own values."""

import datetime as dt

import pytest
from django.db.models import F

from teams.access.prepared import in_prepared, many_ids, prepared_rows
from teams.directory.models import Staff, TeamGrade, TeamMember

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
                if teams and staff:
                    assert {row.pk for row in prepared_rows(members, on, teams, staff)} == set(found)


def test_a_query_is_built_once_for_the_same_number_of_ids(cast):
    in_prepared(members, cast.school.today(), [1, 2, 3], [4])
    BUILT.clear()
    in_prepared(members, cast.school.today(), [5, 6, 7], [8])
    assert BUILT == []


def people(_day, staff_ids):
    BUILT.append(staff_ids)
    found = Staff.objects.filter(pk__in=staff_ids).select_related("user", "school")
    return found.annotate(works_until=F("ends_on")).order_by("pk")


def test_rows_have_their_relations_and_what_was_added(cast, django_assert_num_queries):
    day, ana, zed = cast.school.today(), cast.staff.ana, cast.staff.zed
    Staff.objects.filter(pk=zed.pk).update(ends_on=day)
    list(prepared_rows(people, day, [cast.staff.tom.pk, ana.pk]))
    BUILT.clear()
    with django_assert_num_queries(1):
        found = [
            (row, row.user, row.school, row.school.uuid, row.works_until)
            for row in prepared_rows(people, day, [ana.pk, zed.pk])
        ]
    assert found == [
        (ana, cast.ana, cast.school, cast.school.uuid, None),
        (zed, cast.zed, cast.other_school, cast.other_school.uuid, day),
    ]
    assert BUILT == []


def test_many_ids_are_one_parameter(cast):
    ana, tom = cast.staff.ana, cast.staff.tom
    found = Staff.objects.filter(pk__in=many_ids(range(ana.pk, ana.pk + 3_000)))
    assert len(found.query.sql_with_params()[1]) == 1
    assert set(found) == {one for one in Staff.objects.all() if ana.pk <= one.pk < ana.pk + 3_000}
    assert set(cast.team.members.filter(staff__in=many_ids({tom.pk}))) == {cast.team.members.get(staff=tom)}
    assert not Staff.objects.filter(pk__in=many_ids([])).exists()


def test_a_small_column_is_compared_too(cast):
    """Django drops a condition on a column that cannot hold the value, like a made-up one that is too large."""

    def of_grade(grade):
        return TeamGrade.objects.filter(grade=grade).order_by("pk")

    assert prepared_rows(of_grade, 4) == list(of_grade(4)) != []
    assert prepared_rows(of_grade, 5) == []


@pytest.mark.parametrize("teams", [2, 9, 30, 120])
@pytest.mark.parametrize("others", range(3))
def test_ids_may_be_in_a_set_of_any_size(cast, teams, others):
    def in_sets(_others, team_ids):
        return TeamMember.objects.filter(team_id__in=frozenset(team_ids))

    ids = [cast.team.pk, *range(-teams, -1)]
    rows = prepared_rows(in_sets, list(range(others)), ids)
    assert {row.pk for row in rows} == set(cast.team.members.values_list("pk", flat=True))
