"""Settings that a process keeps until anybody changes them, and never as a rolled-back change left them."""

import datetime as dt
import threading

import pytest
from django.apps import apps
from django.db import connection, connections, transaction

from datareview.records.models import Student
from teams.directory.models import Holiday
from teams.directory.queries.days import closed_days
from teams.kept.models import SettingsRevision
from teams.kept.queries import read_seldom, settings_number
from teams.lib.request_cache import request_cache
from tests.conftest import TODAY, make_school

DAY = dt.timedelta(days=1)
SETTINGS = [
    model
    for model in apps.get_models()
    if getattr(model, "is_setting", False) or getattr(model, "kept_fields", ())
]


def number():
    return settings_number().get()


def holiday(school, day, name="Rest"):
    return Holiday(school=school, name=name, starts_on=day, ends_on=day)


def asked_by_a_request(school):
    """The closed days as a request reads them, and how many queries it took to read them a first time."""
    asked = []
    with (
        request_cache(),
        connection.execute_wrapper(lambda execute, *args: asked.append(args) or execute(*args)),
    ):
        found = closed_days([school.pk])
    return found, len(asked)


def by_sql(school):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE teams_holiday SET name = 'x' WHERE school_id = %s", [school.pk])


WAYS = {
    "save": lambda school: holiday(school, TODAY + DAY).save(),
    "save again": lambda school: school.holidays.get().save(),
    "bulk_create": lambda school: Holiday.objects.bulk_create([holiday(school, TODAY + DAY)]),
    "ignored conflicts": lambda school: Holiday.objects.bulk_create(
        [holiday(school, TODAY + DAY)], ignore_conflicts=True
    ),
    "update": lambda school: school.holidays.update(ends_on=TODAY + DAY),
    "bulk_update": lambda school: Holiday.objects.bulk_update([school.holidays.get()], ["name"]),
    "delete": lambda school: school.holidays.all().delete(),
    "cascade": lambda school: school.delete(),
    "sql": by_sql,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_way_to_write_gives_another_number_and_a_rollback_the_one_before(db, way):
    school = make_school("Lincoln Elementary")
    holiday(school, TODAY).save()
    before = number()
    with transaction.atomic():
        way(school)
        assert number() != before
        transaction.set_rollback(True)
    assert number() == before


TRIGGERS = {
    "sqlite": ("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", 3),
    "postgresql": ("SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", 1),
}


@pytest.mark.parametrize("model", SETTINGS, ids=lambda model: model.__name__)
def test_every_table_of_settings_has_its_triggers(db, model):
    query, expected = TRIGGERS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query, [model._meta.db_table])
        assert cursor.fetchone() == (expected,)


@pytest.mark.parametrize(("field", "is_kept"), [("first_name", True), ("grade", False)])
def test_of_students_only_names_and_schools_are_kept(cast, field, is_kept):
    before = number()
    Student.objects.filter(pk=cast.maya.pk).update(**{field: 3})
    assert (number() != before) == is_kept


def test_a_table_without_triggers_cannot_be_read_seldom():
    with pytest.raises(TypeError, match="SettingsRevision"):
        read_seldom(SettingsRevision)


def test_requests_read_settings_once_until_they_change(cast):
    holiday(cast.school, TODAY).save()
    assert asked_by_a_request(cast.school)[0] == {TODAY}
    assert asked_by_a_request(cast.school) == ({TODAY}, 1)  # the number
    holiday(cast.other_school, TODAY).save()
    assert asked_by_a_request(cast.school) == ({TODAY}, 2)
    assert asked_by_a_request(cast.school) == ({TODAY}, 1)


def test_what_a_request_reads_after_it_wrote_is_not_kept(cast):
    with request_cache(), transaction.atomic():
        holiday(cast.school, TODAY).save()
        assert closed_days([cast.school.pk]) == {TODAY}
        transaction.set_rollback(True)
    assert asked_by_a_request(cast.school)[0] == set()


@pytest.mark.django_db(transaction=True)
def test_a_change_on_another_connection_counts_once_it_is_committed():
    school = make_school("Lincoln Elementary")
    written, go_on = threading.Event(), threading.Event()

    def write(*, commits):
        with transaction.atomic():
            holiday(school, TODAY).save()
            written.set()
            go_on.wait(10)
            transaction.set_rollback(not commits)
        connections.close_all()

    for commits, then in ((False, set()), (True, {TODAY})):
        other = threading.Thread(target=write, kwargs={"commits": commits})
        other.start()
        assert written.wait(10)
        assert asked_by_a_request(school)[0] == set()  # the other has not committed
        go_on.set()
        other.join()
        assert asked_by_a_request(school)[0] == then
        written.clear()
        go_on.clear()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_who_changes_settings_waits_for_no_other_school():
    schools = make_school("Lincoln Elementary"), make_school("Roosevelt Elementary")
    done = threading.Event()

    def write():
        holiday(schools[1], TODAY).save()
        done.set()
        connections.close_all()

    with transaction.atomic():
        holiday(schools[0], TODAY).save()
        other = threading.Thread(target=write)
        other.start()
        assert done.wait(10)
    other.join()
    assert [asked_by_a_request(school)[0] for school in schools] == [{TODAY}, {TODAY}]
