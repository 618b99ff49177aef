"""The page of who looked at which student's record: scoped to the school, by student, person and days, itself logged."""

import datetime as dt

import pytest

from datareview.doubles.services.merging import merge_students, undo_merge
from datareview.privacy.models import Disclosure
from datareview.privacy.queries import SHOWN, Wanted, views_of_records
from datareview.privacy.services.disclosures import record_disclosure
from teams.directory.models import Role, Staff
from tests.conftest import START, make_student

pytestmark = pytest.mark.django_db


@pytest.fixture
def looked(cast):
    """Ana looked at Maya and Ines, Cora at Jonas, and Zed of the other school at his student."""
    record_disclosure([cast.maya.pk, cast.ines.pk], reader=cast.ana, what="student-list")
    record_disclosure([cast.jonas.pk], reader=cast.cora, what="student-detail")
    record_disclosure([cast.leak.pk], reader=cast.zed, what="student-detail")


def today(cast, **wanted):
    return Wanted(cast.school.today(), cast.school.today(), **wanted)


def rows(cast, school=None, **wanted):
    """Reader, page and students of each view, as the school sees it."""
    _page, views = views_of_records(school or cast.school, today(cast, **wanted))
    return [(view.reader, str(view.page), view.students) for view in views]


def test_a_school_sees_the_views_of_its_own_students_latest_first_with_the_reasons(cast, looked):
    assert rows(cast) == [
        (cast.cora, "Student", [cast.jonas]),
        (cast.ana, "List of students", [cast.ines, cast.maya]),
    ]
    _page, views = views_of_records(cast.school, today(cast))
    assert [[str(reason) for reason in view.reasons] for view in views] == [
        ["sees the whole school"],
        ["teaches them", "in their team"],
    ]
    assert rows(cast, cast.other_school) == [(cast.zed, "Student", [cast.leak])]


def test_someone_at_two_schools_is_listed_at_each_with_its_students_only(cast, looked):
    Staff.objects.create(user=cast.zed, school=cast.school, role=Role.TEACHER, starts_on=START)
    record_disclosure([cast.leak.pk, cast.maya.pk], reader=cast.zed, what="search-show")
    assert [row for row in rows(cast) if row[0] == cast.zed] == [(cast.zed, "Search", [cast.maya])]
    assert rows(cast, cast.other_school) == [
        (cast.zed, "Search", [cast.leak]),
        (cast.zed, "Student", [cast.leak]),
    ]


def test_the_views_of_one_student_include_those_by_guests(cast, looked):
    record_disclosure([cast.maya.pk], reader=cast.zed, what="meeting-detail")
    assert [(reader, page) for reader, page, _students in rows(cast, student=cast.maya)] == [
        (cast.zed, "Meeting"),
        (cast.ana, "List of students"),
    ]
    assert cast.zed not in [reader for reader, *_rest in rows(cast)]


def test_views_are_filtered_by_person_and_by_days(cast, looked, settings):
    assert [row[0] for row in rows(cast, reader_id=cast.ana.pk)] == [cast.ana]
    settings.CLOCK_OFFSET += dt.timedelta(days=1)
    assert rows(cast) == []


def test_a_view_of_many_names_a_few_and_counts_the_rest(cast):
    many = [make_student(cast.school, f"90{n}", f"Kid{n}", "Zz", grade=4) for n in range(SHOWN + 3)]
    record_disclosure([one.pk for one in many], reader=cast.cora, what="student-list")
    _page, (view,) = views_of_records(cast.school, today(cast))
    assert (view.students, view.more) == (many[:SHOWN], 3)


def test_views_of_a_merged_record_are_views_of_the_one_that_was_kept(cast, looked):
    twin = make_student(cast.school, "0001", "Maya", "Okafor", 4)
    third = make_student(cast.school, "00001", "Maya", "Okafor", 4)
    Staff.objects.create(user=cast.zed, school=cast.school, role=Role.TEACHER, starts_on=START)
    record_disclosure([third.pk], reader=cast.zed, what="student-edit")
    record_disclosure([twin.pk, cast.maya.pk], reader=cast.cora, what="plan-list")
    merge_students(twin, third, actor=cast.ada, chosen={})
    merge = merge_students(cast.maya, twin, actor=cast.ada, chosen={})
    assert rows(cast, student=cast.maya) == [
        (cast.cora, "Plans", [cast.maya]),
        (cast.zed, "Student", [cast.maya]),
        (cast.ana, "List of students", [cast.maya, cast.ines]),
    ]
    assert rows(cast)[:2] == rows(cast, student=cast.maya)[:2]
    _page, (_latest, view, _first) = views_of_records(cast.school, today(cast, student=cast.maya))
    assert [str(reason) for reason in view.reasons] == ["named on a page about something else"]
    undo_merge(merge, actor=cast.ada)
    assert [page for _reader, page, _students in rows(cast, student=cast.maya)] == [
        "Plans",
        "List of students",
    ]
    assert rows(cast)[1] == (cast.zed, "Student", [twin])


def test_an_erased_student_is_no_name_and_no_error(cast, looked):
    cast.jonas.delete()
    assert rows(cast)[0] == (cast.cora, "Student", [])


def test_the_page_is_itself_logged_and_links_each_student(cast, looked, as_user):
    html = as_user(cast.pia).get("/disclosures/").content.decode()
    assert f"student={cast.maya.uuid}" in html
    assert "Maya Okafor" in html
    row = Disclosure.objects.get(reader=cast.pia)
    assert (row.what, row.students) == (
        "disclosure-list",
        f" {' '.join(map(str, sorted([cast.maya.pk, cast.jonas.pk, cast.ines.pk])))} ",
    )


def test_the_page_of_a_student_of_another_school_is_not_found(cast, as_user):
    screen = as_user(cast.ada)
    answers = [
        screen.get("/disclosures/", {"student": uuid}).status_code
        for uuid in (cast.leak.uuid, "x", cast.maya.uuid)
    ]
    assert answers == [404, 404, 200]


@pytest.mark.parametrize(
    "query",
    [
        {"first": "9999-12-31", "last": "0001-01-01"},
        {"first": "1900-01-01", "last": "2099-12-31"},
        {"person": "x", "first": "²", "last": "nan", "page": "-1"},
    ],
)
def test_strange_filters_are_no_error(cast, looked, as_user, query):
    assert as_user(cast.ada).get("/disclosures/", query).status_code == 200


def test_the_students_page_leads_there_for_those_who_may(cast, as_user):
    address = f"/disclosures/?student={cast.maya.uuid}"
    pages = {
        name: address in as_user(getattr(cast, name)).get(cast.maya.get_absolute_url()).content.decode()
        for name in ("ana", "cora", "pia", "ada")
    }
    assert pages == {"ana": False, "cora": False, "pia": True, "ada": True}


@pytest.mark.sweep
def test_the_number_of_queries_does_not_grow(cast, looked, as_user, django_assert_max_num_queries):
    for number in range(30):
        record_disclosure([cast.maya.pk, cast.ines.pk], reader=cast.ana, what=f"page-{number}")
    screen = as_user(cast.ada)
    screen.get("/disclosures/")
    with django_assert_max_num_queries(14):
        screen.get("/disclosures/")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("student-export", "List of students as a file"),
        ("coverage-show", "No one forgotten"),
        ("incident-add", "Incident"),
        ("gone-since", "Another page"),
    ],
)
def test_a_view_is_called_what_readers_call_the_page(cast, address, said):
    record_disclosure([cast.maya.pk], reader=cast.ana, what=address)
    assert [page for _who, page, _students in rows(cast)] == [said]
