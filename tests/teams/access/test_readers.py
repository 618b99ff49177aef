"""What changes from call to call is a parameter of a prepared query; anything computed from it is refused."""

import datetime as dt
import uuid

import pytest

from teams.access.prepared import Text, prepared_rows
from teams.access.readers import reader_of
from teams.directory.models import School, Staff
from teams.lib import clock

BUILT = []


def staff_since(_user, day, moment, name, ids):
    BUILT.append(name)
    return Staff.objects.filter(
        pk__in=ids, starts_on__lte=day, user__created_at__lte=moment, user__last_name=name
    )


def test_texts_days_and_moments_are_parameters(cast):
    ana, now, today = cast.staff.ana, clock.now(), cast.school.today()
    long_ago = now - dt.timedelta(days=9_000)
    arguments = (reader_of(cast.ana), today, now, Text(cast.ana.last_name), [ana.pk])
    assert prepared_rows(staff_since, *arguments) == [ana]
    BUILT.clear()
    for changed in (
        (reader_of(cast.cora), today, now, Text("Nobody"), [ana.pk]),
        (reader_of(cast.cora), today, long_ago, Text(cast.ana.last_name), [ana.pk]),
        (reader_of(cast.cora), today - dt.timedelta(days=9_000), now, Text(cast.ana.last_name), [ana.pk]),
        (reader_of(cast.cora), today, now, Text(cast.ana.last_name), [cast.staff.tom.pk]),
    ):
        assert prepared_rows(staff_since, *changed) == []
    assert len(BUILT) <= 2  # once for the shape of another reader, with two made-up values of each kind


def of_school(uuid_of_school):
    return School.objects.filter(uuid=uuid_of_school)


def test_a_public_id_is_a_parameter(cast):
    assert prepared_rows(of_school, uuid.uuid4()) == []
    assert prepared_rows(of_school, cast.school.uuid) == [cast.school]


def of_many(_state, ids):
    BUILT.append(len(ids))
    return Staff.objects.filter(pk__in=ids)


def test_long_lists_have_few_shapes(cast):
    ids = list(Staff.objects.order_by("pk").values_list("pk", flat=True))
    BUILT.clear()
    for many in range(5, 9):
        wanted = [*ids, *range(-9, 0)][:many]
        assert {row.pk for row in prepared_rows(of_many, "any", wanted)} == set(wanted) & set(ids)
    assert BUILT == [8, 8]


def tomorrow(day):
    return Staff.objects.filter(starts_on__lte=day + dt.timedelta(days=1))


def before_an_hour():
    return Staff.objects.filter(user__created_at__lte=clock.now() - dt.timedelta(hours=1))


def today(_day):
    return Staff.objects.active()


def test_what_is_computed_from_a_value_or_from_the_clock_is_refused(cast):
    with pytest.raises(ValueError, match="tomorrow"):
        prepared_rows(tomorrow, clock.server_day())
    with pytest.raises(ValueError, match="before_an_hour"):
        prepared_rows(before_an_hour)
    Staff.objects.filter(pk=cast.staff.ana.pk).update(ends_on=clock.server_day())
    assert cast.staff.ana in prepared_rows(today, clock.server_day())
    with clock.stopped_at(clock.now() + dt.timedelta(days=1)):
        assert cast.staff.ana not in prepared_rows(today, clock.server_day())
