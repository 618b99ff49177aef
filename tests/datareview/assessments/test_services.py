import datetime as dt
import re
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from datareview.assessments.permissions import (
    assessments_to_copy,
    assessments_visible_to,
    deleted_assessments,
)
from datareview.assessments.services.assessments import (
    AssessmentValues,
    change_assessment,
    delete_assessment,
    make_assessment,
    restore_assessment,
)
from datareview.items.services.items import ItemValues, stored_items
from datareview.items.services.standards import UnknownStandards
from datareview.records.models import Assessment, ItemResponse, KeyChange, Standard
from teams.audit.models import AuditEvent
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit
from tests.conftest import make_section
from tests.factories import assessments as factory


def values_on(cast, **changes):
    return AssessmentValues(**{"title": "Unit 3 check", "given_on": cast.school.today(), **changes})


def make(cast, items, actor=None, **changes):
    return make_assessment(
        cast.team, actor=actor or cast.ana, values=values_on(cast, **changes), items=items, add_standards=True
    )


def change(cast, assessment, *, items=None, seen=None, actor=None, **changes):
    assessment.refresh_from_db()
    return change_assessment(
        assessment,
        actor=actor or cast.ana,
        values=values_on(cast, **changes),
        items=stored_items(assessment) if items is None else items,
        seen=assessment.version if seen is None else seen,
    )


def replaced(assessment, number, **changes):
    """The stored items, but for the one with this number."""
    return [replace(one, **changes) if one.number == number else one for one in stored_items(assessment)]


def points(assessment, student):
    rows = ItemResponse.objects.filter(item__assessment=assessment, student=student).order_by("item__number")
    return list(rows.values_list("points", flat=True))


@pytest.fixture
def answered(cast):
    """Key CABD, entered for Maya (C A blank B) and Jonas (B A B D)."""
    assessment = make(cast, [ItemValues(number, key=key) for number, key in enumerate("CABD", start=1)])
    factory.answer(assessment, cast.maya, "CA B")
    factory.answer(assessment, cast.jonas, "BABD")
    return assessment


def test_an_assessment_is_made_with_its_items(cast):
    made = make(
        cast,
        [
            ItemValues(
                1, key=" c", code="4.NF.A.1", options=("3/4", "3/8", " 2/8 "), prompt=" 1/4 + 2/4 = ? "
            ),
            ItemValues(2, kind="points", max_points=2.5, code="4.nf.a.1", key="A"),
            ItemValues(3, kind="rubric", max_points=4),
        ],
        sections=(cast.section,),
        mastery=0.75,
        note=" Before recess ",
    )
    assert stored_items(made) == [
        ItemValues(
            1,
            "choice",
            "C",
            1.0,
            "4.NF.A.1",
            "1/4 + 2/4 = ?",
            ("3/4", "3/8", "2/8"),
            pk=made.items.get(number=1).pk,
        ),
        ItemValues(2, "points", "", 2.5, "4.NF.A.1", pk=made.items.get(number=2).pk),
        ItemValues(3, "rubric", "", 4.0, pk=made.items.get(number=3).pk),
    ]
    made.refresh_from_db()
    assert AssessmentValues.of(made) == values_on(
        cast, sections=(cast.section,), mastery=0.75, note="Before recess"
    )
    assert (made.made_by, made.version) == (cast.ana, 0)
    assert AuditEvent.objects.filter(verb="made-assessment", actor=cast.ana).get().data == {"items": 3}


@pytest.mark.parametrize("name", ["gil", "sol", "pia", "ada", "zed"])
def test_only_members_and_coordinators_make_and_change_them(cast, answered, name):
    actor = getattr(cast, name)
    with pytest.raises(PermissionDenied):
        make(cast, [ItemValues(1, key="A")], actor, title="Other")
    with pytest.raises(PermissionDenied):
        change(cast, answered, actor=actor)
    with pytest.raises(PermissionDenied):
        delete_assessment(answered, actor=actor)
    with pytest.raises(PermissionDenied):
        restore_assessment(answered, actor=actor)
    assert Assessment.objects.filter(deleted_at=None).count() == 1


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        (ItemValues(1), "Item 1: type the key, or choose points."),
        (ItemValues(1, key="A-B"), "Item 1: a key is written in characters such as B or 2, eight at most."),
        (ItemValues(0, key="A"), "Item 0: numbers go from 1 to 200."),
        (ItemValues(1, kind="essay"), "Item 1: choose how it is answered."),
        (ItemValues(1, key="A", max_points=0), "Item 1: points go from more than 0 to 1000."),
        (ItemValues(1, key="A", max_points=float("nan")), "Item 1: points go from more than 0 to 1000."),
        (
            ItemValues(1, kind="rubric", max_points=4.5),
            "Item 1: the highest level of a rubric is a whole number up to 10.",
        ),
        (ItemValues(1, key="C", options=("1/2", "1/4")), "Item 1: the key C is not among its choices."),
        (ItemValues(1, key="A", options=("x",) * 9), "Item 1: keep it to 8 choices or fewer."),
        (ItemValues(1, key="A", code="x" * 61), f"“{'x' * 61}” is too long for a code."),
    ],
)
def test_items_that_cannot_be_are_refused(cast, item, problem):
    with pytest.raises(DomainError, match="^" + re.escape(problem)):
        make(cast, [item])
    assert not Assessment.objects.exists()


def test_numbers_are_given_once_and_items_are_not_without_end(cast):
    with pytest.raises(DomainError, match="Two items have the number 2"):
        make(cast, [ItemValues(2, key="A"), ItemValues(2, key="B")])
    with pytest.raises(DomainError, match="Add at least one item"):
        make(cast, [])
    with pytest.raises(DomainError, match="200 items or fewer"):
        make(cast, [ItemValues(number, key="A") for number in range(1, 202)])


def test_unknown_standards_are_added_only_if_asked(cast):
    items = [ItemValues(1, key="A", code="X.1"), ItemValues(2, key="A", code="x.1")]
    theirs = Standard.objects.create(school=cast.other_school, code="X.1", statement="Theirs")
    with pytest.raises(UnknownStandards) as caught:
        make_assessment(cast.team, actor=cast.ana, values=values_on(cast), items=items)
    assert caught.value.codes == ["X.1"]
    made = make(cast, items)
    ours = Standard.objects.get(school=cast.school)
    assert [item.standard for item in made.items.all()] == [ours, ours]
    assert (ours.code, ours.statement, ours.framework) == ("X.1", "X.1", "")
    assert ours != theirs


def test_a_code_of_two_frameworks_is_the_one_in_use_and_an_item_keeps_its_own(cast):
    old = Standard.objects.create(
        school=cast.school, framework="A", code="X.1", statement="Old", is_retired=True
    )
    new = Standard.objects.create(school=cast.school, framework="B", code="X.1", statement="New")
    made = make(cast, [ItemValues(1, key="A", code="X.1")])
    assert made.items.get().standard == new
    made.items.update(standard=old)
    change(cast, made, items=replaced(made, 1, key="B"))
    assert made.items.get().standard == old


def test_only_classes_of_members_are_chosen(cast):
    gils = make_section(cast.staff.gil, "4C", [])
    with pytest.raises(DomainError, match="a member of the team teaches"):
        make(cast, [ItemValues(1, key="A")], sections=(gils,))
    made = make(cast, [ItemValues(1, key="A")], sections=(cast.section,))
    made.sections.add(gils)  # chosen while its teacher was a member
    change(cast, made, sections=(cast.section, gils), title="Again")
    assert made.sections.count() == 2


def test_again_of_is_an_assessment_of_the_same_team(cast):
    first = make(cast, [ItemValues(1, key="A")], title="First")
    theirs = factory.make_assessment(cast.other_team)
    with pytest.raises(DomainError, match="earlier assessment of this team"):
        make(cast, [ItemValues(1, key="A")], again_of=theirs)
    with pytest.raises(DomainError, match="earlier assessment of this team"):
        change(cast, first, again_of=first)
    assert make(cast, [ItemValues(1, key="A")], again_of=first).again_of == first


def test_a_check_again_is_never_before_what_it_checks(cast):
    today = cast.school.today()
    before, after = today - dt.timedelta(days=1), today + dt.timedelta(days=1)
    first = make(cast, [ItemValues(1, key="A")], title="First", given_on=today)
    with pytest.raises(DomainError, match="earlier assessment of this team"):
        make(cast, [ItemValues(1, key="A")], again_of=first, given_on=before)
    make(cast, [ItemValues(1, key="A")], again_of=first, given_on=today)
    with pytest.raises(DomainError, match="checked again before that day"):
        change(cast, first, title="First", given_on=after)
    change(cast, first, title="First", given_on=before)
    assert Assessment.objects.get(title="First").given_on == before


@pytest.mark.parametrize(
    ("changes", "problem"), [({"title": "  "}, "title"), ({"mastery": 1.2}, "10% to 100%")]
)
def test_values_are_checked(cast, changes, problem):
    with pytest.raises(DomainError, match=problem):
        make(cast, [ItemValues(1, key="A")], **changes)


def test_one_title_a_day(cast, answered):
    day = formats.day(cast.school.today())
    with pytest.raises(DomainError, match=f"The team has an assessment “Unit 3 check” on {day} already"):
        make(cast, [ItemValues(1, key="A")])
    make(cast, [ItemValues(1, key="A")], given_on=cast.school.today() - dt.timedelta(days=1))


def test_a_new_key_marks_all_answers_again_and_the_former_one_is_kept(cast, answered):
    assert (points(answered, cast.maya), points(answered, cast.jonas)) == ([1, 1, 0, 0], [0, 1, 1, 1])
    assert change(cast, answered, items=replaced(answered, 1, key="b", max_points=2)) == 2
    assert (points(answered, cast.maya), points(answered, cast.jonas)) == ([0, 1, 0, 0], [2, 1, 1, 1])
    kept = KeyChange.objects.get()
    assert (kept.item.number, kept.former_key, kept.former_max_points, kept.changed_by) == (
        1,
        "C",
        1,
        cast.ana,
    )


def test_answers_of_another_assessment_keep_their_points(cast, answered):
    other = make(cast, [ItemValues(1, key="C")], title="Other")
    factory.answer(other, cast.maya, "C")
    assert change(cast, answered, items=replaced(answered, 1, key="B")) == 2
    assert points(other, cast.maya) == [1]
    assert (
        change(cast, answered, items=replaced(answered, 1, key="E")) == 1
    )  # who had B; C was wrong before, too
    assert change(cast, answered) == 0


def test_a_key_changed_before_answers_leaves_nothing_behind(cast):
    made = make(cast, [ItemValues(1, key="A")])
    change(cast, made, items=replaced(made, 1, key="B"))
    assert (made.items.get().key, KeyChange.objects.count()) == ("B", 0)


def test_points_are_kept_as_entered_and_never_above_the_most(cast):
    made = make(cast, [ItemValues(1, kind="points", max_points=5)])
    ItemResponse.objects.create(item=made.items.get(), student=cast.maya, points=4)
    with pytest.raises(DomainError, match="Item 1: someone has 4 points"):
        change(cast, made, items=replaced(made, 1, max_points=3))
    change(cast, made, items=replaced(made, 1, max_points=10))
    assert (points(made, cast.maya), KeyChange.objects.get().former_max_points) == ([4], 5)


def test_an_item_with_answers_is_dropped_and_brought_back_never_deleted(cast, answered):
    with pytest.raises(DomainError, match=r"Item 2 has answers\. Drop it instead"):
        change(cast, answered, items=[one for one in stored_items(answered) if one.number != 2])
    with pytest.raises(DomainError, match="Item 2 has answers, so it stays what it is"):
        change(cast, answered, items=replaced(answered, 2, kind="points"))
    for dropped in (True, False):
        change(cast, answered, items=replaced(answered, 2, is_dropped=dropped))
        assert answered.items.get(number=2).is_dropped is dropped
    assert points(answered, cast.maya) == [1, 1, 0, 0]


def test_items_change_numbers_and_keep_their_answers(cast, answered):
    one, two = stored_items(answered)[:2]
    items = [
        ItemValues(1, key=two.key, pk=two.pk),
        ItemValues(2, key=one.key, pk=one.pk),
        *stored_items(answered)[2:],
    ]
    change(cast, answered, items=[*items, ItemValues(5, key="A")])
    assert [item.key for item in answered.items.all()] == list("ACBDA")
    assert points(answered, cast.jonas) == [1, 0, 1, 1]


def test_an_item_without_answers_is_deleted(cast):
    made = make(cast, [ItemValues(1, key="A"), ItemValues(2, key="B")])
    change(cast, made, items=stored_items(made)[1:])
    assert [item.key for item in made.items.all()] == ["B"]


def test_items_of_another_assessment_are_refused(cast, answered):
    other = make(cast, [ItemValues(1, key="A")], title="Other")
    with pytest.raises(DomainError, match="Someone deleted one of these items"):
        change(cast, other, items=stored_items(answered), title="Other")
    assert [item.key for item in answered.items.all()] == list("CABD")


def test_a_stale_edit_says_what_is_stored_now(cast, answered):
    seen = answered.version
    change(cast, answered, items=replaced(answered, 4, key="A"), title="Unit 3: fractions")
    with pytest.raises(StaleEdit) as caught:
        change(cast, answered, items=replaced(answered, 4, key="D"), seen=seen)
    assert caught.value.current == "Unit 3: fractions; 4: A · 1"
    assert answered.items.get(number=4).key == "A"


def test_a_change_is_recorded_with_what_it_was(cast, answered):
    change(cast, answered, items=replaced(answered, 4, key="A"))
    event = AuditEvent.objects.get(verb="changed-assessment")
    assert event.detail.data["items"] == [["4: D · 1", "4: A · 1"]]


def test_a_deleted_assessment_is_seen_nowhere_and_comes_back_with_its_answers(cast, answered):
    delete_assessment(answered, actor=cast.tom)
    delete_assessment(answered, actor=cast.tom)
    assert not assessments_visible_to(cast.ana).exists()
    assert not assessments_to_copy(cast.gil, cast.school).exists()
    assert list(deleted_assessments(cast.ana, cast.team)) == [answered]
    assert not deleted_assessments(cast.gil, cast.team).exists()
    again = make(cast, [ItemValues(1, key="A")])
    with pytest.raises(DomainError, match="already"):
        restore_assessment(answered, actor=cast.ana)
    delete_assessment(again, actor=cast.ana)
    restore_assessment(answered, actor=cast.ana)
    restore_assessment(answered, actor=cast.ana)
    assert list(assessments_visible_to(cast.tom)) == [answered]
    assert points(answered, cast.jonas) == [0, 1, 1, 1]
    verbs = (
        AuditEvent.objects.filter(subject_uuid=answered.uuid).order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == ["made-assessment", "deleted-assessment", "restored-assessment"]


def test_items_of_the_school_can_be_copied_and_of_no_other(cast, answered):
    factory.make_assessment(cast.other_team)
    assert list(assessments_to_copy(cast.gil, cast.school)) == [answered]
    assert list(assessments_to_copy(cast.zed, cast.school)) == []
    assert list(assessments_to_copy(cast.ada, cast.school)) == []


def test_more_items_need_no_more_queries(cast):
    made = [
        make(cast, [ItemValues(n, key="A") for n in range(1, many + 1)], title=str(many)) for many in (5, 25)
    ]
    counts = []
    for one in made:
        factory.answer(one, cast.maya, "A" * one.items.count())
        items = [replace(item, number=100 - item.number, key="B") for item in stored_items(one)]
        with CaptureQueriesContext(connection) as queries:
            change_assessment(
                one, actor=cast.ana, values=values_on(cast, title=one.title), items=items, seen=0
            )
        counts.append(len(queries))
        assert points(one, cast.maya) == [0] * len(items)
    assert counts[0] == counts[1]
