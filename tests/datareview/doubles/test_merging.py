"""Two records of one student become one, and two again within a day."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import reverse

from datareview.doubles.queries import likely_doubles, merge_preview
from datareview.doubles.services.different import mark_different, unmark_different
from datareview.doubles.services.merging import merge_students, undo_merge
from datareview.flags.models import Flag, Rule
from datareview.privacy.models import Disclosure
from datareview.privacy.services.disclosures import record_disclosure
from datareview.privacy.services.erasure import erase_student
from datareview.records.models import DifferentStudents, Score, Student, StudentMerge
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError
from tests.conftest import START, TODAY, make_plan, make_student

pytestmark = pytest.mark.django_db

DAY = TODAY - dt.timedelta(days=2)
RECOMPUTED = {
    "trendscope",
    "trend",
    "change",
    "trendrun",
    "trendpart",
    "job",
    "auditevent",
    "auditdetail",
    "studentmerge",
}


@pytest.fixture
def twin(cast):
    """Maya once more, under her number without its zeros, with rows that collide with hers and rows that don't."""
    Student.objects.filter(pk=cast.maya.pk).update(local_id="001001")
    cast.maya.refresh_from_db()
    twin = make_student(cast.school, "1001", "Maya", "Okafor", 4)
    Student.objects.filter(pk=twin.pk).update(home_language="so", strengths="Sings")
    twin.refresh_from_db()
    for days, value in [(0, 68), (7, 50), (100, 40)]:
        day = DAY - dt.timedelta(days=days)
        Score.objects.create(student=twin, measure=cast.fluency, taken_on=day, value=value)
    cast.maya.attendance.create(day=DAY, mark="present")
    twin.attendance.create(day=DAY, mark="excused")
    twin.attendance.create(day=TODAY, mark="tardy")
    place = twin.enrollments.create(section=cast.section, starts_on=START)
    place.grades.create(as_of=TODAY, percent=81)
    twin.guardians.create(name="Rosa Okafor", phone="555-0101")
    twin.incidents.create(day=DAY, kind="Ran")
    same = make_flag_row(twin, cast.flag.rule)
    candidate = twin.candidates.create(domain="attendance", reason="Absent", raised_on=DAY)
    candidate.flags.add(same)
    cast.action.student = twin
    cast.action.save()
    cast.meeting.items.first().exhibits.create(
        view="student_attendance", parameters={"student": str(twin.uuid)}, added_by=cast.ana
    )
    return twin


def make_flag_row(student, rule):
    return Flag.objects.create(
        student=student, rule=rule, domain="behavior", state="open", severity=2, reason="x", evidence={},
        first_seen_on=DAY, last_seen_on=DAY, opened_on=DAY,
    )  # fmt: skip


def snapshot():
    """Rows of every table that a merge does not compute again."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in ("collab", "datareview") and model._meta.model_name not in RECOMPUTED:
            rows = model.objects.order_by("pk").values()
            names = {one.name for one in model._meta.concrete_fields if isinstance(one, models.AutoField)}
            through = model._meta.auto_created
            found[model._meta.label] = sorted(
                str({key: value for key, value in row.items() if not (through and key in names)})
                for row in rows
            )
    return found


def choices(cast, twin, side="kept"):
    return {one.key: side for one in merge_preview(cast.maya, twin).conflicts}


def merge(cast, twin, side="kept"):
    return merge_students(cast.maya, twin, actor=cast.ada, chosen=choices(cast, twin, side))


def test_the_page_shows_what_differs(cast, twin):
    preview = merge_preview(cast.maya, twin)
    assert [(one.kept, one.gone) for one in preview.conflicts] == [
        ("67", "50"),
        ("Present", "Absent, excused"),
    ]
    assert preview.refusal == ""
    assert ("scores", 3) in preview.moves


@pytest.mark.parametrize(("side", "score", "mark"), [("kept", 67, "present"), ("gone", 50, "excused")])
def test_everything_moves_and_what_was_chosen_stays(cast, twin, side, score, mark):
    merge(cast, twin, side)
    maya = Student.objects.get(pk=cast.maya.pk)
    assert not Student.objects.filter(pk=twin.pk).exists()
    assert (maya.local_id, maya.home_language, maya.strengths) == ("001001", "so", "Sings")
    assert maya.scores.count() == 8
    assert maya.scores.get(taken_on=DAY - dt.timedelta(days=7)).value == score
    assert list(maya.attendance.order_by("day").values_list("mark", flat=True)) == [mark, "tardy"]
    assert list(maya.enrollments.values_list("section__name", "grades__percent")) == [("4A", 81)]
    assert (maya.guardians.count(), maya.incidents.count(), maya.actions.count()) == (1, 1, 1)
    states = maya.candidates.order_by("pk").values_list("state", flat=True)
    assert (list(states), maya.flags.count()) == (["new", "no_action"], 1)
    exhibit = cast.meeting.items.first().exhibits.get()
    assert exhibit.parameters == {"student": str(maya.uuid)}


@pytest.mark.parametrize("side", ["kept", "gone"])
def test_a_merge_is_undone_to_the_last_row(cast, twin, side):
    before = snapshot()
    done = merge(cast, twin, side)
    assert snapshot() != before
    assert undo_merge(done, actor=cast.ada) == twin
    assert snapshot() == before


def test_a_merge_is_undone_once_and_within_a_day(cast, twin):
    done = merge(cast, twin)
    created = done.created_at
    StudentMerge.objects.filter(pk=done.pk).update(created_at=created - dt.timedelta(days=1))
    with pytest.raises(DomainError, match="for a day"):
        undo_merge(done, actor=cast.ada)
    StudentMerge.objects.filter(pk=done.pk).update(created_at=created)
    undo_merge(done, actor=cast.ada)
    with pytest.raises(DomainError, match="and once"):
        undo_merge(done, actor=cast.ada)


def test_a_number_that_was_given_again_stops_the_undoing(cast, twin):
    done = merge(cast, twin)
    make_student(cast.school, "1001", "New", "Child", 4)
    with pytest.raises(DomainError, match="1001"):
        undo_merge(done, actor=cast.ada)


def test_the_logs_keep_both(cast, twin):
    record_disclosure([twin.pk], reader=cast.ana, what="student-detail")
    merge(cast, twin)
    assert Disclosure.objects.of_student(twin.pk).count() == 1
    event = AuditEvent.objects.get(verb="merged-students")
    assert (event.subject_uuid, event.data) == (cast.maya.uuid, {"gone": str(twin.uuid)})


def test_the_address_of_a_merged_record_leads_to_the_one_that_was_kept(cast, twin, as_user):
    """During the day in which it can be undone and afterwards, for those who may see the student, and logged."""
    old = reverse("datareview:student-detail", args=[twin.uuid])
    done = merge(cast, twin)
    for days in (0, 40):
        StudentMerge.objects.filter(pk=done.pk).update(created_at=done.created_at - dt.timedelta(days=days))
        for person in (cast.ana, cast.ada):
            page = as_user(person).get(old, follow=True)
            assert page.redirect_chain == [(cast.maya.get_absolute_url(), 302)]
            assert "This is the one that was kept." in page.content.decode()
    assert {one.reader for one in Disclosure.objects.of_student(cast.maya.pk)} == {cast.ana, cast.ada}
    assert as_user(cast.zed).get(old).status_code == 404
    StudentMerge.objects.filter(pk=done.pk).update(created_at=done.created_at)
    undo_merge(done, actor=cast.ada)
    assert as_user(cast.ada).get(old).status_code == 200


def test_nothing_is_merged_without_a_choice_for_each_difference(cast, twin):
    key = next(iter(choices(cast, twin)))
    for chosen in ({}, {key: "kept"}, dict.fromkeys(choices(cast, twin), "both")):
        with pytest.raises(DomainError, match="Choose what stays"):
            merge_students(cast.maya, twin, actor=cast.ada, chosen=chosen)
    assert Student.objects.filter(pk=twin.pk).exists()


def test_two_running_plans_with_one_strategy_are_refused(cast, twin):
    make_plan(twin, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    with pytest.raises(DomainError, match="running plan with Repeated reading"):
        merge(cast, twin)


def test_records_of_two_schools_and_others_are_refused(cast, twin):
    for user in (cast.cora, cast.zed):
        with pytest.raises(PermissionDenied):
            merge_students(cast.maya, twin, actor=user, chosen={})
    with pytest.raises(DomainError, match="of one school"):
        merge_students(cast.maya, cast.leak, actor=cast.ada, chosen={})
    with pytest.raises(DomainError, match="Choose two"):
        merge_students(cast.maya, cast.maya, actor=cast.ada, chosen={})


def test_likely_doubles_are_found_with_reasons(cast, twin):
    make_student(cast.school, "77", "Jonas", "Weber", 5)
    make_student(cast.school, "78", "Ines", "Duarte", 1)  # another child of that name
    pairs = [(one.first.local_id, one.second.local_id, one.reasons) for one in likely_doubles(cast.school)]
    assert pairs == [
        ("001001", "1001", ["numbers that differ by leading zeros", "the same name", "the same grade"]),
        ("1002", "77", ["the same name"]),
    ]


def test_an_erased_student_leaves_nothing_of_a_merge(cast, twin):
    merge(cast, twin)
    maya = Student.objects.get(pk=cast.maya.pk)
    erase_student(maya, actor=cast.ada)
    assert (StudentMerge.objects.count(), Student.objects.filter(last_name="Okafor").count()) == (0, 0)


def test_records_are_merged_and_undone_on_the_pages(cast, twin, as_user):
    ada = as_user(cast.ada)
    address = reverse("datareview:student-merge", args=[cast.maya.uuid, twin.uuid])
    refused = ada.post(address, {})
    assert (refused.status_code, Student.objects.filter(pk=twin.pk).exists()) == (422, True)
    assert ada.post(address, choices(cast, twin)).status_code == 302
    page = ada.get(reverse("datareview:merge-list"))
    (done,) = page.context["merges"]
    ada.post(reverse("datareview:merge-undo", args=[done.uuid]))
    assert Student.objects.filter(pk=twin.pk).exists()


def test_flags_of_other_rules_move(cast, twin):
    rule = Rule.objects.create(school=cast.school, key="b", name="B", kind=Rule.Kind.BEHAVIOR, parameters={})
    other = make_flag_row(twin, rule)
    merge(cast, twin)
    assert set(cast.maya.flags.values_list("pk", flat=True)) == {cast.flag.pk, other.pk}


LAST_YEAR, LEFT_ON = START - dt.timedelta(days=300), DAY - dt.timedelta(days=20)
GONE_STAY = {"entered_on": LAST_YEAR, "left_on": LEFT_ON}


def leave(student, left_on=LEFT_ON):
    Student.objects.filter(pk=student.pk).update(status="left", entered_on=LAST_YEAR, left_on=left_on)


def stays(student):
    """Status, first and last day now, and the earlier stays."""
    student.refresh_from_db()
    earlier = student.stays.values("entered_on", "left_on")
    return student.status, student.entered_on, student.left_on, list(earlier)


@pytest.mark.parametrize("leaver", ["kept", "gone"])
def test_a_student_is_enrolled_if_either_record_is_and_the_other_stay_is_kept(cast, twin, leaver):
    Student.objects.update(entered_on=START)
    leave(cast.maya if leaver == "kept" else twin)
    before = snapshot()
    done = merge(cast, twin)
    assert stays(cast.maya) == ("active", START, None, [GONE_STAY])
    undo_merge(done, actor=cast.ada)
    assert snapshot() == before


@pytest.mark.parametrize("last", ["kept", "gone"])
def test_of_two_leavers_the_later_stay_is_the_last_one(cast, twin, last):
    leave(cast.maya, TODAY if last == "kept" else LEFT_ON)
    leave(twin, TODAY if last == "gone" else LEFT_ON)
    merge(cast, twin)
    assert stays(cast.maya) == ("left", LAST_YEAR, TODAY, [GONE_STAY])


def test_a_leaver_without_a_last_day_adds_no_stay(cast, twin):
    Student.objects.update(entered_on=None)
    leave(cast.maya, None)
    merge(cast, twin)
    assert stays(cast.maya) == ("active", LAST_YEAR, None, [])


def test_a_place_in_a_section_that_goes_on_in_either_record_goes_on(cast, twin):
    cast.maya.enrollments.update(starts_on=START, ends_on=LEFT_ON)
    before = snapshot()
    done = merge(cast, twin)
    assert list(cast.maya.enrollments.values_list("starts_on", "ends_on")) == [(START, None)]
    undo_merge(done, actor=cast.ada)
    assert snapshot() == before


@pytest.mark.parametrize(("side", "grade"), [("kept", 4), ("gone", 0)])
def test_a_grade_that_differs_is_chosen(cast, twin, side, grade):
    Student.objects.filter(pk=twin.pk).update(grade=0)
    twin.refresh_from_db()
    first = merge_preview(cast.maya, twin).conflicts[0]
    assert (first.key, first.kept, first.gone) == ("grade", "Grade 4", "Kindergarten")
    merge(cast, twin, side)
    cast.maya.refresh_from_db()
    assert cast.maya.grade == grade


def test_names_that_are_missing_are_filled(cast, twin):
    Student.objects.filter(pk=cast.maya.pk).update(first_name="", grade=None)
    Student.objects.filter(pk=twin.pk).update(
        first_name="May", last_name="Oka", preferred_name="Bee", grade=0
    )
    cast.maya.refresh_from_db()
    twin.refresh_from_db()
    before = snapshot()
    done = merge(cast, twin)
    cast.maya.refresh_from_db()
    names = cast.maya.first_name, cast.maya.last_name, cast.maya.preferred_name, cast.maya.grade
    assert names == ("May", "Okafor", "Bee", 0)
    undo_merge(done, actor=cast.ada)
    assert snapshot() == before


@pytest.mark.parametrize("order", ["chain", "fan"])
def test_of_several_merges_the_latest_is_undone_first(cast, twin, order):
    """The twin into Maya, then Maya into a third record, or the third into Maya."""
    third = make_student(cast.school, "01001", "Maya", "Okafor", 4)
    before = snapshot()
    first = merge(cast, twin)
    between = snapshot()
    kept, gone = (third, cast.maya) if order == "chain" else (cast.maya, third)
    second = merge_students(kept, gone, actor=cast.ada, chosen={})
    both = snapshot()
    with pytest.raises(DomainError, match="Undo that merge first"):
        undo_merge(first, actor=cast.ada)
    assert snapshot() == both
    undo_merge(second, actor=cast.ada)
    assert snapshot() == between
    undo_merge(first, actor=cast.ada)
    assert snapshot() == before


@pytest.mark.parametrize(
    ("kept", "gone", "states"),
    [
        ("new", "new", ["new", "no_action"]),
        ("plan", "plan", ["plan", "no_action"]),
        ("new", "watch", ["no_action", "watch"]),
        ("watch", "on_agenda", ["no_action", "on_agenda"]),
        ("on_agenda", "plan", ["no_action", "plan"]),
        ("plan", "on_agenda", ["plan", "no_action"]),
        ("no_action", "new", ["no_action", "new"]),
        ("disputed", "new", ["disputed", "no_action"]),
        ("disputed", "supported", ["no_action", "supported"]),
        ("supported", "plan", ["no_action", "plan"]),
    ],
)
def test_of_two_candidates_the_one_that_is_further_on_stays(cast, twin, kept, gone, states):
    cast.maya.candidates.update(state=kept)
    twin.candidates.update(state=gone, domain=cast.candidate.domain)
    before = snapshot()
    done = merge(cast, twin)
    assert list(cast.maya.candidates.order_by("pk").values_list("state", flat=True)) == states
    undo_merge(done, actor=cast.ada)
    assert snapshot() == before


def merged_guardians(cast, twin, mine, theirs):
    """Merge with one guardian in each record; the guardians after, and the merge undone to the last row."""
    cast.maya.guardians.all().delete()
    twin.guardians.all().delete()
    cast.maya.guardians.create(**{"name": "Rosa Okafor", **mine})
    twin.guardians.create(**{"name": "rosa  OKAFOR", **theirs})
    before = snapshot()
    done = merge(cast, twin)
    fields = "name", "phone", "email", "may_contact", "custody_note"
    found = list(cast.maya.guardians.order_by("pk").values_list(*fields))
    undo_merge(done, actor=cast.ada)
    assert snapshot() == before
    return found


def test_guardians_of_one_name_become_one_with_the_limits_of_both(cast, twin):
    mine = {"phone": "555-0101", "may_contact": True}
    theirs = {"email": "rosa@home.example", "may_contact": False, "custody_note": "No pick-up."}
    one = ("Rosa Okafor", "555-0101", "rosa@home.example", False, "No pick-up.")
    assert merged_guardians(cast, twin, mine, theirs) == [one]


def test_different_custody_notes_are_both_kept(cast, twin):
    ((*_rest, note),) = merged_guardians(
        cast, twin, {"custody_note": "Ask Ada."}, {"custody_note": "No pick-up."}
    )
    assert note == "Ask Ada.; No pick-up."


def test_guardians_of_one_name_with_two_numbers_stay_two_with_the_limits_of_both(cast, twin):
    mine = {"phone": "555-0101", "may_contact": False}
    theirs = {"phone": "555-0202", "custody_note": "No pick-up."}
    assert merged_guardians(cast, twin, mine, theirs) == [
        ("Rosa Okafor", "555-0101", "", False, "No pick-up."),
        ("rosa  OKAFOR", "555-0202", "", False, "No pick-up."),
    ]


def test_custody_notes_that_are_too_long_together_stay_two(cast, twin):
    mine, theirs = {"custody_note": "a" * 200, "may_contact": False}, {"custody_note": "b" * 200}
    found = [(may, note) for *_rest, may, note in merged_guardians(cast, twin, mine, theirs)]
    assert found == [(False, "a" * 200), (False, "b" * 200)]


def test_guardians_of_other_names_stay_as_they_are(cast, twin):
    found = merged_guardians(cast, twin, {"may_contact": False}, {"name": "Rosa Okafo"})
    assert [(name, may) for name, _phone, _email, may, _note in found] == [
        ("Rosa Okafor", False),
        ("Rosa Okafo", True),
    ]


def doubles(cast):
    return {(one.first.local_id, one.second.local_id) for one in likely_doubles(cast.school)}


def pairs():
    rows = DifferentStudents.objects.order_by("pk")
    return [{pair.first.local_id, pair.second.local_id} for pair in rows.select_related("first", "second")]


def test_two_records_marked_as_different_are_not_suggested_until_it_is_undone(cast, twin):
    assert doubles(cast) == {("001001", "1001")}
    pair = mark_different(twin, cast.maya, actor=cast.ada)
    assert mark_different(cast.maya, twin, actor=cast.ada) == pair  # said twice
    assert doubles(cast) == set()
    unmark_different(pair, actor=cast.ada)
    assert doubles(cast) == {("001001", "1001")}
    with pytest.raises(DomainError, match="undone this already"):
        unmark_different(pair, actor=cast.ada)
    events = AuditEvent.objects.filter(verb__endswith="different").order_by("pk")
    assert list(events.values_list("verb", "subject_uuid", "data")) == [
        ("marked-different", twin.uuid, {"other": str(cast.maya.uuid)}),
        ("unmarked-different", twin.uuid, {"other": str(cast.maya.uuid)}),
    ]


def test_records_of_two_schools_and_others_are_not_marked(cast, twin):
    for user in (cast.cora, cast.zed):
        with pytest.raises(PermissionDenied):
            mark_different(cast.maya, twin, actor=user)
    for other in (cast.leak, cast.maya):
        with pytest.raises(DomainError, match="two records of one school"):
            mark_different(cast.maya, other, actor=cast.ada)


def test_who_differs_from_a_merged_record_differs_from_the_one_that_was_kept(cast, twin):
    """The third, marked against both, is so once after the merge; the two that are one are no longer different."""
    third = make_student(cast.school, "01001", "Maya", "Okafor", 4)
    fourth = make_student(cast.school, "0001001", "Maya", "Okafor", 4)
    for first, second in [(cast.maya, twin), (third, twin), (cast.maya, third), (twin, fourth)]:
        mark_different(first, second, actor=cast.ada)
    before = snapshot()
    done = merge(cast, twin)
    assert pairs() == [{"001001", "01001"}, {"001001", "0001001"}]
    undo_merge(done, actor=cast.ada)
    assert snapshot() == before


def test_a_pair_is_marked_and_unmarked_on_the_page(cast, twin, as_user):
    ada, page = as_user(cast.ada), reverse("datareview:merge-list")
    ada.post(reverse("datareview:different-mark", args=[cast.maya.uuid, twin.uuid]))
    shown = ada.get(page)
    (pair,) = shown.context["different"]
    assert (shown.context["doubles"], {pair.first, pair.second}) == ([], {cast.maya, twin})
    ada.post(reverse("datareview:different-undo", args=[pair.uuid]))
    shown = ada.get(page)
    assert (len(shown.context["doubles"]), list(shown.context["different"])) == (1, [])


def test_the_page_says_that_more_pairs_follow(cast, as_user, monkeypatch):
    make_student(cast.school, "77", cast.maya.first_name, cast.maya.last_name, cast.maya.grade)
    more = "More follow as these are settled."
    assert more not in as_user(cast.ada).get("/students/doubles/").content.decode()
    monkeypatch.setattr("datareview.doubles.views.MOST_PAIRS", 1)
    assert more in as_user(cast.ada).get("/students/doubles/").content.decode()
