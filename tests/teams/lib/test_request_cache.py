"""What is kept during a request: only there, only for the same arguments, and not after a write to its tables."""

from contextvars import copy_context

import pytest
from django.db import connection, transaction

from teams.directory.models import School, Staff
from teams.lib.request_cache import read_once, request_cache

LINCOLN, ROOSEVELT = ["Lincoln Elementary"], ["Roosevelt Elementary"]


@read_once(School)
def names(like):
    return list(School.objects.filter(name__contains=like).values_list("name", flat=True))


@pytest.fixture
def kept(cast):
    """Return whether reading the names again takes no query."""

    def read(like="Lincoln"):
        first, before = names(like), len(connection.execute_wrappers)
        asked = []
        with connection.execute_wrapper(lambda execute, *args: asked.append(args) or execute(*args)):
            assert names(like) == first
        assert len(connection.execute_wrappers) == before
        return not asked

    return read


def test_a_request_reads_once_for_each_argument(kept):
    for _request in range(2):
        with request_cache():
            assert kept()
            assert names("Lincoln") == LINCOLN
            assert names("Roosevelt") == ROOSEVELT


def test_nothing_is_kept_outside_a_request_or_by_what_it_left_running(kept):
    assert not kept()
    with request_cache():
        assert kept()
        left = copy_context()
    assert not kept()
    assert not left.run(kept)


def test_a_request_sees_what_happened_before_it(cast):
    with request_cache():
        assert names("Lincoln") == LINCOLN
    School.objects.filter(pk=cast.school.pk).update(name="Lincoln Middle")
    with request_cache():
        assert names("Lincoln") == ["Lincoln Middle"]


def raw(school):
    with connection.cursor() as cursor:
        cursor.execute('UPDATE "teams_school" SET "name" = \'Other\' WHERE "id" = %s', [school.pk])


def renamed(school):
    school.name = "Other"
    return school


WRITES = {
    "save": lambda school: renamed(school).save(),
    "update": lambda school: School.objects.filter(pk=school.pk).update(name="Other"),
    "bulk_update": lambda school: School.objects.bulk_update([renamed(school)], ["name"]),
    "raw": raw,
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_every_kind_of_write_to_its_table_ends_it(cast, kept, write):
    with request_cache():
        assert (kept(), names("Lincoln")) == (True, LINCOLN)
        write(cast.school)
        assert (kept(), names("Lincoln")) == (False, [])


def test_what_a_rolled_back_write_showed_is_not_kept(cast):
    with request_cache():
        names("Lincoln")
        with transaction.atomic():
            raw(cast.school)
            assert names("Lincoln") == []
            transaction.set_rollback(True)
        assert names("Lincoln") == LINCOLN


def test_a_write_to_another_table_changes_nothing(kept):
    with request_cache():
        assert kept()
        Staff.objects.update(title="Dr.")
        assert kept()
